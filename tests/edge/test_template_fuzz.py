"""Whatever stands in a template: it is taken, or refused in words; it never breaks what reads it."""

import itertools
import os
import random
import re
from pathlib import Path

import pytest

from edge.config import ConfigError
from edge.simulator.play import choose_kind, find, prepare
from edge.simulator.serve import Tcp, connection, modbus_slave, voice_of
from edge.template_file import MODBUS
from edge.templates import TEMPLATES

ROUNDS = 400 if os.environ.get("FENGSUI_SOAK") else 12
SHIPPED = sorted(path.stem for path in TEMPLATES[0].glob("*.toml"))
WORDS = r"""
0 -1 1 2.5 65535 99999999999999999999 1e400 -1e-320 nan inf true "" "x" "steady" "float64" "ABCD" "DCBA" [] {}
[1,2] [2,1] ["a"] [[1]] {limit=3} 2026-01-01 "\u0000" "{" "{x.__class__}" "{0}" "(?P<" "\\x" "holding"
"""
VALUES = [*WORDS.split(), '"' + "9" * 300 + '"']


def spoiled(text: str, dice: random.Random) -> str:
    """Change one to three lines: another value, another key, a line lost or doubled, a header turned."""
    lines = text.splitlines()
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(lines))
        key, equals, _ = lines[at].partition("=")
        lines[at] = dice.choice(
            [
                f"{key}= {dice.choice(VALUES)}" if equals else lines[at],
                f"{key}= {dice.choice(VALUES)}" if equals else "",
                lines[at].replace("=", "x =", 1),
                "",
                f"{lines[at]}\n{lines[at]}",
                re.sub(r"^\[(\w+)", r"[\1s", lines[at]),
                re.sub(r"\d+", dice.choice(["0", "70000", "-5"]), lines[at]),
            ]
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_spoiled_template_is_taken_or_refused_in_words(name: str, tmp_path: Path) -> None:
    text = (TEMPLATES[0] / f"{name}.toml").read_text(encoding="utf-8")
    dice = random.Random(name)
    refused: list[ConfigError] = []
    for round_ in range(ROUNDS):
        path = tmp_path / f"t{round_}.toml"
        path.write_text(spoiled(text, dice), encoding="utf-8")
        try:
            template = find(str(path))
            kind = choose_kind(template, "", serial=False)
            time = itertools.count(0, 10_000)
            play = prepare(template, kind, connection(kind, Tcp("127.0.0.1", 9)), time.__next__)
            play.instrument.raws()
            assert kind not in MODBUS or modbus_slave(play) is not None
            assert kind in {*MODBUS, "opcua"} or voice_of(play, lambda: 0).speaks() is not None
        except ConfigError as exc:
            refused.append(exc)
    assert refused
    silent = [p for exc in refused for p in exc.problems if not (p.place and p.problem and p.remedy)]
    assert silent == []
