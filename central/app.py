"""The centre as one process: the only file that knows every part of it.

Order of leaving: readiness says no, streams end, HTTP drains, workers stop, pools close, PostgreSQL stops.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from typing import Any

import uvicorn
from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from msgspec import Struct

from central import clock
from central.audit import routes as audit_routes
from central.audit import worker as audit_worker
from central.audit.personal import Kinds, PersonalKind
from central.audit.trace import LeavesTrace, Refusals
from central.backup import routes as backup_routes
from central.backup import worker as backup_worker
from central.clock import database_now
from central.db import home
from central.db.errors import ConfigurationError
from central.db.opening import opened
from central.db.pool import LONGEST_STATEMENT_S, Database
from central.db.scope import acting
from central.devices import (
    configuration_routes,
    connection_routes,
    enrolment,
    enrolment_routes,
    enrolment_worker,
    fault_routes,
    field_routes,
    figures_routes,
)
from central.devices import routes as devices_routes
from central.devices.authority import CONSOLE, FOLDER
from central.devices.configuration_routes import Configurer
from central.devices.enrolment import Trust
from central.devices.keys import CentreKey
from central.devices.routes import Sender
from central.http import console, health, problems
from central.http.certificate import keep_shown
from central.http.headers import WithHeaders
from central.http.listening import listen
from central.http.origin import WithOrigin
from central.identity import console_routes, oidc_routes, profile_routes, recovery_routes, roles_routes
from central.identity import routes as identity_routes
from central.identity import worker as identity_worker
from central.identity.access import SignedInOnly, provide_person
from central.identity.closed import ClosedToStrangers
from central.identity.oidc import Provider
from central.identity.passwords import Passwords
from central.identity.rules import LoginRate
from central.identity.scope_view import Narrowed
from central.identity.vault import Vault
from central.ingest import configurations
from central.ingest import worker as ingest_worker
from central.ingest.commands import CommandSender
from central.ingest.rate import Limits
from central.ingest.roads import own_certificate
from central.live import routes as live_routes
from central.live.hub import Hub
from central.organisation import moves_routes, regions_routes, relocating
from central.organisation import personal as organisation_personal
from central.organisation import routes as organisation_routes
from central.registry import (
    applications_routes,
    batches_routes,
    codes_routes,
    dictionaries_routes,
    files_parts_routes,
    files_routes,
    files_worker,
    imports_worker,
    life_effects,
    life_routes,
    promises_routes,
    records,
    records_documents,
    records_overview_routes,
    records_routes,
    registration_routes,
    reminding_routes,
    reminding_worker,
    sheets_routes,
)
from central.registry import service as registry
from central.registry.codes import KEY_FILE as CODE_KEY_FILE
from central.registry.codes import Codes
from central.registry.effects import EFFECTS
from central.registry.exports import Desk
from central.registry.files import Attachments
from central.registry.files_parts import Parts as FileParts
from central.registry.sheets.apart import Apart
from central.risk import model_routes as risk_model_routes
from central.risk import routes as risk_routes
from central.risk import worker as risk_worker
from central.router_process import keep_router
from central.settings import Settings, is_loopback
from central.statistics import (
    alarm_days_worker,
    alarm_quality_routes,
    dossier_routes,
    map_ground,
    map_routes,
    views_routes,
    warning_counts_routes,
)
from central.statistics import routes as statistics_routes
from central.telemetry import backtest_routes, packer, patrol, patrol_routes, rollups
from central.telemetry import routes as telemetry_routes
from central.telemetry.backtests import Turns
from central.telemetry.latest import LatestValues
from central.warning import (
    connections,
    level_routes,
    management,
    management_routes,
    notice_worker,
    offline_routes,
    papers,
    patrolled,
    recovery,
    regrading,
    shortage_routes,
    shortages,
)
from central.warning import routes as warning_routes
from central.warning import worker as warning_worker
from central.warning.contacts import contact_of_open_warning
from central.warning.evidence import EvidenceDesk
from central.warning.notify import log as message_log

_log = logging.getLogger(__name__)

VERSION = "0.1.0"
_DRAIN_S = 10
_BODY_LIMIT = 1 << 20


# Whose personal data can be seen in full, one record at a time; each domain brings the reader of its own.
PERSONAL = Kinds(
    enterprise_contact=PersonalKind(read=registry.contact),
    warning_contact=PersonalKind(read=contact_of_open_warning, operation="acknowledge", reason=False),
    message=PersonalKind(read=message_log.number),
    staff=PersonalKind(read=organisation_personal.of_staff),
    account=PersonalKind(read=organisation_personal.of_account),
    record=PersonalKind(read=records.number_in_full),
)


class Metrics(PrometheusController):
    """Numbers for Prometheus."""

    path = "/metrics"
    opt = {"public": True}  # noqa: RUF012 - Litestar's own way to say it
    include_in_schema = False


class Parts(Struct):
    """What requests are answered with.

    `latest` is this process's memory of newest values, `commands` and `configurer` its road to the gateways;
    None where no ingest runs. `trust` lets gateways in; None where there is no state folder with a CA.
    """

    database: Database
    settings: Settings
    hub: Hub
    readiness: health.Readiness
    latest: LatestValues | None = None
    commands: Sender | None = None
    configurer: Configurer | None = None
    trust: Trust | None = None


def make_http(parts: Parts) -> Litestar:
    """The HTTP application over its parts."""
    attachments = Attachments(parts.settings)

    def given(value: object) -> Provide:
        async def provide() -> Any:
            return value

        return Provide(provide)

    EFFECTS.update(life_effects.effects())
    guesses = LoginRate(most=20)
    api = Router(
        "/api/v1",
        route_handlers=[
            *identity_routes.routes,
            *console_routes.routes,
            *views_routes.routes,
            *roles_routes.routes,
            *profile_routes.routes,
            *recovery_routes.routes,
            *oidc_routes.routes,
            *registration_routes.routes,
            *promises_routes.routes,
            *reminding_routes.routes,
            *records_routes.routes,
            *dictionaries_routes.routes,
            *sheets_routes.routes,
            *records_overview_routes.routes,
            *applications_routes.routes,
            *batches_routes.routes,
            *life_routes.routes,
            *files_parts_routes.routes,
            *files_routes.routes,
            *codes_routes.routes,
            *audit_routes.routes,
            *live_routes.routes,
            *devices_routes.routes,
            *field_routes.routes,
            *connection_routes.routes,
            *fault_routes.routes,
            *figures_routes.routes,
            *configuration_routes.routes,
            *enrolment_routes.routes,
            *telemetry_routes.routes,
            *backtest_routes.routes,
            *patrol_routes.routes,
            *warning_routes.routes,
            *level_routes.routes,
            *offline_routes.routes,
            *shortage_routes.routes,
            *management_routes.routes,
            *risk_routes.routes,
            *risk_model_routes.routes,
            *statistics_routes.routes,
            *alarm_quality_routes.routes,
            *warning_counts_routes.routes,
            *dossier_routes.routes,
            *map_routes.routes,
            *organisation_routes.routes,
            *regions_routes.routes,
            *moves_routes.routes,
            *backup_routes.routes,
        ],
        middleware=[
            DefineMiddleware(SignedInOnly, exclude_from_auth_key="public"),
            Narrowed(),
            DefineMiddleware(LeavesTrace, refusals=Refusals()),
        ],
    )
    return Litestar(
        route_handlers=[api, health.live, health.ready, Metrics, console.home, console.file],
        dependencies={
            "person": Provide(provide_person),
            **{name: given(getattr(parts, name)) for name in Parts.__struct_fields__},
            "passwords": given(Passwords()),
            "vault": given(Vault(parts.settings.state)),
            "personal_kinds": given(PERSONAL),
            "login_rate": given(LoginRate()),
            "captcha_rate": given(LoginRate(most=60)),
            "guess_rate": given(guesses),
            "recovery_rate": given(LoginRate(most=6, window_s=600.0)),
            "provider": given(Provider(parts.settings)),
            "enrolment_rate": given(LoginRate(most=20)),
            "application_rate": given(LoginRate(most=10, window_s=600.0)),
            "desk": given(Desk()),
            "back_test_turns": given(Turns()),
            "evidence_desk": given(EvidenceDesk()),
            "apart": given(Apart()),
            "attachments": given(attachments),
            "file_parts": given(FileParts(attachments)),
            "upload_rate": given(LoginRate(most=120)),
            "part_rate": given(LoginRate(most=600)),
            "subject_codes": given(Codes(Vault(parts.settings.state, CODE_KEY_FILE))),
            "code_rate": given(LoginRate(most=120)),
            "forged_rate": given(LoginRate(most=20)),
        },
        exception_handlers=problems.HANDLERS,
        middleware=[
            DefineMiddleware(WithOrigin, trust_proxy=parts.settings.trust_proxy),
            PrometheusConfig(app_name="fengsui", prefix="fengsui", group_path=True).middleware,
            ClosedToStrangers,
        ],
        compression_config=CompressionConfig(
            "gzip", minimum_size=1000, exclude=["^/api/v1/live", "/evidence$"]
        ),
        openapi_config=OpenAPIConfig(
            title="Fengsui 烽燧",
            version=VERSION,
            path="/schema",
            render_plugins=[records_documents.WithRegisters()],
        ),
        request_max_body_size=_BODY_LIMIT,
        state=State(
            {
                **{name: getattr(parts, name) for name in Parts.__struct_fields__},
                "guess_rate": guesses,
                "key_rate": LoginRate(most=1200),
            }
        ),
        debug=False,
        logging_config=None,
    )


async def serve(settings: Settings, started: asyncio.Event | None = None) -> None:
    """Runs the centre until SIGINT or SIGTERM.

    Args:
        settings: how.
        started: set when requests are answered.

    Raises:
        ConfigurationError: it cannot run as it is set up.
    """
    map_ground.check_settings(settings)
    listener = _listener(settings)
    stop = asyncio.Event()
    with _signals(stop), contextlib.closing(listener):
        async with opened(settings, longest_s=LONGEST_STATEMENT_S) as database:
            await _run(settings, database, listener, stop, started or asyncio.Event())


async def _run(
    settings: Settings,
    database: Database,
    listener: socket.socket,
    stop: asyncio.Event,
    started: asyncio.Event,
) -> None:
    key = CentreKey.load(settings.state)
    async with database.worker.acquire() as conn:
        trust = Trust.open(settings, await clock.database_now(conn))
    # Before the roads open: router, broker and we ourselves show what lies here.
    await enrolment_worker.keep_once(database, settings, trust.authority)
    latest, commands = LatestValues(), CommandSender(key)
    parts = Parts(database, settings, Hub(database), health.Readiness(), latest, commands, commands, trust)
    heard = asyncio.Event()
    parts.readiness.add("database", health.database_check(database))
    parts.readiness.add("clock", health.clock_check(database))
    parts.readiness.add("gateways", _heard_check(heard, settings))
    server = QuietServer(
        uvicorn.Config(
            WithHeaders(
                make_http(parts), https=settings.cookie_secure, tiles=map_ground.tile_hosts(settings)
            ),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_S,
            timeout_keep_alive=65,
            **https_files(settings),
        )
    )
    await _look_home(settings, database)
    async with asyncio.TaskGroup() as tasks:
        background = [
            tasks.create_task(work, name=name)
            for name, work in (
                ("hub", parts.hub.run()),
                ("identity", identity_worker.run(database)),
                ("relocating", relocating.run(database)),
                ("audit", audit_worker.run(database, settings, key)),
                ("warning", warning_worker.run(database, settings)),
                ("reminders", reminding_worker.run(database, settings)),
                ("papers", papers.run(database, settings)),
                ("connections", connections.run(database)),
                ("shortages", shortages.run(database)),
                ("patrol", patrol.run(database, settings)),
                ("patrolled", patrolled.run(database)),
                ("management", management.run(database, settings)),
                ("levels", regrading.run(database)),
                ("risk", risk_worker.run(database, settings)),
                ("notices", notice_worker.run(database)),
                ("configurations", configurations.run(database, commands)),
                ("backup", backup_worker.run(database, settings)),
                ("files", files_worker.run(database, settings)),
                ("imports", imports_worker.run(database)),
                ("rollups", rollups.run(database)),
                ("packer", packer.run(database)),
                ("alarm days", alarm_days_worker.run(database)),
                ("certificate", keep_shown(server.config)),
                ("trust", enrolment_worker.run(database, settings, trust.authority)),
                (
                    "ingest",
                    ingest_worker.run(database, parts.hub, key, _ways(settings), latest, commands, heard),
                ),
            )
        ]
        if settings.own_router and settings.router:
            background.append(tasks.create_task(keep_router(settings.router, settings.state), name="router"))
        http = tasks.create_task(server.serve(sockets=[listener]), name="http")
        scheme = "https" if settings.https else "http"
        _log.info("Fengsui answers on %s://%s:%s", scheme, *listener.getsockname()[:2])
        started.set()
        await _first(stop, http)
        parts.readiness.drain()
        parts.hub.close()
        server.should_exit = True
        await http
        for task in background:
            task.cancel()


async def _look_home(settings: Settings, database: Database) -> None:
    """Before any timer fires: a database that is a copy of the one that ran last was restored."""
    async with acting(database.worker) as conn:
        state = None if settings.database_url else settings.state
        place = await home.fingerprint(conn, state)
        if await recovery.look_home(conn, place, await database_now(conn)):
            _log.warning("this database was restored: old calls are held (fengsui central recovery status)")


async def _first(stop: asyncio.Event, http: asyncio.Task[None]) -> None:
    """Waits for the order to leave, or for HTTP to end by itself."""
    ordered = asyncio.ensure_future(stop.wait())
    await asyncio.wait({ordered, http}, return_when=asyncio.FIRST_COMPLETED)
    ordered.cancel()


def _ways(settings: Settings) -> ingest_worker.Ways:
    limits = Limits(settings.gateway_frames_per_s, settings.gateway_bytes_per_s)
    return ingest_worker.Ways(
        enrolment.for_us(settings.router),
        enrolment.for_us(settings.broker),
        own_certificate(settings.state),
        limits,
    )


def _heard_check(heard: asyncio.Event, settings: Settings) -> health.Check:
    named = " and ".join(
        f"{what} {where}"
        for what, where in (("the router", settings.router), ("the broker", settings.broker))
        if where
    )

    async def check() -> str | None:
        return None if heard.is_set() else f"no road to the gateways yet: no answer of {named or 'anybody'}"

    return check


class QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers: leaving has an order, and this file keeps it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Any:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def https_files(settings: Settings) -> dict[str, Any]:
    """The customer's certificate, or one of our own CA, where this process speaks HTTPS itself."""
    if not settings.https:
        return {}
    own = settings.state / FOLDER / CONSOLE
    certificate = settings.https_certificate or str(own.with_suffix(".pem"))
    return {"ssl_certfile": certificate, "ssl_keyfile": settings.https_key or str(own.with_suffix(".key"))}


def _listener(settings: Settings) -> socket.socket:
    if not (is_loopback(settings.host) or settings.cookie_secure or settings.plain_http):
        raise ConfigurationError(
            f"FENGSUI_HOST={settings.host} reaches beyond this machine, and we speak plain HTTP: set "
            "FENGSUI_HTTPS=1, or put a server with HTTPS in front and set FENGSUI_COOKIE_SECURE=1, or set "
            "FENGSUI_PLAIN_HTTP=1 in a closed test network"
        )
    try:
        return listen(settings.host, settings.port)
    except OSError as exc:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port} ({exc.strerror}): "
            "set FENGSUI_PORT to a free port, or stop what uses it"
        ) from exc
