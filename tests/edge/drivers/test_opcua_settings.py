"""A wrong OPC UA bus is refused with place and remedy; node ids are read as people write them."""

from __future__ import annotations

import tomllib
import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.config_models import BusTable, PointTable
from edge.drivers.models import Site
from edge.drivers.opcua import family, node
from edge.drivers.opcua.settings import Bus, Point
from edge.strict import Problems, read

GOOD: dict[str, Any] = {
    "name": "dcs",
    "kind": "opcua",
    "endpoint": "opc.tcp://192.168.1.30:4840",
    "certificate": "opcua/gateway.der",
    "key": "opcua/gateway.key.pem",
    "server_certificate": "opcua/dcs.der",
    "units": [{"key": "TK-101", "points": [{"key": "LT-101", "node": "nsu=urn:plant;s=TK101.Level"}]}],
}
OPEN: dict[str, Any] = {"security": "none", "certificate": "", "key": "", "server_certificate": ""}


def problems_of(**changed: Any) -> list[str]:
    problems = Problems("gateway.toml")
    bus = read(Bus, {**GOOD, **changed}, "$.buses[0]", problems)
    if bus is not None:
        family.check(bus, "$.buses[0]", problems)
    return [str(one) for one in problems.found]


def laid_out(**changed: Any) -> Any:
    problems = Problems("gateway.toml")
    bus = read(Bus, {**GOOD, **changed}, "$.buses[0]", problems)
    assert bus is not None
    laid = family.lay_out(bus, "$.buses[0]", Site([], Path("/etc/fengsui")), problems)
    assert not problems.found
    return laid


def test_a_whole_bus_is_accepted() -> None:
    assert problems_of() == []


@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"endpoint": "192.168.1.30:4840"}, "endpoint", "is no endpoint"),
        ({"endpoint": "opc.tcp://192.168.1.30"}, "endpoint", "is no endpoint"),
        ({"endpoint": "opc.tcp://me:secret@192.168.1.30:4840"}, "endpoint", "holds a user"),
        ({"security": "encrypt"}, "security", "'none', 'sign', 'sign-and-encrypt'"),
        ({"policy": "Basic128Rsa15"}, "policy", "Basic256Sha256"),
        ({"certificate": ""}, "certificate", "docs/drivers/opcua.md shows the command"),
        ({"key": ""}, "key", "name the private key"),
        ({"server_certificate": ""}, "server_certificate", "it is never taken over the network"),
        ({"user": "fengsui"}, "password_file", "go together"),
        ({"password_file": "password"}, "user", "go together"),
        ({"allow_unsecured": True}, "allow_unsecured", "leave it out"),
        (OPEN, "security", "set allow_unsecured = true"),
        ({**OPEN, "certificate": "a.der"}, "certificate", "unused without security"),
        (
            {**OPEN, "allow_unsecured": True, "user": "u", "password_file": "p"},
            "server_certificate",
            "the password could be told to anybody",
        ),
        ({"session_timeout_s": 10, "keepalive_s": 30}, "session_timeout_s", "at least 60"),
        ({"timeout": 3}, "timeout", "did you mean 'timeout_ms'"),
    ],
)
def test_a_wrong_bus_is_refused_with_place_and_remedy(
    changed: dict[str, Any], place: str, words: str
) -> None:
    found = problems_of(**changed)
    assert any(f"$.buses[0].{place}:" in one and words in one for one in found), found


PAGE = (Path(__file__).parents[3] / "docs/drivers/opcua.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_is_accepted() -> None:
    example = tomllib.loads(PAGE.split("```toml\n")[1].split("```")[0])["buses"][0]
    assert problems_of(**example) == []


@pytest.mark.parametrize(
    "key",
    sorted(
        {field.encode_name for kind in (Bus, Point) for field in msgspec.structs.fields(kind)}
        - {field.encode_name for kind in (BusTable, PointTable) for field in msgspec.structs.fields(kind)}
    ),
)
def test_every_key_is_on_the_page(key: str) -> None:
    assert f"`{key}`" in PAGE


def test_on_this_machine_no_security_is_needed() -> None:
    assert problems_of(**OPEN, endpoint="opc.tcp://127.0.0.1:4840") == []
    assert laid_out(**OPEN, endpoint="opc.tcp://127.0.0.1:4840").notes == []


def test_an_unsecured_bus_is_named_when_it_is_checked() -> None:
    assert problems_of(**OPEN, allow_unsecured=True) == []
    assert any("NOT SECURED" in note for note in laid_out(**OPEN, allow_unsecured=True).notes)


def test_namespaces_by_number_are_named_when_they_are_checked() -> None:
    points = [{"key": "A", "node": "ns=2;s=A"}, {"key": "B", "node": "i=2258"}]
    notes = laid_out(units=[{"key": "u", "points": points}]).notes
    assert any("1 nodes name their namespace by number" in note for note in notes)


def test_a_node_is_read_by_one_point_only() -> None:
    points = [{"key": "A", "node": "ns=2;s=A"}, {"key": "B", "node": "ns=2;s=A"}]
    found = problems_of(units=[{"key": "u", "points": points}])
    assert any("points[1].node" in one and "is read by A already" in one for one in found)


def test_elements_of_one_array_are_points_of_their_own() -> None:
    points = [{"key": "A", "node": "ns=2;s=A", "index": 0}, {"key": "B", "node": "ns=2;s=A", "index": 1}]
    assert problems_of(units=[{"key": "u", "points": points}]) == []


def test_each_variable_is_a_block_of_its_own() -> None:
    points = [
        {"key": "A", "node": "ns=2;s=A", "scale": 0.1, "range": [0, 10]},
        {"key": "B", "node": "ns=2;s=B", "sampling_ms": 250, "max_age_s": 9},
    ]
    laid = laid_out(units=[{"key": "TK", "poll_interval_ms": 2000, "points": points}], max_age_s=60)
    assert [(str(b.block), b.block.number, b.block.period_ms) for b in laid.blocks] == [
        ("TK node ns=2;s=A", 0, 2000),
        ("TK node ns=2;s=B", 1, 2000),
    ]
    assert [(w.sampling_ms, w.max_age_ms) for w in laid.detail.watched] == [(2000, 60_000), (250, 9000)]
    assert laid.detail.publishing_ms == 250
    assert laid.detail.paths.key == Path("/etc/fengsui/opcua/gateway.key.pem")
    raws = laid.blocks[0].core.decode((55.0,))
    assert laid.blocks[0].core.scaled(0, raws[0]) == pytest.approx(5.5)


@pytest.mark.parametrize(
    ("text", "kind", "identifier", "index", "uri"),
    [
        ("i=2258", "i", 2258, 0, ""),
        ("ns=2;s=Tank1.Level", "s", "Tank1.Level", 2, ""),
        ("ns=3;s=a;b=c", "s", "a;b=c", 3, ""),
        ("nsu=http://plant.example/UA;s=罐1.液位", "s", "罐1.液位", 0, "http://plant.example/UA"),
        (
            "ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28a",
            "g",
            uuid.UUID("09087e75-8e5e-499b-954f-f2a9603db28a"),
            1,
            "",
        ),
        ("ns=1;b=M/RbKBsRVkePCePcx24oRA==", "b", bytes.fromhex("33f45b281b1156478f09e3dcc76e2844"), 1, ""),
    ],
)
def test_a_node_id_is_read_as_written(text: str, kind: str, identifier: object, index: int, uri: str) -> None:
    found = node.parse(text)
    assert (found.kind, found.identifier, found.index, found.uri) == (kind, identifier, index, uri)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tank1.Level", "is no node id; write ns=2;s=Tank1.Level"),
        ("ns=x;s=A", "is no node id"),
        ("ns=70000;s=A", "above 65535"),
        ("ns=2;i=abc", "no number of 32 bits"),
        ("ns=2;i=4294967296", "no number of 32 bits"),
        ("ns=2;g=nonsense", "no GUID"),
        ("ns=2;b=?", "no base64"),
        ("s=", "is no node id"),
    ],
)
def test_a_wrong_node_id_says_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(ValueError, match="write") as caught:
        node.parse(text)
    assert words in str(caught.value)
