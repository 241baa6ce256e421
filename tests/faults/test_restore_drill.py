"""The drill: a centre is destroyed and restored, gateways send again: nothing lost, nobody called twice."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from rig.centre import Centre
from rig.checker import arrived, compare
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import ProgramFailed, wait_until
from rig.witness import WitnessUnit, witness

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

HIGH = LIMIT + 50
_CASES = """
SELECT w.gateway_id || ' ' || w.subject_name AS subject, w.id::text AS id, w.state, w.number,
       w.unconfirmed_since IS NOT NULL AS unconfirmed, w.cause,
       (SELECT count(*) FROM notification AS n WHERE n.warning_id = w.id) AS calls,
       (SELECT count(*) FROM ladder_step AS s WHERE s.warning_id = w.id) AS rungs
FROM warning AS w WHERE w.kind = 'alarm'
"""
_CURSORS = """
SELECT c.gateway_id, c.stream, c.epoch FROM stream_cursor AS c
WHERE c.last_seq <> (SELECT max(l.last_seq) FROM ledger AS l
                     WHERE (l.gateway_id, l.stream, l.epoch) = (c.gateway_id, c.stream, c.epoch))
"""


@pytest.fixture
def centre() -> Iterator[Centre]:
    """A centre of its own: it will be destroyed."""
    with tempfile.TemporaryDirectory(prefix="fengsui-drill-") as folder, Centre(Path(folder)) as running:
        running.furnish()
        yield running


def cases(centre: Centre) -> dict[str, dict[str, Any]]:
    return {row["subject"]: dict(row) for row in asyncio.run(centre.rows(_CASES))}


def subject(gateway: Gateway, unit: int) -> str:
    return f"{gateway.id} u{unit}-level"


def wait_for_case(centre: Centre, name: str) -> dict[str, Any]:
    wait_until(f"a case of {name}", lambda: name in cases(centre), 90.0, every_s=0.2)
    return cases(centre)[name]


def handle(centre: Centre, case: dict[str, Any], cause: str) -> None:
    with centre.signed_in("enterprise") as client:
        tag = client.get(f"/warnings/{case['id']}").headers["etag"]
        answer = client.post(
            f"/warnings/{case['id']}/handle",
            json={"cause": cause, "measures": "已处置"},
            headers={"if-match": tag},
        )
        assert answer.status_code == 200, answer.text


def test_a_destroyed_centre_comes_back_from_its_backup_and_calls_nobody_for_what_was_handled(
    centre: Centre, tmp_path: Path
) -> None:
    slaves = [witness(1, 2), witness(1, 2)]
    units = [[slave[1], slave[2]] for slave in slaves]
    gateways = [Gateway(tmp_path / name, centre, name) for name in ("gw-drill-a", "gw-drill-b")]
    first, second = gateways
    kept = centre.folder / "kept"
    ending = ExitStack()
    with ending, ExitStack() as instruments:
        for gateway, slave in zip(gateways, slaves, strict=True):
            gateway.configure(witness_toml(gateway.id, instruments.enter_context(slave.tcp_thread()), 2))
            gateway.start()
            ending.callback(gateway.stop)
        levels(units[0][0]).level = HIGH  # handled before the backup, and it goes on standing
        levels(units[1][0]).level = HIGH  # unanswered in the backup, handled after it
        before = wait_for_case(centre, subject(first, 1))
        between = wait_for_case(centre, subject(second, 1))
        handle(centre, before, "阀门泄漏")
        before = cases(centre)[subject(first, 1)]
        made = Path(centre.run("backup", "--to", str(kept)).splitlines()[0])

        handle(centre, between, "误碰开关")
        levels(units[0][1]).level = HIGH  # nobody knows of it in the backup
        after = wait_for_case(centre, subject(first, 2))
        handle(centre, after, "水位计故障")
        with centre.signed_in("enterprise") as client:
            assert client.get("/backups/recovery").json()["recovering"] is False

            # The room burns: processes die, the disk is gone. The open page keeps its cookie.
            centre.serve.kill()
            centre.postgres.kill()
            centre.postgres.stop()
            shutil.rmtree(centre.state)
            with pytest.raises(ProgramFailed, match="不是一份完整的备份"):
                centre.run("restore", str(kept))
            centre.run("restore", str(made))
            centre.router.kill()
            centre.start()
            assert client.get("/warnings").status_code == 401  # who signed in then may be barred since

        told = wait_for_case(centre, subject(first, 2))
        wait_until("records of both have come again", lambda: again(centre, gateways), 90.0, every_s=0.3)
        status = centre.run("recovery", "status")
        found = cases(centre)
        with centre.signed_in("enterprise") as client:
            notice = client.get("/backups/recovery").json()
            page = client.get(f"/warnings/{told['id']}").json()
        instruments.close()
        # The instruments are switched off: what was shown is all, and must arrive.
        arrived(centre)
    gaps = centre.gaps()
    assert (gaps["gateways"], gaps["missing"], gaps["duplicate"]) == (2, 0, 0)
    for gateway, pair in zip(gateways, units, strict=True):
        for number, unit in enumerate(pair, 1):
            verdict = asyncio.run(compare(centre, gateway, f"u{number}", levels(unit)))
            assert verdict.clean, f"{gateway.id} unit {number}: {verdict}"
    assert asyncio.run(centre.rows(_CURSORS)) == []

    assert "in recovery since" in status
    assert made.name in status
    assert notice.get("recovering") is True, notice
    assert notice["held"] is None  # how many calls are held everywhere is no business of a plant
    # Handled before the backup: as it was, though it stands and the gateway has told it again.
    assert found[subject(first, 1)] == before
    # Handled after it, known or unknown to it: nobody knows what people did.
    assert (found[subject(second, 1)]["state"], found[subject(second, 1)]["unconfirmed"]) == ("open", True)
    assert found[subject(second, 1)]["id"] == between["id"]
    assert (told["id"], told["state"], told["unconfirmed"]) == (after["id"], "open", True)
    assert "状态未知" in json.dumps(page["timeline"], ensure_ascii=False)
    assert told["number"] > after["number"] + 1000  # a number that people were told names no other case
    tried = json.loads(centre.run("backup", "verify", str(made), "--json").splitlines()[-1])
    assert tried["good"], tried


def again(centre: Centre, gateways: list[Gateway]) -> bool:
    """Whether both gateways have begun their streams at the restored centre."""
    rows = asyncio.run(centre.rows("SELECT gateway_id FROM gateway_state WHERE presence = 'online'"))
    return {row["gateway_id"] for row in rows} == {gateway.id for gateway in gateways}


def levels(unit: object) -> WitnessUnit:
    assert isinstance(unit, WitnessUnit)
    return unit
