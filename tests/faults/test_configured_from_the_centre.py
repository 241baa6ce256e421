"""A configuration from the console to the horn: made, asked about, sent, kept, refused, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rig.centre import Centre
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import run, wait_until
from rig.slave import Slave

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

TRIAL = "[supervision]\ntrial_settle_s = 1.0\ntrial_s = 10.0\ncrash_loop = 0\n"


class Office:
    """Who sits at the console and configures one gateway."""

    def __init__(self, client: httpx.Client, gateway: str) -> None:
        self._client = client
        self._at = f"/gateways/{gateway}/configurations"

    def overview(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.get(self._at).raise_for_status().json()
        return found

    def state(self, version: int) -> tuple[str, str]:
        row = next(row for row in self.overview()["items"] if row["version"] == version)
        return row["state"], row["detail"]

    def post(self, path: str = "", **body: Any) -> Any:
        answer = self._client.post(self._at + path, json=body or None)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def make(self, text: str, reason: str = "试验") -> int:
        version: int = self.post(text=text, reason=reason)["version"]
        return version

    def difference(self, version: int, before: int) -> list[str]:
        answer = self._client.get(f"{self._at}/{version}/difference", params={"before": before})
        lines: list[str] = answer.raise_for_status().json()["lines"]
        return lines

    def until(self, version: int, state: str) -> None:
        wait_until(f"version {version} is {state}", lambda: self.state(version)[0] == state, 120)


@contextmanager
def plant(centre: Centre, folder: Path, name: str) -> Iterator[tuple[Gateway, Slave, str]]:
    slave = Slave(1)
    with slave.tcp_thread() as port:
        gateway = Gateway(folder / name, centre, name)
        text = f"{witness_toml(name, port)}\n{TRIAL}"
        gateway.config.write_text(text)
        gateway.start()
        try:
            yield gateway, slave, text
        finally:
            gateway.program.stop()


def at_the_centre(office: Office, gateway: Gateway) -> bool:
    return bool(office.overview()["master"] == "file" and office.overview()["version"] == 1)


def test_a_limit_is_changed_from_the_console_and_a_mistake_is_gone_within_a_minute(
    centre: Centre, tmp_path: Path
) -> None:
    with (
        plant(centre, tmp_path, "gw-configured") as (gateway, slave, text),
        centre.signed_in("installer") as client,
    ):
        office = Office(client, gateway.id)
        wait_until("the centre knows who is master", lambda: at_the_centre(office, gateway), 120)
        assert office.post("/read")["text"] == text

        def buses() -> list[tuple[str, bool, int, bool]]:
            rows = client.get(f"/gateways/{gateway.id}").json()["buses"]
            return [(b["bus"], b["connected"], b["silent"], b["good"] > 0) for b in rows]

        wait_until("the bus is well", lambda: buses() == [("field", True, 0, True)])

        # Asked about, sent, kept; the alarm comes by the new limit.
        lower = text.replace(f"limit = {LIMIT}", "limit = 40")
        first = office.make(lower, "班组要求降低限值")
        assert first == 2
        assert office.post(f"/{first}/check") == {"result": "done", "detail": "changed: u1-level"}
        assert office.post(f"/{first}/send")["state"] == "trial"
        office.until(first, "kept")
        assert (office.overview()["master"], office.overview()["version"]) == ("centre", first)
        slave[1].holding[4] = 60
        wait_until("the case", lambda: client.get("/warnings").json()["items"], 60)

        # The gateway's own words for what it refuses, without a trial.
        wrong = office.make(lower.replace("[gateway]", "[gateway]\nnonsense = 1"))
        assert "unknown" in office.post(f"/{wrong}/check")["detail"]
        assert office.post(f"/{wrong}/send")["state"] == "refused"

        # A unit that is not there: taken back, and the gateway is as it was.
        away = office.make(lower.replace("unit = 1\n", "unit = 9\n"))
        assert "-unit = 1" in office.difference(away, first)
        office.post(f"/{away}/send")
        office.until(away, "taken-back")
        assert "good before and not now" in office.state(away)[1]
        wait_until("the kept one again", lambda: office.overview()["version"] == first, 60)

        # One whose way to the centre is wrong: nobody could take it back from here, so it goes by itself.
        deaf = office.make(lower.replace("heartbeat_s", 'router = "tcp/127.0.0.1:9"\nheartbeat_s'))
        office.post(f"/{deaf}/send")
        office.until(deaf, "taken-back")
        assert "uplink" in office.state(deaf)[1]


def test_what_is_sent_to_a_gateway_that_is_away_arrives_when_it_is_back(
    centre: Centre, tmp_path: Path
) -> None:
    with (
        plant(centre, tmp_path, "gw-away") as (gateway, _, text),
        centre.signed_in("installer") as client,
    ):
        office = Office(client, gateway.id)
        wait_until("the centre knows who is master", lambda: at_the_centre(office, gateway), 120)
        gateway.program.stop()
        version = office.make(text + "\n# another\n")
        assert office.post(f"/{version}/send")["state"] == "pending"
        gateway.start()
        office.until(version, "kept")
        with centre.signed_in("county") as county:
            refused = county.post(
                f"/gateways/{gateway.id}/configurations", json={"text": text, "reason": "x"}
            )
            assert refused.status_code == 403
            assert county.get(f"/gateways/{gateway.id}/configurations").json()["master"] == "centre"


def test_a_site_without_a_network_is_configured_by_a_signed_file(centre: Centre, tmp_path: Path) -> None:
    with (
        plant(centre, tmp_path, "gw-by-hand") as (gateway, _, text),
        centre.signed_in("installer") as client,
    ):
        office = Office(client, gateway.id)
        wait_until("the centre knows who is master", lambda: at_the_centre(office, gateway), 120)
        file, signed = tmp_path / "next.toml", tmp_path / "next.signed"
        file.write_text(text + "\n# by hand\n")
        named = ["--file", str(file), "--reason", "no network", "--out", str(signed)]
        assert "version 2" in centre.run("gateway", "configure", gateway.id, *named)
        said = run("edge", "configure", str(signed), "--config", str(gateway.config), "--json")
        assert json.loads(said) == {"result": "done", "detail": "nothing changes"}
        office.until(2, "kept")
        master = run("edge", "configure", "--config", str(gateway.config))
        assert "the centre, version 2, by command line" in master
