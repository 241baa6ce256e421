"""A file is read through a record that one sees, of now or of the past; a coded record has a public part."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from central.registry.forms.register import catalogue
from tests.central import county
from tests.central.registry.made import made
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

PDF = b"%PDF-1.7\nthe text of a law"


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), colour).save(out, "JPEG")
    return out.getvalue()


async def brought(client: httpx.AsyncClient, content: bytes, name: str) -> dict[str, Any]:
    answer = await client.post("/api/v1/files", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return {key: answer.json()[key] for key in ("sha256", "name", "size")}


async def written(
    client: httpx.AsyncClient, register: str, values: dict[str, Any], tag: str = "", number: int = 0
) -> dict[str, Any]:
    """Adds a record, or changes one; it is submitted."""
    path, body = f"/api/v1/registers/{register}", {"values": values, "submit": True}
    if number:
        answer = await client.put(f"{path}/{number}", json=body, headers={"if-match": tag})
    else:
        answer = await client.post(path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return {**found, "etag": answer.headers["etag"]}


def values_of(register: str, **more: Any) -> dict[str, Any]:
    return {**made(catalogue()[register], full=False), **more}


def test_a_file_is_read_through_a_record_that_one_sees(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with (
                server.client("enterprise") as plant, server.client("county") as office,
                server.client("inspector") as elsewhere, server.client("township") as below,
                server.client() as stranger,
            ):  # fmt: skip
                old = await brought(plant, photo("teal"), "旧照片.jpg")
                new = await brought(plant, photo("grey"), "新照片.jpg")
                kept = await written(plant, "certificates", values_of("certificates", pictures=[old]))
                path = f"/api/v1/registers/certificates/{kept['id']}/files"
                for reader in (plant, office):
                    answer = await reader.get(f"{path}/{old['sha256']}")
                    assert answer.status_code == 200, answer.text
                    assert answer.content == photo("teal")
                    assert answer.headers["content-type"] == "image/jpeg"
                    assert "sandbox" in answer.headers["content-security-policy"]
                small = await office.get(f"{path}/{old['sha256']}?thumbnail=1")
                assert Image.open(io.BytesIO(small.content)).size == (480, 320)
                for who, status in ((elsewhere, 404), (stranger, 401)):
                    assert (await who.get(f"{path}/{old['sha256']}")).status_code == status
                # Brought, but named by no record: nobody reads it, not even who brought it.
                assert (await plant.get(f"{path}/{new['sha256']}")).status_code == 404
                # What a former version showed stays readable; a removed record shows nothing.
                kept = await written(
                    plant, "certificates", values_of("certificates", pictures=[new]), kept["etag"], kept["id"]
                )
                for file in (old, new):
                    assert (await office.get(f"{path}/{file['sha256']}")).status_code == 200
                gone = await plant.delete(
                    path.removesuffix("/files") + "?reason=重复", headers={"if-match": kept["etag"]}
                )
                assert gone.status_code in {200, 204}, gone.text
                assert (await office.get(f"{path}/{new['sha256']}")).status_code == 404
                # The file of one plant is not another's to name, whoever knows its hash.
                mine = await office.post(
                    "/api/v1/registers/shelters",
                    json={"values": values_of("shelters", pictures=[new]), "submit": True},
                )
                assert mine.status_code == 400
                assert mine.json()["fields"][0]["place"] == "values.pictures[0]"

                # A law is shared with those below; its draft is not.
                text, draft = (
                    await brought(office, PDF, "条例.pdf"),
                    await brought(office, PDF + b"2", "稿.pdf"),
                )
                law = await written(office, "laws", values_of("laws", text=[text]))
                path = f"/api/v1/registers/laws/{law['id']}/files"
                answer = await below.get(f"{path}/{text['sha256']}")
                assert (answer.status_code, answer.content) == (200, PDF)
                assert answer.headers["content-disposition"].startswith("attachment")
                changing = await office.put(
                    path.removesuffix("/files"),
                    json={"values": values_of("laws", text=[draft]), "submit": False},
                    headers={"if-match": law["etag"]},
                )
                assert changing.status_code == 200, changing.text
                assert (await below.get(f"{path}/{draft['sha256']}")).status_code == 404
                assert (await below.get(f"{path}/{text['sha256']}")).status_code == 200
                assert (await office.get(f"{path}/{draft['sha256']}")).status_code == 200

                # The code of a shelter: what its declaration calls public, to everybody.
                shelter = await written(
                    office, "shelters", values_of("shelters", name="青石镇中心小学操场", address="学校路一号")
                )
                listed = (await office.get("/api/v1/codes?register=shelters")).json()["items"]
                assert [row["title"] for row in listed] == ["青石镇中心小学操场"]
                said = (await stranger.get(f"/api/v1/codes/{listed[0]['token']}")).json()
                assert (said["kind"], said["title"], said["reader"]) == (
                    "shelters",
                    "青石镇中心小学操场",
                    "public",
                )
                assert "学校路一号" in {fact["text"] for fact in said["facts"]}
                named = {bound["label"] for bound in said["facts"]}
                assert len(named) <= len(catalogue()["shelters"].public)
                full = (await office.get(f"/api/v1/codes/{listed[0]['token']}")).json()
                assert [way["link"] for way in full["ways"]] == [f"/registers/shelters/{shelter['id']}"]
                # Who is told of it by an agency above may not revoke it.
                answer = await below.post(
                    f"/api/v1/codes/{listed[0]['token']}/revoke", json={"reason": "破损"}
                )
                assert answer.status_code == 403, answer.text
                # Once its keeper has revoked it, nobody lists, prints or believes it: not who sees the record
                # but not the revocation, not a stranger.
                revoked = await office.post(
                    f"/api/v1/codes/{listed[0]['token']}/revoke", json={"reason": "被复印"}
                )
                assert revoked.status_code == 200, revoked.text
                for reader in (office, below):
                    now = (await reader.get("/api/v1/codes?register=shelters")).json()["items"]
                    assert [(row["token"], row["issue"]) for row in now] == [(revoked.json()["token"], 2)]
                    assert now[0]["revoked_at"] == revoked.json()["revoked_at"]
                for reader in (office, below, elsewhere, plant, stranger):
                    old_code = await reader.get(f"/api/v1/codes/{listed[0]['token']}")
                    assert (old_code.status_code, old_code.json()["type"]) == (410, "/problems/code-revoked")

    asyncio.run(run())
