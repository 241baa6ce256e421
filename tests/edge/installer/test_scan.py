"""The search for instruments, against slaves on pseudo-terminals and sockets that behave and misbehave."""

import asyncio
import json
import os
import struct
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.installer.candidates import known_templates
from edge.installer.check import check
from edge.installer.commands import scan
from edge.installer.ear import Ear, Place, Setting
from edge.installer.hints import hints
from edge.installer.ports import BadAddress, tcp_places, used_by_gateway
from edge.installer.reading import Reader
from edge.installer.scan import Findings, Plan, Scan
from edge.installer.scan_command import append
from edge.installer.scan_words import in_words, piece
from edge.simulator.play import choose_kind, find, prepare
from edge.simulator.serve import Pty, connection, served
from rig.faults import Faults, Instruments, Sending, judge, mixed
from rig.slave import Slave
from rig.wire import PtyWire, RequestHunter, rtu
from tests.edge.installer.lines import line
from tests.edge.plant_at_hand import running_gateway, write_config


def device(folder: Path) -> Place:
    return Place("rtu", device=str(folder / "tty"))


async def scanned(places: list[Place], units: list[int], *settings: Setting, **plan: bool) -> Findings:
    asked = Plan(places, list(settings) or [Setting()], units, **plan)
    return await Scan(asked, known_templates(), Clock(), lambda _done, _what: None, lambda _f: None).run()


def codes(findings: Findings) -> set[str]:
    return {hint.code for one in findings.lines for hint in one.hints}


def test_every_unit_of_a_line_is_found_and_nobody_else(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with Slave(3, 9).serial(str(tmp_path / "tty")):
            return await scanned([device(tmp_path)], list(range(1, 12)))

    findings = asyncio.run(main())
    assert [(one.unit, str(one.setting)) for one in findings.found] == [(3, "9600 8N1"), (9, "9600 8N1")]


def test_a_tcp_instrument_is_found(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with Slave(5).tcp() as port:
            return await scanned([Place("tcp", host="127.0.0.1", port=port)], [4, 5])

    findings = asyncio.run(main())
    assert [one.unit for one in findings.found] == [5]


def test_an_instrument_is_known_by_its_fingerprint_and_the_piece_passes_the_check(tmp_path: Path) -> None:
    async def main() -> Findings:
        clock = Clock()
        found = find("level-radar")
        where = Pty(tmp_path / "tty")
        kind = choose_kind(found, "", serial=True)
        play = prepare(found, kind, connection(kind, where), clock.mono_ms, "7")
        async with served(play, where, clock.utc_ms):
            return await scanned([device(tmp_path)], [6, 7, 8])

    findings = asyncio.run(main())
    best = findings.found[0].candidates[0]
    assert (best.template, best.sure) == ("level-radar", True)
    assert "as its fingerprint says" in best.why[0]
    path = tmp_path / "gateway.toml"
    path.write_text('[gateway]\nid = "gw-1"\n\n' + piece(findings))
    assert "The configuration is in order." in check(path).text


def test_an_instrument_without_template_gets_a_piece_that_passes_the_check(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with Slave(4, size=40).serial(str(tmp_path / "tty")) as _:
            return await scanned([device(tmp_path)], [4])

    findings = asyncio.run(main())
    findings.found[0].candidates = []
    findings.found[0].readable = 39
    path = tmp_path / "gateway.toml"
    assert append(path, findings, yes=True) == 0
    assert "The configuration is in order." in check(path).text


def test_a_bus_that_stands_in_the_file_is_not_written_twice(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with Slave(4).serial(str(tmp_path / "tty")):
            return await scanned([device(tmp_path)], [4])

    findings = asyncio.run(main())
    path = tmp_path / "gateway.toml"
    assert append(path, findings, yes=True) == 0
    before = path.read_text()
    assert append(path, findings, yes=True) == 1
    assert path.read_text() == before


def test_a_slow_instrument_whose_reply_comes_after_its_time_is_found_and_no_other(tmp_path: Path) -> None:
    async def main() -> Findings:
        slave = Slave(3, 6)
        slave[3].delay_s = 0.12
        async with slave.serial(str(tmp_path / "tty")):
            return await scanned([device(tmp_path)], list(range(1, 12)))

    findings = asyncio.run(main())
    assert sorted(one.unit for one in findings.found) == [3, 6]
    assert "slow" in codes(findings)


def test_misbehaving_replies_invent_no_unit(tmp_path: Path) -> None:
    faults = Faults(bad_crc=0.2, doubled=0.1, noise=0.2, short=0.1, late=0.1)

    async def main() -> Findings:
        async with line(tmp_path, Instruments([2, 5], faults, 30, seed=4).hear):
            return await scanned([device(tmp_path)], list(range(1, 9)))

    found = {one.unit for one in asyncio.run(main()).found}
    assert found <= {2, 5}
    assert found


def test_an_adapter_that_hears_itself_is_told(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, Instruments([2], Faults(), 30, seed=1, echo=True).hear):
            return await scanned([device(tmp_path)], [1, 2, 3])

    findings = asyncio.run(main())
    assert [one.unit for one in findings.found] == [2]
    assert "echo" in codes(findings)


def test_two_instruments_with_one_address_are_told(tmp_path: Path) -> None:
    one, other = (Instruments([2], Faults(), 30, seed=1, reply_ms=ms) for ms in (2.0, 14.0))

    def hear(data: bytes, now: float) -> list[Sending]:
        return one.hear(data, now) + other.hear(data, now)

    async def main() -> Findings:
        async with line(tmp_path, hear):
            return await scanned([device(tmp_path)], [1, 2, 3])

    assert "duplicate" in codes(asyncio.run(main()))


def test_bytes_that_nobody_asked_for_point_to_the_bias(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, lambda _data, _now: []) as wire:
            loop = asyncio.get_running_loop()
            for i in range(1, 20):
                loop.call_later(i / 50, os.write, wire.fd, b"\x00\x00\xff")
            return await scanned([device(tmp_path)], [1, 2])

    assert "bias" in codes(asyncio.run(main()))


def test_replies_that_are_no_frames_point_to_the_speed(tmp_path: Path) -> None:
    hunter = RequestHunter()

    def hear(data: bytes, _now: float) -> list[Sending]:
        return [(2.0, b"\x5a\x31\x77\x12\x95\x63\x41") for unit, _ in hunter.take(data) if unit == 2]

    async def main() -> Findings:
        async with line(tmp_path, hear):
            return await scanned([device(tmp_path)], [1, 2, 3])

    findings = asyncio.run(main())
    assert not findings.found
    assert "speed" in codes(findings)


def test_a_silent_line_says_what_to_look_at(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, lambda _data, _now: []):
            return await scanned([device(tmp_path)], [1, 2, 3])

    findings = asyncio.run(main())
    assert "silent" in codes(findings)
    assert "nobody answered" in in_words(findings)


def test_another_master_on_the_line_ends_the_search_with_words(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, lambda _data, _now: []) as wire:
            frame = rtu(9, struct.pack(">BHH", 3, 0, 12))
            asyncio.get_running_loop().call_later(0.1, os.write, wire.fd, frame)
            return await scanned([device(tmp_path)], [1, 2, 3])

    findings = asyncio.run(main())
    assert "another master" in findings.lines[0].trouble
    assert findings.lines[0].tallies[0].asked == 0


def test_a_port_in_use_is_refused_with_words(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, lambda _data, _now: []):
            holder = Ear(device(tmp_path), Setting(), Clock())
            assert not await holder.open()
            try:
                return await scanned([device(tmp_path)], [1])
            finally:
                holder.close()

    assert "is in use by" in asyncio.run(main()).lines[0].trouble


def test_a_search_goes_on_where_it_stopped(tmp_path: Path) -> None:
    settings = [Setting(4800), Setting(9600)]
    kept: list[Findings] = []
    asked: list[str] = []

    async def main() -> Findings:
        plan = Plan([device(tmp_path)], settings, [1, 2])
        async with line(tmp_path, Instruments([2], Faults(), 30, seed=1).hear):
            before = Findings(done=[f"{device(tmp_path)} {settings[0]}"])
            search = Scan(plan, [], Clock(), lambda _n, what: asked.append(what), kept.append, before)
            return await search.run()

    findings = asyncio.run(main())
    assert [str(one.setting) for one in findings.found] == ["9600 8N1"]
    assert not any("4800" in what for what in asked)
    assert kept[-1].done == [f"{device(tmp_path)} {setting}" for setting in settings]


def test_no_further_setting_is_tried_once_one_has_answered(tmp_path: Path) -> None:
    async def main() -> Findings:
        async with line(tmp_path, Instruments([2], Faults(), 30, seed=1).hear):
            return await scanned([device(tmp_path)], [2], Setting(9600), Setting(19200))

    findings = asyncio.run(main())
    assert [tally.setting for tally in findings.lines[0].tallies] == ["9600 8N1"]


def test_a_line_of_a_gateway_that_does_not_run_is_free(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text('[gateway]\nid = "gw-1"\n[[buses]]\nname = "a"\nkind = "tcp"\nhost = "10.0.0.1"\n')
    places = [Place("tcp", host="10.0.0.1", port=502)]
    assert asyncio.run(used_by_gateway(places, path)) == ""


def test_a_line_of_a_gateway_that_runs_is_refused_with_words(tmp_path: Path) -> None:
    async def main() -> str:
        async with Slave(1, 10).tcp() as port:
            path = write_config(tmp_path, port)
            async with running_gateway(path):
                return await used_by_gateway([Place("tcp", host="127.0.0.1", port=port)], path)

    assert "two masters on one line make values wrong" in asyncio.run(main())


def test_no_register_is_taken_for_another_however_the_replies_come(tmp_path: Path) -> None:
    """Late, doubled, short, queued, noisy; not a header that lies, nor a reply later than H (modbus-rule)."""
    faults = mixed(0.4, "wrong_unit", "wrong_unit_late", "beyond", "later")

    async def main() -> tuple[int, int]:
        clock = Clock()
        async with line(tmp_path, Instruments([2], faults, 40, seed=7).hear):
            ear = Ear(device(tmp_path), Setting(115200), clock)
            assert not await ear.open()
            reader = Reader(ear, 2, clock, 40)
            good = wrong = 0
            try:
                for i in range(90):
                    address = 8 * (i * 7 % 50)
                    got = await reader.registers("holding", address, 4 + 2 * (i % 3))
                    data = b"".join(word.to_bytes(2, "big") for word in got.words)
                    good += got.good
                    wrong += judge(2, 3, address, data, 0).wrong
            finally:
                ear.close()
            return good, wrong

    good, wrong = asyncio.run(main())
    assert wrong == 0
    assert good >= 30


def test_without_a_port_nothing_is_asked_and_the_ports_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        scan()
    assert ended.value.code == 2
    assert "say where to look" in capsys.readouterr().err


def test_a_program_gets_one_object_of_a_silent_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with PtyWire(str(tmp_path / "tty")), pytest.raises(SystemExit) as ended:
        scan(port=[str(tmp_path / "tty")], units="1-3", baud="9600", parity="N", json=True)
    said = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert said["found"] == []
    assert [hint["code"] for hint in said["lines"][0]["hints"]] == ["silent"]


@pytest.mark.parametrize("text", ["10.0.0.9-3", "10.0.0.0/8", "host:", "10.0.0.0/99"])
def test_hosts_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        tcp_places(text)


def test_a_range_of_hosts_is_no_more_than_was_asked() -> None:
    assert [str(one) for one in tcp_places("10.0.0.10-12:1502")] == [f"10.0.0.{i}:1502" for i in (10, 11, 12)]


def test_a_line_that_was_not_asked_yet_gets_no_hint() -> None:
    assert hints([], serial=True) == []
