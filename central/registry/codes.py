"""The code of a subject (主体赋码): listed for printing, scanned by anybody, revoked when it hangs wrong.

A code says nothing by itself; it opens what its reader may see: without a session the public part alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import segno

from central import clock
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.http.paging import page, read_cursor
from central.registry import codes_rules as rules
from central.registry import codes_store as store
from central.registry.codes_models import (
    CodeFact,
    CodeKind,
    CodeWay,
    ScannedCode,
    SubjectCode,
    SubjectCodePage,
)
from central.registry.codes_rules import ENTERPRISE, Subject
from central.registry.forms.fields import OTHER
from central.registry.forms.register import catalogue, fields_of

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person
    from central.identity.vault import Vault
    from central.registry.codes_models import SubjectRow
    from central.registry.forms.fields import Field
    from central.registry.forms.register import Register

KEY_FILE: Final = "subject-code-key.json"
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_HOTLINE: Final = "12350"
"""The nation's line for reports about work safety (from memory); for agencies that gave no number."""
_FORGED = (
    "这个码不是本系统签发的，可能是伪造或损坏的码。请不要相信它显示的任何内容，并向当地应急管理部门反映。"
)


class Codes:
    """Writes and reads codes with the centre's key; one per process.

    Args:
        vault: of the key `subject-code-key.json`.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def _seal(self, body: bytes) -> bytes:
        return self._vault.mark(body.hex(), "subject-code")

    def write(self, subject: Subject) -> str:
        """The code of a subject."""
        return rules.write(subject, self._seal)

    def read(self, token: str) -> Subject:
        """What a code stands for.

        Raises:
            DomainError: 404, this centre did not write it.
        """
        found = rules.read(token, frozenset({ENTERPRISE, *coded()}), self._seal)
        if found is None:
            raise DomainError("code-forged", _FORGED, 404)
        return found


def coded() -> dict[str, Register]:
    """The registers whose records have codes."""
    return {name: register for name, register in catalogue().items() if register.coded}


def kinds() -> list[CodeKind]:
    """The kinds of subject that have codes, enterprises first."""
    found = [CodeKind(r.name, r.zh, r.en) for r in coded().values()]
    return [CodeKind(ENTERPRISE, "企业", "Enterprises"), *found]


def _register(name: str) -> Register | None:
    """The register of a kind; None for enterprises.

    Raises:
        NotFoundError: things of this kind have no codes.
    """
    if name == ENTERPRISE:
        return None
    found = coded().get(name)
    if found is None:
        raise NotFoundError("这类对象没有主体码。")
    return found


# --- listing -----------------------------------------------------------------------------------------------


async def listed(
    conn: Connection,
    codes: Codes,
    base_url: str,
    name: str,
    q: str,
    ids: list[int] | None,
    cursor: str | None,
    limit: int,
) -> SubjectCodePage:
    """Subjects that one sees, each with its code, in the order of their places.

    Args:
        conn: a transaction of the person's scope.
        codes: of this process.
        base_url: where browsers reach us, without a slash at the end.
        name: "enterprise" or a register.
        q: part of a name; empty for all.
        ids: only these; None for all.
        cursor: of the page.
        limit: rows a page.

    Raises:
        NotFoundError: things of this kind have no codes.
        DomainError: 400, not a cursor.
    """
    register = _register(name)
    rows = await store.subjects(conn, register, q.strip(), ids, read_cursor(cursor, str, int), limit + 1)
    kept, following = page(rows, limit, key=lambda row: (row["place"], row["record_id"]))
    past = await store.revocations(conn, name, [row["record_id"] for row in kept])
    items = []
    for row in kept:
        issue, at = past.get(row["record_id"], (0, None))
        token = codes.write(Subject(name, row["record_id"], issue + 1))
        url = f"{base_url}/c/{token}"
        items.append(
            SubjectCode(
                register=name, record_id=row["record_id"], title=row["title"], owner_name=row["owner_name"],
                place_name=row["place_name"], token=token, url=url, picture=picture(url), issue=issue + 1,
                revoked_at=at,
            )
        )  # fmt: skip
    return SubjectCodePage(items, following, kinds())


def picture(url: str) -> str:
    """A QR code as a data address of an SVG; a quarter of it may be scratched off (level Q)."""
    found: str = segno.make(url, error="q", boost_error=False, micro=False).svg_data_uri(
        border=2, omitsize=True, nl=False
    )
    return found


# --- scanning ----------------------------------------------------------------------------------------------


async def scanned(conn: Connection, codes: Codes, token: str, person: Person | None) -> ScannedCode:
    """What a code says to whoever scans it.

    Args:
        conn: a transaction of a worker: a stranger has no scope. Read are the public part and the place.
        codes: of this process.
        token: as it was scanned.
        person: who is signed in, if anybody.

    Raises:
        DomainError: 404 forged; 410 revoked, or what it stands for is gone.
    """
    subject = codes.read(token)
    register = _register(subject.register)
    await _still_good(conn, subject)
    row = await store.subject(conn, register, subject.record_id)
    if row is None:
        raise DomainError("code-gone", "这个码对应的对象已从系统中删除。", 410)
    title = row.title if register is None else _title(register, row.counted)
    reader = _reader(person, row)
    return ScannedCode(
        kind=subject.register,
        kind_title="企业" if register is None else register.zh,
        kind_title_en="Enterprise" if register is None else register.en,
        title=title,
        facts=await _facts(conn, register, row),
        agency=row.agency_name,
        phone=row.phone or _HOTLINE,
        reader=reader,
        ways=_ways(register, row, reader),
        signed_in=person is not None,
    )


async def _still_good(conn: Connection, subject: Subject) -> None:
    at = await store.revoked_at(conn, subject)
    if at is not None:
        day = at.astimezone(_ZONE)
        raise DomainError(
            "code-revoked",
            f"这个码已于 {day:%Y-%m-%d} 作废，请扫描现场新的码。",
            410,
            data={"revoked_at": at.isoformat()},
        )


def _reader(person: Person | None, row: SubjectRow) -> str:
    if person is None or not person.full_scope.holds(row.place, row.sector):
        return "public"
    return "staff" if person.enterprise_id is not None else "official"


def _title(register: Register, counted: dict[str, Any]) -> str:
    field = next(bound.field for bound in fields_of(register.record) if bound.name == register.title)
    return shown(field, counted.get(register.title))[0] or register.zh


async def _facts(conn: Connection, register: Register | None, row: SubjectRow) -> list[CodeFact]:
    if register is not None:
        return public_facts(register, row.counted)
    found = [CodeFact("地址", "Address", row.address, row.address)] if row.address else []
    found.append(CodeFact("企业状态", "Status", row.status, row.status_en))
    for each in catalogue().values():
        if each.single and each.public and each.owner != "agency":
            found += public_facts(each, await store.single(conn, each, row.record_id))
    return found


def public_facts(register: Register, counted: dict[str, Any]) -> list[CodeFact]:
    """What a declaration lets everybody know of a record, in the order of the form."""
    found = []
    for bound in fields_of(register.record):
        text, text_en = shown(bound.field, counted.get(bound.name))
        if bound.name in register.public and bound.name != register.title and text:
            found.append(CodeFact(bound.field.zh, bound.field.en, text, text_en))
    return found


def shown(field: Field, value: Any) -> tuple[str, str]:  # noqa: PLR0911 one kind a line
    """A value as people read it, in Chinese and in English; empty for what has no words (files, groups)."""
    match value:
        case None:
            return "", ""
        case bool():
            return ("是", "Yes") if value else ("否", "No")
        case str():
            return value, value
        case int() | float():
            text = (
                f"{value:g} {field.unit}".strip()
                if abs(value) < 1e6
                else f"{value:,.0f} {field.unit}".strip()
            )
            return text, text
        case {"choice": code}:
            return _choices(field, [code], value.get("other", ""))
        case {"choices": codes}:
            return _choices(field, codes, value.get("other", ""))
        case {"from": start}:
            end = value.get("to")
            return (f"{start} 至 {end}", f"{start} to {end}") if end else (f"{start} 起", f"from {start}")
        case {"longitude": east, "latitude": north}:
            text = f"{east:.6f}, {north:.6f}"
            return text, text
        case {"label": label}:
            return label, label
        case _:
            return "", ""


def _choices(field: Field, codes: list[str], other: str) -> tuple[str, str]:
    known = {choice.code: choice for choice in field.choices}
    words = [(known[code].zh, known[code].en) for code in codes if code in known and code != OTHER]
    more = [(other, other)] if other else []
    return "、".join(w[0] for w in words + more), ", ".join(w[1] for w in words + more)


def _ways(register: Register | None, row: SubjectRow, reader: str) -> list[CodeWay]:
    if reader == "public":
        return []
    if register is not None:
        title, title_en = f"查看{register.zh}全部内容", "Open the full record"
        found = [CodeWay("full", title, title_en, f"/registers/{register.name}/{row.record_id}")]
    else:
        found = [CodeWay("full", "查看一企一档", "Open the full dossier", f"/enterprises/{row.record_id}")]
    if row.enterprise_id is not None and reader == "official":
        warnings = f"/warnings?enterprise_id={row.enterprise_id}"
        found.append(CodeWay("warnings", "查看预警", "See its warnings", warnings))
    if reader == "staff":
        found += [
            CodeWay("report", f"填报{each.zh}", f"Report: {each.en}", f"/registers/{each.name}/new")
            for each in catalogue().values()
            if each.group == "daily" and each.owner != "agency" and "enterprise" in each.writers
            and (not each.sectors or row.sector in each.sectors)
        ]  # fmt: skip
    return found


# --- revoking ----------------------------------------------------------------------------------------------


async def revoke(
    conn: Connection, codes: Codes, person: Person, base_url: str, token: str, reason: str
) -> SubjectCode:
    """Makes a code count no longer, and gives the next one.

    Args:
        conn: a transaction of the person's scope.
        codes: of this process.
        person: who revokes it; for agencies, not for the enterprise on whose gate it hangs.
        base_url: where browsers reach us.
        token: the code.
        reason: why.

    Raises:
        DomainError: 404 forged, 409 revoked already.
        NotFoundError: the subject lies outside the jurisdiction.
        ForbiddenError: it is shared with the person by an agency above, which keeps it.
    """
    subject = codes.read(token)
    register = _register(subject.register)
    row = await store.subject(conn, register, subject.record_id)
    if row is None:
        raise NotFoundError("没有找到这个码对应的对象，或不在您的管辖范围内。")
    if not person.scope.holds(row.place, row.sector):
        raise ForbiddenError("这个码由上级机构管理，您不能作废。")
    if subject.issue >= rules.LAST_ISSUE:
        raise DomainError("codes-spent", "这个对象的码已更换过多次，不能再换。", 409)
    now = await clock.database_now(conn)
    if not await store.revoke(conn, person, subject, row, reason.strip(), now):
        raise DomainError("code-revoked", "这个码已经作废，请刷新后查看。", 409)
    found = await listed(conn, codes, base_url, subject.register, "", [subject.record_id], None, 1)
    return found.items[0]
