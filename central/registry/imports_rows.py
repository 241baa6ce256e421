"""Takes rows of a file into a register, inside the transaction of their chunk.

Who owns them, what they link to, which records they mean, and what is wrong with those that cannot be taken.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from central.db.errors import DomainError, FieldProblem
from central.registry import imports_store as store
from central.registry import records_former as former
from central.registry import records_masking as masking
from central.registry.forms.checking import check
from central.registry.forms.register import catalogue
from central.registry.records import create_many
from central.registry.records_models import Given, Kept, Outcome, Owner
from central.registry.sheets import layout, merging, versions
from central.registry.sheets.reading import Problem, Row, column_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.forms.register import Register
    from central.registry.sheets.layout import Sheet

_COLUMNS = {
    "owner": layout.OWNER_CODE, "enterprise_id": layout.OWNER_CODE, "agency_id": layout.AGENCY,
    "record": layout.RECORD, "version": layout.VERSION,
}  # fmt: skip
_BIGGEST = 2**63 - 1
_ZONE = ZoneInfo("Asia/Shanghai")
_BREATH = 20  # rows after which others of this process have their turn


class Taking(Struct, frozen=True, kw_only=True):
    """What holds for every row of a file."""

    person: Person
    register: Register
    present: list[list[str]]
    words: dict[str, dict[str, str]]
    source: str
    submit: bool
    dry: bool
    overwrite: bool = False


class Taken(Struct):
    """What became of some rows; `bad` are those that were refused, with their problems.

    `outdated` of these were refused because their records changed since the file was taken away.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    outdated: int = 0
    bad: list[Row] = []


async def take(conn: Connection, taking: Taking, rows: Sequence[Row]) -> Taken:
    """Writes the good rows and tells what is wrong with the others.

    Args:
        conn: a transaction of the person's scope.
        taking: whose file it is and how it is meant.
        rows: of the file, in order; their problems grow.

    Raises:
        ForbiddenError: the person does not fill in this register any more.
    """
    sheet = layout.laid_out(taking.register)
    givens = await _givens(conn, taking, sheet, rows)
    good = [place for place, row in enumerate(rows) if not row.problems]
    bases = await _bases(conn, taking.register, [rows[place] for place in good])
    outcomes = await _written(conn, taking, sheet, bases, [rows[p] for p in good], [givens[p] for p in good])
    taken = Taken(bad=[])
    for row, outcome in zip((rows[place] for place in good), outcomes, strict=True):
        match outcome.outcome:
            case "created":
                taken.created += 1
            case "changed":
                taken.changed += 1
            case "unchanged":
                taken.unchanged += 1
            case _:
                taken.outdated += any(problem.place == "version" for problem in outcome.problems)
                _tell(sheet, row, outcome.problems)
    whole = set(good)
    for place, row in enumerate(rows):
        if row.problems:
            if place % _BREATH == 0:
                await asyncio.sleep(0)
            if place not in whole:
                _check_the_rest(taking, sheet, row)
            taken.bad.append(row)
    return taken


# -- what names mean ---


async def _givens(conn: Connection, taking: Taking, sheet: Sheet, rows: Sequence[Row]) -> list[Given]:
    own = [row for row in rows if row.sheet == sheet.title]
    codes = await store.by_name(
        conn, "enterprises_by_code", {row.owner_code for row in own if row.owner_code}
    )
    names = await store.by_name(conn, "agencies_by_name", {row.agency for row in own if row.agency})
    await _follow_links(conn, taking, sheet, own, codes)
    givens = []
    for row in rows:
        owner = Owner()
        if row.owner_code and row.agency:
            row.problems.append(Problem(layout.AGENCY, "企业与机构只能填一个。", "请删去其中一个。"))
        elif row.owner_code and row.owner_code not in codes:
            words = f"没有统一社会信用代码为“{row.owner_code}”的企业，或不在您的管辖范围内。"
            row.problems.append(Problem(layout.OWNER_CODE, words, "请核对代码。"))
        elif row.agency and row.agency not in names:
            words = f"没有名为“{row.agency}”的机构，或不在您的管辖范围内。"
            row.problems.append(Problem(layout.AGENCY, words, "请核对名称。"))
        elif row.owner_code:
            owner = Owner(enterprise_id=codes[row.owner_code])
        elif row.agency:
            owner = Owner(agency_id=names[row.agency])
        givens.append(Given(owner=owner, values=row.values, record_id=_number(row)))
    if not taking.register.key and not taking.register.single:
        return await _recognised(conn, taking, sheet, rows, givens)
    return givens


def _number(row: Row) -> int | None:
    if not row.record:
        return None
    if row.version and _version(row) is None:
        row.problems.append(
            Problem(layout.VERSION, f"“{row.version[:40]}”不是版本号。", "请保持导出时的版本，或留空。")
        )
    if row.record.isascii() and row.record.isdigit() and int(row.record) <= _BIGGEST:
        return int(row.record)
    row.problems.append(
        Problem(layout.RECORD, f"“{row.record[:40]}”不是记录编号。", "请保持导出时的编号，新增时留空。")
    )
    return None


def _version(row: Row) -> int | None:
    text = row.version
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


# Former states of records by number and version: what somebody saw who took a file away.
Bases: TypeAlias = dict[tuple[int, int], dict[str, Any]]


async def _bases(conn: Connection, register: Register, rows: list[Row]) -> Bases:
    """What records were when the file was taken away, of those that changed since."""
    wanted = [
        (int(row.record), version) for row in rows if row.record and (version := _version(row)) is not None
    ]
    return {
        (found["record_id"], found["version"]): former.current(register.record, found["payload"])
        for found in await store.former_states(conn, register, wanted)
    }


def _still(
    taking: Taking, sheet: Sheet, bases: Bases, old: Kept, shown: dict[str, Any], row: Row
) -> list[list[str]]:
    """The fields of a row that may be written, now that its record is what it is and nobody else has it.

    Raises:
        DomainError: the record was changed since the file was taken away, and so was the row.
    """
    version = _version(row)
    if not row.record or version is None or version == old.version:
        return taking.present
    base = bases.get((old.id, version))
    if base is not None and not masking.sees_all(taking.person, Owner(old.enterprise_id, old.agency_id)):
        base = masking.masked(taking.register, base)
    found = versions.compared(sheet, taking.present, base, shown, row.values, taking.words)
    if not found.yours or not found.theirs or taking.overwrite:
        return found.yours
    when = f"{old.changed_at.astimezone(_ZONE):%Y-%m-%d %H:%M}"
    who = old.changed_name or "他人"
    whose = versions.titles(sheet, found.theirs)
    problem = f"这条记录在导出之后已由{who}于 {when} 修改（{whose}）；{'；'.join(found.lines)}。"
    remedy = f"核对后把版本改为 {old.version} 即按本行写入，或在导入页面选择一起写入。"
    raise DomainError("outdated", problem, 409, [FieldProblem("version", problem, remedy)])


async def _recognised(
    conn: Connection, taking: Taking, sheet: Sheet, rows: Sequence[Row], givens: list[Given]
) -> list[Given]:
    """Where no key tells records apart, a row is the record that says exactly the same."""
    register, words = taking.register, taking.words
    open_ = [
        place for place, (row, given) in enumerate(zip(rows, givens, strict=True))
        if not row.problems and given.record_id is None
    ]  # fmt: skip
    if not open_:
        return givens
    clean = {place: check(register.record, givens[place].values, submitted=False)[0] for place in open_}
    owners = {place: _owner_of(taking.person, givens[place].owner) for place in open_}
    found = await store.alike(
        conn, register,
        sorted({o.enterprise_id for o in owners.values() if o.enterprise_id is not None}),
        sorted({o.agency_id for o in owners.values() if o.agency_id is not None}),
        list(clean.values()),
    )  # fmt: skip
    looks: dict[tuple[Owner, bytes], int] = {}
    for record in found:
        mark = _look(sheet, record["payload"], words)
        looks.setdefault((Owner(record["enterprise_id"], record["agency_id"]), mark), record["id"])
    for place in open_:
        number = looks.get((owners[place], _look(sheet, clean[place], words)))
        if number is not None:
            givens[place] = msgspec.structs.replace(givens[place], record_id=number)
    return givens


def _owner_of(person: Person, asked: Owner) -> Owner:
    if asked != Owner():
        return asked
    if person.enterprise_id is not None:
        return Owner(enterprise_id=person.enterprise_id)
    return Owner(agency_id=person.agency_id)


def _look(sheet: Sheet, values: dict[str, Any], words: dict[str, dict[str, str]]) -> bytes:
    return msgspec.json.encode(merging.image(sheet, values, words), order="sorted")


async def _follow_links(
    conn: Connection, taking: Taking, sheet: Sheet, rows: Sequence[Row], codes: dict[str, int]
) -> None:
    """Gives links that were named without a number the number of what has that name."""
    open_: dict[str, list[tuple[Row, str, dict[str, str]]]] = {}
    for row in rows:
        for to, column, link in _open_links(sheet, row.values, ""):
            open_.setdefault(to, []).append((row, column, link))
    for to, links in open_.items():
        names = {link["label"] for _, _, link in links}
        register = catalogue().get(to)
        found: Sequence[Any] | None = (
            await store.titled(conn, register, names) if register else await store.things(conn, to, names)
        )
        for row, column, link in links:
            label = link["label"]
            owner = codes.get(row.owner_code) or taking.person.enterprise_id
            fitting = [one for one in found or () if label in (one["name"], one["id"])]
            own = [one for one in fitting if register and owner and one["enterprise_id"] == owner]
            numbers = {one["id"] for one in own or fitting}
            if len(numbers) == 1:
                link["id"] = numbers.pop()
            elif numbers:
                words = f"有 {len(numbers)} 个“{label}”。"
                row.problems.append(Problem(column, words, "请写作“名称〔编号〕”。"))
            else:
                words = "没有这个词" if to.startswith("dictionary/") else "没有找到，或不在您的管辖范围内"
                row.problems.append(
                    Problem(column, f"“{label}”{words}。", "请核对名称，或写作“名称〔编号〕”。")
                )


def _open_links(
    sheet: Sheet, values: dict[str, Any], where: str
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for leaf in sheet.leaves:
        if leaf.field.kind == "link":
            value = _at(values, leaf.path)
            if isinstance(value, dict) and not value["id"]:
                yield leaf.field.to, where + leaf.columns[0].heading.lstrip("*"), value
    for group in sheet.groups:
        for entry in _at(values, group.place) or ():
            yield from _open_links(group, entry, f"{group.title}·")


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


# -- writing ---


async def _written(
    conn: Connection, taking: Taking, sheet: Sheet, bases: Bases, rows: list[Row], givens: list[Given]
) -> list[Outcome]:
    """What became of rows; where the database refuses all because of one, halves are tried."""
    if not rows:
        return []

    def merge(place: int, old: Kept) -> dict[str, Any]:
        whose = Owner(old.enterprise_id, old.agency_id)
        shown = old.payload
        if not masking.sees_all(taking.person, whose):
            shown = masking.masked(taking.register, shown)
        present = _still(taking, sheet, bases, old, shown, rows[place])
        return merging.merged(sheet, present, old.payload, shown, rows[place].values, taking.words)

    try:
        async with conn.transaction():
            return await create_many(
                conn, taking.person, taking.register, givens, taking.source, submit=taking.submit,
                dry=taking.dry, merge=merge,
            )  # fmt: skip
    except DomainError as exc:
        if exc.http_status == 403:
            raise
        if len(rows) == 1:
            told = list(exc.fields) or [FieldProblem("values", exc.detail)]
            return [Outcome(outcome="refused", problems=told)]
    half = len(rows) // 2
    first = await _written(conn, taking, sheet, bases, rows[:half], givens[:half])
    return first + await _written(conn, taking, sheet, bases, rows[half:], givens[half:])


def _tell(sheet: Sheet, row: Row, problems: Sequence[FieldProblem]) -> None:
    for problem in problems:
        place = problem.place.removeprefix("values").removeprefix(".")
        column = _COLUMNS.get(place) or column_of(sheet, row, place)
        row.problems.append(Problem(column, problem.problem, problem.remedy))


def _check_the_rest(taking: Taking, sheet: Sheet, row: Row) -> None:
    """A row that could not be read in full tells what is wrong with its other fields as well, at once."""
    if row.sheet != sheet.title:
        return
    told = {problem.column for problem in row.problems}
    there = {".".join(path) for path in taking.present}
    _, problems = check(taking.register.record, row.values, submitted=taking.submit)
    for problem in problems:
        column = column_of(sheet, row, problem.place)
        top = problem.place.partition("[")[0]
        if column and column not in told and any(top == one or top.startswith(f"{one}.") for one in there):
            row.problems.append(Problem(column, problem.problem, problem.remedy))
