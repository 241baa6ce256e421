"""What the audit tells is told in words: every audited table and every change of a warning has a name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LANGUAGES = ("zh-CN", "en")


def words(language: str) -> set[str]:
    """The keys of the audit's catalogue of a language."""
    text = (ROOT / "central/console/src/locales" / language / "audit.ts").read_text(encoding="utf-8")
    return {quoted or plain for quoted, plain in re.findall(r'^\s+(?:"([\w-]+)"|(\w+)):', text, re.MULTILINE)}


def audited_tables() -> set[str]:
    migrations = (ROOT / "central/db/migrations").glob("*.sql")
    return {
        name
        for file in migrations
        for name in re.findall(r"audit_table\('(\w+)'", file.read_text(encoding="utf-8"))
    }


def written_actions() -> set[str]:
    """What stands as a literal where an entry is written, and what a case notes of itself."""
    found = set()
    for file in (ROOT / "central").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = {"audit": 1, "Note": 0}.get(name)
            if place is None or len(call.args) <= place:
                continue
            found |= {
                leaf.value
                for leaf in ast.walk(call.args[place])
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value[-1:] != "-"
            }
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_audited_table_and_action_has_a_name(language: str) -> None:
    tables, actions = audited_tables(), written_actions()
    assert len(tables) > 20
    assert len(actions) > 30
    assert (tables | actions) - words(language) == set()
