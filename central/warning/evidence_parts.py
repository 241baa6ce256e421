"""What a pack of evidence holds of a case, part by part, in the scope of whoever takes it away.

Times are RFC 3339 in the time of China. Telephone numbers are masked as on every page.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.db.queries import load
from central.identity import masking
from central.registry import files
from central.registry.files_models import CLEAN
from central.registry.sheets.cells import guarded
from central.telemetry import packing, rules, spans, store_history
from central.warning import photos, wording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.warning.evidence_pack import Pack, PackedFile
    from central.warning.store import Row

Q = load(__file__, "queries_evidence.sql")

_LINES: Final = 2_000
_AHEAD: Final = 2_000
_CURVE: Final = 240
_UNSAFE: Final = re.compile(r"[^\w.-]+")
_SAMPLE_COLUMNS: Final = (
    "plant_time",
    "receive_time",
    "value",
    "quality",
    "quality_text",
    "clock_synchronised",
)
_POINT_COLUMNS: Final = (
    "id", "key", "name", "gateway_id", "source", "quantity", "unit", "period_ms", "low", "high", "limit_ll",
    "limit_l", "limit_h", "limit_hh",
)  # fmt: skip
_STORY_COLUMNS: Final = (
    "at", "recorded_at", "source", "kind", "title", "detail", "who", "latency_ms", "level", "round", "step",
)  # fmt: skip
_MESSAGE_COLUMNS: Final = (
    "created_at", "level", "round", "step", "agency_name", "person_name", "channel", "number", "text",
    "state", "reason", "attempts", "possibly_twice", "sent_at", "delivered_at", "read_at", "ended_at",
)  # fmt: skip
_EVENT_COLUMNS: Final = (
    "at", "received_at", "gateway_id", "kind", "point", "alarm", "occurrence", "transition", "state", "value",
    "quality", "dated_by_centre", "history", "epoch", "seq",
)  # fmt: skip
_ALARM_COLUMNS: Final = (
    "gateway_id", "alarm", "occurrence", "level", "limit_name", "raised_at", "cleared_at", "raises",
)  # fmt: skip
_AUDIT_COLUMNS: Final = ("position", "hash", "id", "at", "actor_name", "role", "action")


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The stretch of the plant's history that goes into a pack, and its limits."""

    begin: datetime
    end: datetime
    points_most: int
    events_most: int


class Curve:
    """The lowest and highest good value of each piece of the window, for the picture of the summary."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.pieces: list[tuple[float, float] | None] = [None] * _CURVE

    def take(self, at: datetime, value: float | None, quality: int) -> None:
        """One more value."""
        if value is None or isnan(value) or rules.quality_class(quality) != "good":
            return
        share = (at - self.window.begin) / (self.window.end - self.window.begin)
        place = min(max(int(share * _CURVE), 0), _CURVE - 1)
        low, high = self.pieces[place] or (value, value)
        self.pieces[place] = (min(low, value), max(high, value))


async def window_of(conn: Connection, row: Row, now: datetime) -> Window:
    """Give the stretch around a case's alarm.

    Raises:
        LookupError: the table of numbers has no general row.
    """
    rule = await conn.fetchrow(Q.rule, row["place"], now)
    if rule is None:
        raise LookupError(f"evidence_rule has no row for {row['place']!r}, not even the general one")
    return Window(
        begin=row["raised_at"] - timedelta(seconds=rule["before_s"]),
        end=row["raised_at"] + timedelta(seconds=rule["after_s"]),
        points_most=rule["points_most"],
        events_most=rule["events_most"],
    )


def moment(at: datetime | None) -> str:
    """A time as packs write it."""
    return "" if at is None else at.astimezone(wording.CHINA).isoformat(timespec="milliseconds")


# --- lines -------------------------------------------------------------------------------------------------


def cell(value: Any) -> str:
    """A value as a file of lines holds it; a text that a spreadsheet would take for a formula is disarmed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return "" if isinstance(value, float) and isnan(value) else repr(value)
    return str(guarded(str(value)) or "")


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as the bytes of lines (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


async def table(
    pack: Pack, path: str, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """A file of lines from rows that are in memory."""

    def write() -> None:
        with pack.member(path, title) as one:
            one.write(b"\xef\xbb\xbf" + lines([columns]))
            for first in range(0, len(rows), _LINES):
                one.write(lines([row[name] for name in columns] for row in rows[first : first + _LINES]))

    await asyncio.to_thread(write)


# --- the plant's history -----------------------------------------------------------------------------------


async def samples(
    conn: Connection, pack: Pack, gateways: Sequence[str], point_id: int | None, window: Window, curve: Curve
) -> tuple[list[dict[str, Any]], int]:
    """The values of the point and of its neighbours, one file a point, a list of the points after them.

    Returns:
        (points with the number of their rows, how many were left out).
    """
    found = await conn.fetch(Q.points, list(gateways), point_id, window.points_most)
    listed = []
    for number, point in enumerate(found, 1):
        path = f"samples/{number:03d}-{_UNSAFE.sub('_', point['key'])[:60]}.csv"
        title = f"{point['name']} 前后各时段的原始数据" if point["own"] else f"{point['name']}（同网关测点）"
        rows = 0
        with pack.member(path, title) as one:
            await asyncio.to_thread(one.write, b"\xef\xbb\xbf" + lines([_SAMPLE_COLUMNS]))
            async for chunk in _rows(conn, point["id"], window):
                rows += len(chunk)
                await asyncio.to_thread(_keep, one, chunk, curve if point["own"] else None)
        listed.append({name: point[name] for name in _POINT_COLUMNS} | {"rows": rows, "file": path})
    await table(pack, "points.csv", "测点清单与限值", (*_POINT_COLUMNS, "rows", "file"), listed)
    return listed, (found[0]["all_points"] - len(found) if found else 0)


_Sample = tuple[datetime, float | None, int, datetime | None]


def _keep(one: PackedFile, chunk: Sequence[_Sample], curve: Curve | None) -> None:
    one.write(
        lines(
            (at, received, value, quality & 255, rules.quality_reason(quality), rules.synchronised(quality))
            for at, value, quality, received in chunk
        )
    )
    if curve is not None:
        for at, value, quality, _ in chunk:
            curve.take(at, value, quality)


async def _rows(conn: Connection, point_id: int, window: Window) -> AsyncIterator[list[_Sample]]:
    """One point's rows, some at a time: what is packed first, for a day is in one of both."""
    days = (window.begin.astimezone(UTC).date(), window.end.astimezone(UTC).date())
    for row in await conn.fetch(Q.packed_samples, point_id, window.begin, window.end, *days):
        rows = store_history.within(packing.unpack(row["body"]), window.begin, window.end)
        for first in range(0, len(rows), _LINES):
            part = rows.take(slice(first, first + _LINES))
            ids = sorted(set(part.batch.tolist()))
            received = {one["id"]: one["received_at"] for one in await conn.fetch(Q.received, ids)}
            yield [
                (spans.moment(at), None if isnan(value) else value, quality, received.get(batch))
                for at, value, quality, batch in zip(
                    part.at_us.tolist(),
                    part.value.tolist(),
                    part.quality.tolist(),
                    part.batch.tolist(),
                    strict=True,
                )
            ]
    chunk: list[_Sample] = []
    async for row in conn.cursor(Q.samples, point_id, window.begin, window.end, prefetch=_AHEAD):
        chunk.append((row["at"], row["value"], row["quality"], row["received_at"]))
        if len(chunk) == _LINES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def events(conn: Connection, pack: Pack, gateways: Sequence[str], window: Window) -> tuple[int, bool]:
    """What the gateways told in the window; gives how many, and whether more were left out."""
    count = 0
    with pack.member("events.csv", "网关事件（报警、恢复、消音、屏蔽等）") as one:
        await asyncio.to_thread(one.write, b"\xef\xbb\xbf" + lines([_EVENT_COLUMNS]))
        chunk: list[list[Any]] = []
        found = conn.cursor(
            Q.events, list(gateways), window.begin, window.end, window.events_most + 1, prefetch=_AHEAD
        )
        async for row in found:
            count += 1
            if count > window.events_most:
                break
            chunk.append([row[name] for name in _EVENT_COLUMNS])
            if len(chunk) == _LINES:
                await asyncio.to_thread(one.write, lines(chunk))
                chunk = []
        await asyncio.to_thread(one.write, lines(chunk))
    return min(count, window.events_most), count > window.events_most


# --- the case ----------------------------------------------------------------------------------------------


async def story(conn: Connection, pack: Pack, row: Row, *, own: bool) -> list[dict[str, Any]]:
    """The whole story, and of it what people did; gives the lines."""
    found = [dict(line) for line in await conn.fetch(Q.story, row["id"])]
    for line in found:
        line["detail"] = line["detail"] if own else masking.in_text(line["detail"])
    await table(pack, "story.csv", "处置全过程", _STORY_COLUMNS, found)
    people = [line for line in found if line["source"] == "person"]
    columns = ("at", "recorded_at", "who", "kind", "title", "detail")
    await table(pack, "actions.csv", "人员操作", columns, people)
    alarms = [dict(one) for one in await conn.fetch(Q.alarms, row["id"])]
    await table(pack, "alarms.csv", "归入本预警的报警", _ALARM_COLUMNS, alarms)
    return found


async def messages(conn: Connection, pack: Pack, person: Person, row: Row) -> list[dict[str, Any]]:
    """Every call with its receipts; numbers masked but one's own."""
    found = []
    for one in await conn.fetch(Q.messages, row["id"]):
        facts = dict(one)
        address, account_id = facts.pop("address"), facts.pop("account_id")
        own = masking.is_own(person, account_id=account_id)
        found.append(
            facts
            | {
                "number": address if own else masking.phone(address),
                "text": masking.in_text(facts["text"]),
                "reason": wording.REASONS.get(facts["reason"], facts["reason"]),
            }
        )
    await table(pack, "messages.csv", "呼叫与回执", _MESSAGE_COLUMNS, found)
    return found


async def pictures(
    conn: Connection, pack: Pack, attachments: files.Attachments, row: Row
) -> tuple[list[dict[str, Any]], list[str]]:
    """The photographs; gives those that are in, and in words those that could not be read."""
    kept, missing = [], []
    for number, photo in enumerate(await photos.listed(conn, row["id"]), 1):
        found = await files.used(conn, photos.KEPT_BY, row["number"], photo.sha256)
        path = f"photos/{number:02d}-{_UNSAFE.sub('_', photo.name)[-60:]}"
        if found["scan"] != CLEAN:
            missing.append(f"照片“{photo.name}”正在安全检查，未收入。")
            continue
        try:
            blocks = await attachments.objects.read(photo.sha256)
        except FileNotFoundError:
            missing.append(f"照片“{photo.name}”已不在存储中，未收入。")
            continue
        with pack.member(path, f"现场照片，{photo.who} {wording.clock(photo.at)}", packed=False) as one:
            async for block in blocks:
                await asyncio.to_thread(one.write, block)
        kept.append(
            {"file": path, "name": photo.name, "sha256": photo.sha256, "who": photo.who, "at": photo.at}
        )
    return kept, missing


async def chain(pack: Pack, entries: Sequence[Mapping[str, Any]]) -> None:
    """Where the audit's chain holds what was done to the case."""
    await table(pack, "audit.csv", "审计链中的位置", _AUDIT_COLUMNS, entries)


def as_json(value: Any) -> bytes:
    """A value as readable JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
