"""What import-linter cannot say: imports by name, sizes, and files that must open with a sentence."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}


def sources(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name.endswith(".py") and (ROOT / name).is_file()]


def imported(path: Path) -> set[str]:
    """The first words of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_protocol_imports_the_standard_library_and_msgspec_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"msgspec", "protocol"}
    assert {
        str(path): imported(path) - allowed for path in sources("protocol") if imported(path) - allowed
    } == {}


def test_the_core_imports_only_itself_and_what_micropython_has() -> None:
    # `collections.abc` and `typing` stand behind `if TYPE_CHECKING` there: only mypy reads them, and a real
    # MicroPython imports every module in tests/edge/core/test_two_runtimes.py.
    # `array` is there; `operator`, where CPython is quicker by it, is tried and done without.
    allowed = {"edge", "protocol", "struct", "math", "collections", "typing", "array", "operator"}
    assert {str(p): imported(p) - allowed for p in sources("edge/core") if imported(p) - allowed} == {}


@pytest.mark.parametrize("package", ["edge", "edge/core", "protocol"])
def test_packages_that_micropython_loads_open_with_a_sentence_and_hold_nothing_else(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_no_module_is_a_grab_bag() -> None:
    named = [p for p in sources("edge", "central", "protocol", "hil-tests") if p.stem in FORBIDDEN_NAMES]
    assert named == []
