"""`fengsui central verify-audit` and `audit export|key`: the proof of the audit, also without a database."""

from __future__ import annotations

import base64
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from central import clock
from central.audit import files, roots, store
from central.audit.models import Report
from central.audit.verify import anchors_of_file, verify
from central.db.errors import ConfigurationError
from central.db.opening import opened
from central.devices.cli import run
from central.devices.keys import CentreKey
from central.settings import Settings

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]

audit = App(name="audit", help="The audit: export it with its proof, show the key that signs it.")


def verify_audit(
    *,
    since: Annotated[date | None, Parameter(name="--from")] = None,
    until: Annotated[date | None, Parameter(name="--to")] = None,
    json: bool = False,
    file: Path | None = None,
    roots_file: Annotated[Path | None, Parameter(name="--roots")] = None,
    public_key: Path | None = None,
    state: State = None,
) -> None:
    """Finds every entry of the audit that was edited, removed, moved, put in or cut off.

    The exit code is 1 when something was found.

    Args:
        since: the first day, YYYY-MM-DD; begins at the signed root before it.
        until: the last day; ends at its signed root.
        json: end with one line {"entries","archived","roots","unsealed","skipped_ids","head",
            "findings","unlisted"}.
        file: an exported file in place of the database, which need not exist.
        roots_file: a copy of the file of signed roots, kept elsewhere.
        public_key: file with the centre's public key (base64), kept elsewhere; by default the state's.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        if file is not None:
            _tell(_offline(file, roots_file, _key(public_key)), json=json)
            return
        public = _key(public_key) or CentreKey.load(settings.state).public
        folder = settings.state / roots.FOLDER
        async with opened(settings) as database:
            report = await verify(database, folder, public, roots_file=roots_file, since=since, until=until)
        _tell(report, json=json)

    run(work())


@audit.command(name="export")
def export(*, out: Path, after: int | None = None, state: State = None) -> None:
    """Writes the audit of the database as JSON lines that prove themselves (verify-audit --file).

    Args:
        out: the file; one that ends in .gz is compressed.
        after: leaves out everything up to this position, for example the end of the export before.
        state: state folder.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        key = CentreKey.load(settings.state)
        async with (
            opened(settings) as database,
            database.worker.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            ends = await store.archives(conn)
            start = (ends[-1]["position"], ends[-1]["hash"]) if ends else (0, b"")
            if after is not None and after > start[0]:
                found = await store.hash_at(conn, after)
                if found is None:
                    raise ConfigurationError(f"--after {after}: the chain has no such position")
                start = (after, found)
            now = await clock.database_now(conn)
            position, _, count = await files.write(conn, out, key, "export", now, start)
        print(f"{count} entries up to position {position} in {out}")

    run(work())


@audit.command(name="key")
def show_key(*, state: State = None) -> None:
    """Prints the public key with which the centre's audit is verified; keep it elsewhere."""
    print(base64.b64encode(CentreKey.load(Settings.read(state=state).state).public).decode())


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        key = base64.b64decode(path.read_text(encoding="utf-8").strip(), validate=True)
    except (OSError, ValueError) as exc:
        raise ConfigurationError(f"{path} holds no public key in base64: {exc}") from exc
    if len(key) != 32:
        raise ConfigurationError(f"{path} must hold the 32 bytes of an Ed25519 key in base64, not {len(key)}")
    return key


def _offline(file: Path, roots_file: Path | None, public: bytes | None) -> Report:
    try:
        anchors = anchors_of_file(roots_file, public) if roots_file else None
        chain = files.offline(file, public, anchors.by_position if anchors else {})
    except ValueError as exc:
        raise ConfigurationError(str(exc)) from exc
    if public is None:
        print(
            "without --public-key the file is only compared with the key that it carries",
            file=sys.stderr,
        )
    return Report(
        entries=chain.entries,
        archived=0,
        roots=len(anchors.days) if anchors else 0,
        unsealed=0,
        skipped_ids=0,
        head=chain.position,
        findings=[*(anchors.findings if anchors else []), *chain.findings],
        unlisted=chain.unlisted,
    )


def _tell(report: Report, *, json: bool) -> None:
    for finding in report.findings:
        where = "" if finding.position is None else f" at position {finding.position}"
        which = "" if finding.audit_id is None else f" (entry {finding.audit_id})"
        print(f"{finding.kind}{where}{which}: {finding.detail}")
    if report.unlisted:
        print(f"and {report.unlisted} more")
    if json:
        print(msgspec.json.encode(report).decode())
    else:
        print(
            f"{report.entries} entries up to position {report.head}, {report.archived} of them in archives, "
            f"{report.roots} signed days: {len(report.findings) + report.unlisted} findings; "
            f"{report.unsealed} not sealed yet, {report.skipped_ids} numbers never used (rolled back)"
        )
    if not report.sound:
        raise SystemExit(1)
