"""HTTP of the codes of subjects: scanned without an account, listed and revoked with one."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.errors import DomainError, FieldProblem
from central.db.pool import Database
from central.db.scope import SYSTEM, acting, scoped
from central.identity.access import address_of, may, person_behind, refuse_hurry
from central.identity.models import Person
from central.identity.rules import LoginRate
from central.registry import codes
from central.registry.codes_models import CodeRevocation, ScannedCode, SubjectCode, SubjectCodePage
from central.registry.codes_rules import ENTERPRISE
from central.settings import Settings

MOST_CODES = 240
"""Ten sheets of 3 × 8."""
Token = Annotated[str, PathParameter(max_length=64)]


class CodeController(Controller):
    """Codes of subjects (主体码)."""

    path = "/codes"
    tags = ("registers",)

    @get("/", operation_id="listCodes", guards=[may("see")])
    async def listed(
        self,
        request: Request[Any, Any, Any],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        subject_codes: NamedDependency[codes.Codes],
        register: Annotated[str, QueryParameter(pattern="^[a-z][a-z0-9-]{1,47}$")] = ENTERPRISE,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        ids: Annotated[str, QueryParameter(max_length=4000, description="numbers with commas")] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST_CODES)] = 24,
        cursor: FromQuery[str | None] = None,
    ) -> SubjectCodePage:
        """Enterprises, or the records of a coded register, each with the code that counts now."""
        wanted = _numbers(ids) if ids else None
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await codes.listed(
                conn, subject_codes, _base(request, settings), register, q, wanted, cursor, limit
            )

    @get("/{token:str}", operation_id="readCode", opt={"public": True})
    async def read(
        self,
        request: Request[Any, Any, Any],
        token: Token,
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        subject_codes: NamedDependency[codes.Codes],
        code_rate: NamedDependency[LoginRate],
        forged_rate: NamedDependency[LoginRate],
    ) -> ScannedCode:
        """What a code says: the public part to everybody, more to who is signed in and sees the subject."""
        address, now_s = address_of(request, settings), clock.monotonic_s()
        refuse_hurry(code_rate.wait_s(address, now_s))
        try:
            subject_codes.read(token)
        except DomainError:
            refuse_hurry(forged_rate.wait_s(address, now_s))
            raise
        person = await _person(request)
        async with acting(database.worker, person.actor if person else SYSTEM) as conn:
            return await codes.scanned(conn, subject_codes, token, person)

    @post("/{token:str}/revoke", operation_id="revokeCode", guards=[may("review")], status_code=200)
    async def revoke(
        self,
        request: Request[Any, Any, Any],
        token: Token,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        subject_codes: NamedDependency[codes.Codes],
        data: JSONBody[CodeRevocation],
    ) -> SubjectCode:
        """Makes a code count no longer; answers with the next one."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await codes.revoke(
                conn, subject_codes, person, _base(request, settings), token, data.reason
            )


async def _person(request: Request[Any, Any, Any]) -> Person | None:
    """Who is signed in; somebody who is not, or owes a first step, reads as everybody does."""
    try:
        person, _ = await person_behind(request)
    except DomainError:
        return None
    return None if person.steps or "see" not in person.may else person


def _base(request: Request[Any, Any, Any], settings: Settings) -> str:
    """Where whoever scans a code reaches us: as the operator says, else as this browser does."""
    return (settings.public_url or str(request.base_url)).rstrip("/")


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_CODES or not all(p.isascii() and p.isdigit() and len(p) <= 12 for p in parts):
        words = f"应为以逗号分隔的编号，最多 {MOST_CODES} 个。"
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, [FieldProblem("ids", words)])
    return [int(part) for part in parts]


routes: list[Any] = [CodeController]
