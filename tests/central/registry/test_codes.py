"""The code of a subject: only ours count, everybody reads the public part, who sees the subject goes on."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.registry import codes
from central.registry.codes_rules import ENTERPRISE, Subject, kind_of, read, write
from central.registry.forms.fields import choice, number, several, text
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from central.db.pool import DatabaseUrls

KNOWN = frozenset({ENTERPRISE, "shelters"})


def seal(body: bytes) -> bytes:
    return hashlib.sha256(b"key" + body).digest()


@given(st.sampled_from(sorted(KNOWN)), st.integers(1, 2**40 - 1), st.integers(1, 65535), st.data())
def test_a_code_is_read_as_written_and_any_other_text_is_forged(
    register: str, number: int, issue: int, data: st.DataObject
) -> None:
    token = write(Subject(register, number, issue), seal)
    assert len(token) == 28
    assert read(token, KNOWN, seal) == Subject(register, number, issue)
    place = data.draw(st.integers(0, 27))
    letter = data.draw(st.sampled_from("ABCabc019_-").filter(lambda found: found != token[place]))
    assert read(token[:place] + letter + token[place + 1 :], KNOWN, seal) is None
    assert read(token, KNOWN, lambda body: seal(b"another" + body)) is None


@given(
    st.one_of(
        st.text(max_size=40),
        st.binary(min_size=21, max_size=21).map(base64.urlsafe_b64encode).map(bytes.decode),
    )
)
def test_no_text_of_a_stranger_is_a_code(text: str) -> None:
    assert read(text, KNOWN, seal) is None


def test_a_code_of_a_register_that_has_none_is_forged() -> None:
    assert read(write(Subject("laws", 1, 1), seal), KNOWN, seal) is None


def test_no_two_coded_registers_begin_alike() -> None:
    names = [ENTERPRISE, *codes.coded()]
    assert len({kind_of(name) for name in names}) == len(names)


def test_what_is_public_reads_as_people_speak() -> None:
    kinds = choice("类型", "kind", "a 学校 School\nother 其他 Other").extra["field"]  # type: ignore[index]
    many = several("类型", "kind", "a 学校 School\nb 广场 Square").extra["field"]  # type: ignore[index]
    size = number("容量", "capacity", "人").extra["field"]  # type: ignore[index]
    words = text("名称", "name").extra["field"]  # type: ignore[index]
    for field, value, expected in (
        (words, "一中", ("一中", "一中")),
        (kinds, {"choice": "a", "other": ""}, ("学校", "School")),
        (kinds, {"choice": "other", "other": "庙"}, ("庙", "庙")), (size, 1200.0, ("1200 人", "1200 人")),
        (many, {"choices": ["a", "b"], "other": ""}, ("学校、广场", "School, Square")),
        (words, True, ("是", "Yes")),
        (words, {"from": "2026-01-01", "to": None}, ("2026-01-01 起", "from 2026-01-01")),
        (words, [{"sha256": "x"}], ("", "")), (words, None, ("", "")),
        (words, {"id": "1", "label": "甲"}, ("甲", "甲")),
    ):  # fmt: skip
        assert codes.shown(field, value) == expected


async def of(client: httpx.AsyncClient, enterprise: str) -> dict[str, Any]:
    answer = await client.get("/api/v1/codes", params={"q": enterprise})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = next(row for row in answer.json()["items"] if row["title"] == f"企业{enterprise}")
    return found


def test_everybody_reads_the_public_part_and_who_sees_the_subject_goes_on(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            await server.database.worker.execute(
                "UPDATE enterprise SET address = '青石镇一号' WHERE code = 'E1'"
            )
            async with (
                server.client("township") as township, server.client("enterprise") as staff,
                server.client("inspector") as elsewhere, server.client() as stranger,
                server.client("county") as office,
            ):  # fmt: skip
                code = await of(township, "E1")
                assert code["url"] == f"{server.url}/c/{code['token']}"
                assert code["picture"].startswith("data:image/svg+xml")
                # Whoever asks, it is the same; and nobody lists what he does not see.
                assert (await of(staff, "E1"))["token"] == code["token"]
                listed = (await staff.get("/api/v1/codes")).json()
                assert [row["title"] for row in listed["items"]] == ["企业E1"]
                assert listed["kinds"][0]["register"] == ENTERPRISE

                path = f"/api/v1/codes/{code['token']}"
                public = (await stranger.get(path)).json()
                address = {
                    "label": "地址",
                    "label_en": "Address",
                    "text": "青石镇一号",
                    "text_en": "青石镇一号",
                }
                status = public["facts"][-1]
                assert status["label"] == "企业状态"
                assert public == {
                    "kind": "enterprise", "kind_title": "企业", "kind_title_en": "Enterprise",
                    "title": "企业E1", "facts": [address, status], "agency": "青石镇应急办", "phone": "12350",
                    "reader": "public", "ways": [], "signed_in": False,
                }  # fmt: skip
                # An official of another place is told no more than a passer-by.
                foreign = (await elsewhere.get(path)).json()
                assert foreign == {**public, "signed_in": True}
                official = (await township.get(path)).json()
                number = code["record_id"]
                assert official["reader"] == "official"
                assert [way["link"] for way in official["ways"]] == [
                    f"/enterprises/{number}", f"/warnings?enterprise_id={number}"
                ]  # fmt: skip
                inside = (await staff.get(path)).json()
                assert inside["reader"] == "staff"
                assert "/registers/safety-promises/new" in [way["link"] for way in inside["ways"]]

                forged = await stranger.get(
                    f"/api/v1/codes/{code['token'][:-1]}{'A' if code['token'][-1] != 'A' else 'B'}"
                )
                assert forged.status_code == 404
                assert forged.json()["type"].endswith("code-forged")
                assert "不是本系统签发" in forged.json()["detail"]

                # Revoked by its agency, never by the plant; the next one counts.
                why = {"reason": "被复印张贴"}
                assert (await staff.post(f"{path}/revoke", json=why)).status_code == 403
                assert (await elsewhere.post(f"{path}/revoke", json=why)).status_code in {403, 404}
                second = await office.post(f"{path}/revoke", json=why)
                assert second.status_code == 200, second.text
                assert second.json()["issue"] == 2
                assert (await office.post(f"{path}/revoke", json=why)).status_code == 409
                revoked = await stranger.get(path)
                assert revoked.status_code == 410
                assert "作废" in revoked.json()["detail"]
                assert revoked.json()["revoked_at"]
                assert (await stranger.get(f"/api/v1/codes/{second.json()['token']}")).status_code == 200
                assert (await of(staff, "E1"))["token"] == second.json()["token"]

                # Who was removed from the registry is gone for everybody.
                other = await of(township, "E10")
                await server.database.worker.execute(
                    "UPDATE enterprise SET removed_at = now() WHERE code = 'E10'"
                )
                gone = await stranger.get(f"/api/v1/codes/{other['token']}")
                assert (gone.status_code, gone.json()["type"]) == (410, "/problems/code-gone")

                for odd in (
                    "ids=1,x",
                    "ids=" + "1," * 300,
                    "register=laws",
                    "register=X",
                    "cursor=x",
                    "limit=0",
                ):
                    assert (await township.get(f"/api/v1/codes?{odd}")).status_code in {400, 404}, odd
                statuses = [(await stranger.get("/api/v1/codes/guess")).status_code for _ in range(25)]
                assert statuses[-1] == 429

    asyncio.run(run())


def test_another_centre_reads_none_of_our_codes(tmp_path: Path) -> None:
    from central.db.errors import DomainError
    from central.identity.vault import Vault

    ours = codes.Codes(Vault(tmp_path / "a", codes.KEY_FILE))
    token = ours.write(Subject(ENTERPRISE, 7, 1))
    assert ours.read(token) == Subject(ENTERPRISE, 7, 1)
    assert codes.Codes(Vault(tmp_path / "a", codes.KEY_FILE)).read(token).record_id == 7
    with pytest.raises(DomainError, match="code-forged"):
        codes.Codes(Vault(tmp_path / "b", codes.KEY_FILE)).read(token)
