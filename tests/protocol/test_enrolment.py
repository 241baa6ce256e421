"""Codes and links as people type and scan them; what is signed to enrol differs in every part."""

from __future__ import annotations

import pytest

from protocol import enrolment


def test_a_code_is_read_as_people_write_it() -> None:
    code = enrolment.write_code([0, 1, 31, 10] * 4)
    assert code == "01ZA-01ZA-01ZA-01ZA"
    for typed in ("01za01za01za01za", "OIZA-oLZA-O1ZA-0IZA", " 01ZA 01ZA 01ZA 01ZA "):
        assert enrolment.plain_code(typed) == code.replace("-", "")
    for typed in ("", "01ZA", code + "0", "U1ZA-01ZA-01ZA-01ZA", "01ZA-01ZA-01ZA-01Z\u0661"):
        with pytest.raises(enrolment.BadCode, match="16 letters and digits"):
            enrolment.plain_code(typed)


def test_a_link_carries_everything_and_keeps_the_code_from_servers() -> None:
    said = enrolment.Invitation(
        "https://centre.example:8600/fengsui", "gw-a-1", "01ZA-01ZA-01ZA-01ZA", "ab" * 32
    )
    link = enrolment.write_link(said)
    assert "01ZA" not in link.partition("#")[0]
    assert enrolment.read_link(f" {link}\n") == said
    for wrong in (
        "",
        "https://centre.example",
        "ftp://x/enrol#gateway=a&code=b&ca=c",
        link.replace("code=", "c="),
    ):
        with pytest.raises(enrolment.BadCode):
            enrolment.read_link(wrong)


def test_every_part_of_what_is_signed_counts() -> None:
    code, other = "01ZA01ZA01ZA01ZA", "01ZA01ZA01ZA01ZB"
    said = {
        enrolment.statement("gw-a", code, "csr", b"k" * 32),
        enrolment.statement("gw-b", code, "csr", b"k" * 32),
        enrolment.statement("gw-a", other, "csr", b"k" * 32),
        enrolment.statement("gw-a", code, "csr2", b"k" * 32),
        enrolment.statement("gw-a", code, "csr", b"l" * 32),
        enrolment.renewal_statement("gw-a", "csr"),
    }
    assert len(said) == 6
