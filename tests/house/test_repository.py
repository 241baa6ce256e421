"""What is committed names no package index, carries hashes, and holds no unfinished mark."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written in two halves, so that this file passes its own test.
INDEX_HOSTS = re.compile(
    "|".join(
        re.escape(left + right)
        for left, right in [
            ("pypi", ".org"),
            ("python", "hosted"),
            ("registry.", "npmjs"),
            ("npm", "mirror"),
            ("deb.", "debian.org"),
            ("security.", "debian.org"),
            ("tuna.", "tsinghua"),
            ("mirrors", ".aliyun"),
        ]
    )
)


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_package_index() -> None:
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in INDEX_HOSTS.findall(text)]
    assert found == []


def test_no_lock_file_names_where_a_package_came_from() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    assert [str(path) for path in locks if '"resolved"' in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("name", ["dev.txt", "edge.txt", "central.txt"])
def test_every_pinned_requirement_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
    assert [line for line in lines if "://" in line] == []


def test_no_tracked_file_is_big_or_built() -> None:
    # Written by commands and compared by tests: what the centre answers, and what the migrations come to.
    snapshots = {"package-lock.json", "openapi.json", "schema.sql"}
    heavy = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.stat().st_size > 400_000 and path.name not in snapshots
    ]
    assert heavy == []


def test_each_decision_has_a_number_of_its_own_and_a_line_in_the_list() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [name[:4] for name in records]
    assert numbers == sorted(set(numbers))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [name for name in records if f"({name})" not in listed] == []
