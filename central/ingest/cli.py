"""`fengsui central router`, `gaps`, `import-spool`, `quarantine …`: an operator and the way of records."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from central.db.opening import opened, operating
from central.devices.authority import FOLDER
from central.devices.cli import run
from central.devices.enrolment_worker import access_file
from central.devices.keys import CentreKey
from central.ingest import gaps as audit
from central.ingest import old_card, resolve
from central.ingest import router as zenoh_router
from central.settings import Settings

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]

quarantine = App(name="quarantine", help="Rows that PostgreSQL refused: replay or dismiss them, by name.")


def router(
    *,
    listen: str | None = None,
    ca: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
    access: Path | None = None,
    link: list[str] | None = None,
    state: State = None,
) -> None:
    """Runs the Zenoh router that gateways and central processes connect to; Ctrl-C ends it.

    With tls/… it takes the files of the state folder's `pki`, follows their changes, and lets each gateway
    reach its own keys only; SIGHUP loads it anew.

    Args:
        listen: endpoint; FENGSUI_ROUTER, by default tcp/127.0.0.1:7447. Beyond loopback it must be tls/….
        ca: PEM of the CA whose certificates are let in.
        certificate: PEM of the router's own certificate.
        key: PEM of its key.
        access: the list of gateways that may connect (gateways.json).
        link: another router to make a mesh with, one a county for example; may be given again.
        state: state folder.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    settings = Settings.read(router=listen, state=state)
    pki = settings.state / FOLDER
    tls = None
    if settings.router.startswith("tls/"):
        tls = zenoh_router.TlsFiles(
            ca or pki / "ca.pem", certificate or pki / "router.pem", key or pki / "router.key"
        )

    async def work() -> None:
        await zenoh_router.serve(settings.router, tls, access or access_file(settings.state), link or ())

    run(work())


def gaps(*, json: bool = False, state: State = None) -> None:
    """Counts what is missing, stored twice or declared lost, gateway by gateway.

    Args:
        json: end with one line {"gateways","records","missing","duplicate","declared_lost"}.
        state: state folder.
    """

    async def work() -> None:
        async with opened(Settings.read(state=state)) as database:
            report = await audit.audit(database)
        for finding in report.findings:
            print(
                f"{finding.gateway} {finding.stream} epoch {finding.epoch}: "
                f"{finding.count} {finding.kind.replace('_', ' ')} ({finding.detail})"
            )
        summary = report.summary
        if json:
            print(msgspec.json.encode(summary).decode())
        else:
            print(
                f"{summary.gateways} gateways, {summary.records} records: {summary.missing} missing, "
                f"{summary.duplicate} duplicate, {summary.declared_lost} declared lost"
            )

    run(work())


def import_spool(folder: Path, *, gateway: str, by: str, note: str = "", state: State = None) -> None:
    """Takes in what the card of a broken gateway holds and the centre lacks; the card is only read.

    Args:
        folder: with events.db and measurements.db, the gateway's `state` folder.
        gateway: whose card it was.
        by: your name: what is on a card was never signed, so you vouch for it.
        note: where it came from.
        state: state folder of the centre.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        async with opened(settings) as database:
            key = CentreKey.load(settings.state)
            taken = await old_card.take_in(database, key, folder, gateway, by, note)
        print(
            f"{taken.records} records in {taken.batches} batches are here now; "
            f"{taken.left} batches were not taken, {taken.rotten} were damaged"
        )

    run(work())


@quarantine.command(name="list")
def quarantine_list(*, state: State = None) -> None:
    """Lists the rows that wait to be replayed or dismissed."""

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            for row in await resolve.waiting(conn):
                print(
                    f"{row['id']:6} {row['quarantined_at']:%Y-%m-%d %H:%M:%S} {row['gateway_id']} stream "
                    f"{row['stream']} epoch {row['epoch']:x} number {row['seq']}: {row['sqlstate']} "
                    f"{row['reason']}"
                )

    run(work())


@quarantine.command(name="replay")
def quarantine_replay(row_id: int, *, by: str, note: str = "", state: State = None) -> None:
    """Stores a quarantined row after all, once what refused it has been mended.

    Args:
        row_id: as `quarantine list` shows it.
        by: your name; it stays with the row.
        note: what was mended.
        state: state folder.
    """

    async def work() -> None:
        async with opened(Settings.read(state=state)) as database:
            await resolve.replay(database, row_id, by, note)
        print(f"row {row_id} replayed")

    run(work())


@quarantine.command(name="dismiss")
def quarantine_dismiss(row_id: int, *, by: str, note: str, state: State = None) -> None:
    """Gives a quarantined row up: from now on it counts as declared lost.

    Args:
        row_id: as `quarantine list` shows it.
        by: your name; it stays with the row.
        note: why.
        state: state folder.
    """

    async def work() -> None:
        async with opened(Settings.read(state=state)) as database:
            await resolve.dismiss(database, row_id, by, note)
        print(f"row {row_id} dismissed")

    run(work())
