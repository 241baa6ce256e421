"""Enrolment over HTTP, with everything that an attacker may try: the door opens for one code, once."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.db.pool import connect
from central.devices import enrolment as centre
from central.devices.enrolment import Trust
from central.devices.enrolment_worker import access_file, keep_once
from central.settings import Settings
from protocol import enrolment
from tests.central import county
from tests.central.devices.test_authority import request_for
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


class Box:
    """A gateway's box with its keys."""

    def __init__(self, gateway: str) -> None:
        self.gateway = gateway
        self.signer = Ed25519PrivateKey.generate()
        self.csr = request_for(gateway, ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> bytes:
        return self.signer.public_key().public_bytes_raw()

    def asks(self, code: str, **changes: str) -> dict[str, str]:
        said = enrolment.statement(self.gateway, code, self.csr, self.public)
        return {
            "gateway": self.gateway,
            "code": code,
            "csr": self.csr,
            "public_key": base64.b64encode(self.public).decode(),
            "proof": base64.b64encode(self.signer.sign(said)).decode(),
            **changes,
        }

    def renews(self, csr: str) -> dict[str, str]:
        said = enrolment.renewal_statement(self.gateway, csr)
        return {
            "gateway": self.gateway,
            "csr": csr,
            "proof": base64.b64encode(self.signer.sign(said)).decode(),
        }


class Scene(Served):
    """A served centre with a county in it."""

    def __init__(self, served: Served, trust: Trust, settings: Settings) -> None:
        super().__init__(served.url, served.database, served.hub, served.verify)
        self.trust = trust
        self.settings = settings

    async def sql(self, statement: str, *values: object) -> list[Any]:
        conn = await connect(self.database.urls.admin)
        try:
            return list(await conn.fetch(statement, *values))
        finally:
            await conn.close()

    async def code(self, gateway: str, enterprise: str = "E1", **more: Any) -> dict[str, Any]:
        """A fresh code, made by the installer."""
        number = (await self.sql("SELECT id FROM enterprise WHERE code = $1", enterprise))[0][0]
        async with self.client("installer") as client:
            answer = await client.post(
                "/api/v1/enrolment/codes",
                json={"enterprise_id": number, "gateway_id": gateway, "name": "网关", **more},
            )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def ask(self, what: dict[str, str], path: str = "enrolment") -> httpx.Response:
        async with self.client() as client:
            return await client.post(f"/api/v1/{path}", json=what)


@asynccontextmanager
async def scene(urls: DatabaseUrls, folder: Path) -> AsyncIterator[Scene]:
    settings = Settings(
        state=folder, public_url="https://centre.example:8600", router="tls/0.0.0.0:7447", trust_proxy=True
    )
    trust = Trust.open(settings, datetime.now(UTC))
    async with serving(urls, settings, trust) as served:
        await county.found(served.database)
        yield Scene(served, trust, settings)


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["type"]).rpartition("/")[2]


def test_a_gateway_enrols_once_with_its_code_and_gets_what_it_needs(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            made = await s.code("gw-e1-1")
            link = enrolment.read_link(made["link"])
            assert (link.gateway, link.code) == ("gw-e1-1", made["code"])
            assert (link.centre, link.fingerprint) == (
                "https://centre.example:8600",
                s.trust.authority.fingerprint,
            )
            assert made["qr"].startswith("data:image/svg+xml")
            box = Box("gw-e1-1")
            answer = await s.ask(box.asks(made["code"].lower().replace("-", " ")))
            assert answer.status_code == 200, answer.text
            got = answer.json()
            certificate = x509.load_pem_x509_certificate(got["certificate"].encode())
            certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(got["ca"].encode()))
            assert certificate.subject.rfc4514_string() == "CN=gw-e1-1"
            assert base64.b64decode(got["centre_public_key"]) == s.trust.key.public
            assert got["router"] == "tls/centre.example:7447"
            rows = await s.sql("SELECT public_key, enterprise_id, place FROM gateway")
            assert [(r["public_key"], r["place"]) for r in rows] == [(box.public, county.E1)]
            again = await s.ask(box.asks(made["code"]))  # a new proof of the same box: Ed25519 repeats itself
            assert again.json()["certificate"] == got["certificate"]
            assert refusal(await s.ask(Box("gw-e1-1").asks(made["code"]))) == "code-used"
            stored = await s.sql("SELECT hash FROM enrolment_code")
            assert made["code"].replace("-", "").encode() not in stored[0]["hash"]
            audit = await s.sql("SELECT action FROM audit WHERE subject_id = 'gw-e1-1' ORDER BY id")
            assert [r[0] for r in audit if r[0] in {"enrolment-code", "enrolled"}] == [
                "enrolment-code",
                "enrolled",
            ]

    asyncio.run(body())


def test_what_is_not_the_boxs_own_does_not_enrol(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            code = (await s.code("gw-e1-1"))["code"]
            await s.code("gw-e1-2")
            box, thief = Box("gw-e1-1"), Box("gw-e1-1")
            overheard = box.asks(code)
            stolen = base64.b64encode(thief.public).decode()
            foreign = Box("gw-e1-1")
            foreign.csr = request_for("gw-e1-2")
            for asked, word in (
                ({**overheard, "public_key": stolen}, "proof-wrong"),  # his key, the box's proof
                ({**overheard, "csr": thief.csr}, "proof-wrong"),  # his transport key
                ({**overheard, "proof": "AAAA"}, "proof-wrong"),
                ({**overheard, "public_key": "%"}, "proof-wrong"),
                (foreign.asks(code), "proof-wrong"),  # a signing request of another name
                (Box("gw-e1-2").asks(code), "code-refused"),  # another gateway's code
                (Box("gw-e1-9").asks(code), "code-refused"),  # a gateway that nobody expects
                (box.asks("0000-0000-0000-0000"), "code-refused"),
                ({**overheard, "code": "x"}, "code-refused"),
            ):
                assert refusal(await s.ask(asked)) == word, asked
            assert await s.sql("SELECT 1 FROM gateway") == []
            assert (await s.ask(overheard)).status_code == 200

    asyncio.run(body())


def test_guessing_locks_the_code_and_then_the_address(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            code = (await s.code("gw-e1-1"))["code"]
            box = Box("gw-e1-1")
            guesses = [refusal(await s.ask(box.asks(f"{n:016d}"))) for n in range(10)]
            assert set(guesses) == {"code-refused"}
            assert refusal(await s.ask(box.asks(code))) == "code-refused"  # locked: the right one too
            async with s.client("installer") as client:
                listed = (await client.get("/api/v1/enrolment/codes")).json()["items"]
            assert [c["state"] for c in listed] == ["locked"]
            assert code not in str(listed)
            fresh = (await s.code("gw-e1-1"))["code"]
            words = [refusal(await s.ask(box.asks(f"{n:016d}"))) for n in range(12)]
            assert words[-1] == "too-many"
            async with s.client() as elsewhere:
                elsewhere.headers["x-forwarded-for"] = "127.0.0.9"
                answer = await elsewhere.post("/api/v1/enrolment", json=box.asks(fresh))
            assert answer.status_code == 200, answer.text

    asyncio.run(body())


def test_a_code_ends_when_it_expires_is_withdrawn_or_replaced(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            first = await s.code("gw-e1-1")
            second = await s.code("gw-e1-1")
            box = Box("gw-e1-1")
            assert refusal(await s.ask(box.asks(first["code"]))) == "code-expired"
            async with s.client("installer") as client:
                gone = await client.delete(f"/api/v1/enrolment/codes/{second['id']}")
                assert gone.status_code == 204
                assert (await client.delete(f"/api/v1/enrolment/codes/{second['id']}")).status_code == 404
            assert refusal(await s.ask(box.asks(second["code"]))) == "code-expired"
            third = await s.code("gw-e1-1")
            await s.sql("UPDATE enrolment_code SET expires_at = now() WHERE id = $1", third["id"])
            assert refusal(await s.ask(box.asks(third["code"]))) == "code-expired"

    asyncio.run(body())


def test_an_enrolment_over_a_readable_network_is_refused(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            code = (await s.code("gw-e1-1"))["code"]
            async with s.client() as client:
                client.headers["x-forwarded-for"] = "192.0.2.9"
                answer = await client.post("/api/v1/enrolment", json=Box("gw-e1-1").asks(code))
            assert refusal(answer) == "https-needed"

    asyncio.run(body())


def test_who_may_make_codes_and_for_whom(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            taken = await s.code("gw-e1-1")
            assert (await s.ask(Box("gw-e1-1").asks(taken["code"]))).status_code == 200
            number = (await s.sql("SELECT id FROM enterprise WHERE code = 'E2'"))[0][0]
            new = {"enterprise_id": number, "gateway_id": "gw-e1-1"}
            async with s.client("installer") as client:
                other = await client.post("/api/v1/enrolment/codes", json=new)
                assert refusal(other) == "gateway-exists"
                for bad in ("router", "Bad", "*", "a"):
                    asked = {**new, "gateway_id": bad}
                    assert refusal(await client.post("/api/v1/enrolment/codes", json=asked)) == "bad-gateway"
            async with s.client("county") as client:
                assert refusal(await client.post("/api/v1/enrolment/codes", json=new)) == "forbidden"

    asyncio.run(body())


def test_another_box_takes_the_place_of_a_broken_one(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            old, new = Box("gw-e1-1"), Box("gw-e1-1")
            first = (await s.ask(old.asks((await s.code("gw-e1-1"))["code"]))).json()
            number = (await s.sql("SELECT number FROM gateway"))[0][0]
            made = await s.code("gw-e1-1")
            assert made["replaces"] is True
            assert (await s.ask(new.asks(made["code"]))).status_code == 200
            rows = await s.sql("SELECT number, public_key FROM gateway")
            assert [(r["number"], r["public_key"]) for r in rows] == [(number, new.public)]
            serial = f"{x509.load_pem_x509_certificate(first['certificate'].encode()).serial_number:x}"
            revoked = await s.sql("SELECT serial, revoked_why FROM certificate WHERE revoked_at IS NOT NULL")
            assert [tuple(r) for r in revoked] == [(serial, "replaced")]
            csr = request_for("gw-e1-1")
            assert refusal(await s.ask(old.renews(csr), "enrolment/renewal")) == "proof-wrong"
            await keep_once(s.database, s.settings, s.trust.authority)
            listed = x509.load_pem_x509_crl((tmp_path / "pki/crl.pem").read_bytes())
            assert [f"{entry.serial_number:x}" for entry in listed] == [serial]

    asyncio.run(body())


def test_a_certificate_is_renewed_by_the_key_of_the_frames_and_within_the_grace(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            box = Box("gw-e1-1")
            first = (await s.ask(box.asks((await s.code("gw-e1-1"))["code"]))).json()
            asked = box.renews(request_for("gw-e1-1"))
            renewed = await s.ask(asked, "enrolment/renewal")
            assert renewed.status_code == 200, renewed.text
            assert renewed.json()["certificate"] != first["certificate"]
            again = await s.ask(asked, "enrolment/renewal")  # the answer was lost on the way
            assert again.json()["certificate"] == renewed.json()["certificate"]
            await s.ask(box.renews(request_for("gw-e1-1")), "enrolment/renewal")
            assert refusal(await s.ask(asked, "enrolment/renewal")) == "renewal-refused"  # replayed
            stranger = Box("gw-e1-1")
            forged = stranger.renews(request_for("gw-e1-1"))
            assert refusal(await s.ask(forged, "enrolment/renewal")) == "proof-wrong"
            unknown = Box("gw-e1-7").renews(request_for("gw-e1-7"))
            assert refusal(await s.ask(unknown, "enrolment/renewal")) == "renewal-refused"
            for days, status in ((89, 200), (92, 403)):
                await s.sql(
                    "UPDATE certificate SET issued_at = now() - interval '1 day' * (90 + $1), "
                    "not_before = now() - interval '1 day' * (91 + $1), "
                    "not_after = now() - interval '1 day' * $1",
                    float(days),
                )
                late = await s.ask(box.renews(request_for("gw-e1-1")), "enrolment/renewal")
                assert late.status_code == status, (days, late.text)

    asyncio.run(body())


def test_a_revoked_gateway_is_out_at_once_and_comes_back_with_a_new_code_only(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            box = Box("gw-e1-1")
            await s.ask(box.asks((await s.code("gw-e1-1"))["code"]))
            async with s.database.listen("fengsui_trust") as notices, s.client("installer") as client:
                empty = await client.post("/api/v1/gateways/gw-e1-1/revocation", json={"reason": ""})
                assert empty.status_code == 400
                done = await client.post("/api/v1/gateways/gw-e1-1/revocation", json={"reason": "被盗"})
                assert done.status_code == 200, done.text
                async with asyncio.timeout(60):
                    await notices.get()
                trust = (await client.get("/api/v1/gateways/gw-e1-1/trust")).json()
            assert (trust["state"], trust["revoked_why"], trust["revoked_by"]) == (
                "revoked",
                "被盗",
                "installer甲",
            )
            async with s.database.worker.acquire() as conn:
                assert await centre.admitted(conn, datetime.now(UTC)) == []
                assert len(await centre.revoked_serials(conn, datetime.now(UTC) + timedelta(seconds=5))) == 1
            late = await s.ask(box.renews(request_for("gw-e1-1")), "enrolment/renewal")
            assert refusal(late) == "renewal-refused"
            code = (await s.code("gw-e1-1"))["code"]
            assert (await s.ask(Box("gw-e1-1").asks(code))).status_code == 200
            await keep_once(s.database, s.settings, s.trust.authority)
            assert access_file(tmp_path).read_text() == '{"gateways": ["gw-e1-1"]}'

    asyncio.run(body())
