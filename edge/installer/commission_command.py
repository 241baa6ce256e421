"""`fengsui edge commission` and `verify-report`: the terminal, the files, the exit codes."""

import asyncio
import base64
import json
import select
import sys
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge import identity
from edge.clock import Clock
from edge.config import ConfigError, Loaded
from edge.configuration.force import in_force
from edge.installer.commission import Sheet, Step, Walk, steps_of
from edge.installer.printed import NoBrowser, to_pdf
from edge.installer.report import NotSigned, document, read, signed, verify
from edge.installer.report_page import page
from edge.status import ask
from edge.version import software

SHEET: Final = "commissioning.json"


class Asked(msgspec.Struct, frozen=True):
    """What the command line said."""

    config: Path
    by: str
    points: list[str]
    folder: Path
    pdf: bool
    again: bool
    json: bool


class Terminal:
    """The technician at a terminal, or a script behind a pipe."""

    def __init__(self, *, quiet: bool) -> None:
        self._out = sys.stderr if quiet else sys.stdout
        self._live = 0

    def say(self, text: str) -> None:
        """Show a line."""
        self.live("")
        print(text, file=self._out, flush=True)

    def live(self, text: str) -> None:
        """Show a line in place of the last live one; nothing where no terminal is."""
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{text}")
            self._out.flush()

    def typed(self) -> str | None:
        """Return a line that was typed meanwhile."""
        if not select.select([sys.stdin], [], [], 0)[0]:
            return None
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else "q"  # the end of a script's input ends the sitting

    async def ask(self, question: str) -> str:
        """Ask and wait for the answer."""
        self.live("")
        print(question, end="", file=self._out, flush=True)
        said = self.typed()
        while said is None:
            said = await asyncio.to_thread(self._waited)
        return said.strip()

    def _waited(self) -> str | None:
        """Wait a little for a line, so that Ctrl-C is heard."""
        select.select([sys.stdin], [], [], 0.5)
        return self.typed()


def run(asked: Asked) -> int:
    """Walk and report; returns the exit code: 0 when everything passed."""
    try:
        loaded = in_force(asked.config).loaded  # the centre's configuration, where that counts
        sheet = _sheet(asked, loaded)
        asyncio.run(_walk(asked, loaded, sheet))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        return 1
    except (OSError, BadSheet) as exc:
        print(exc, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n中断；已完成的已保存 / interrupted; what is done is kept", file=sys.stderr)
        return 130
    return write(asked, loaded, sheet)


class BadSheet(Exception):
    """The kept sheet does not belong to this configuration; says what to do."""


def _sheet(asked: Asked, loaded: Loaded) -> Sheet:
    """Go on with the sheet in the folder, or begin one."""
    steps: list[Step] = [s for s in steps_of(loaded) if not asked.points or s.point in asked.points]
    unknown = sorted(set(asked.points) - {step.point for step in steps})
    if unknown:
        known = ", ".join(sorted({step.point for step in steps_of(loaded)}))
        raise BadSheet(f"no point with alarms is called {', '.join(unknown)}; there are {known}")
    if not steps:
        raise BadSheet(f"{loaded.file} has no point with an alarm of the process: nothing can be tried")
    path = asked.folder / SHEET
    gateway = loaded.config.gateway
    if path.is_file() and not asked.again:
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=Sheet)
        except msgspec.DecodeError as exc:
            raise BadSheet(f"{path} is no sheet of ours ({exc}): give another --out, or --again") from exc
        if kept.gateway != gateway.id or kept.config_hash != loaded.hash:
            raise BadSheet(
                f"{path} was begun with another configuration: what was tried then is no proof for this one;"
                " say --again to begin anew, or give another --out"
            )
        return kept
    asked.folder.mkdir(parents=True, exist_ok=True)
    return Sheet(
        gateway.id,
        gateway.name,
        gateway.config_version,
        loaded.hash,
        asked.by,
        Clock().utc_ms(),
        steps,
        software=software(),
    )


async def _walk(asked: Asked, loaded: Loaded, sheet: Sheet) -> None:
    folder = loaded.beside(loaded.config.gateway.state)

    async def to_gateway(line: str) -> dict[str, Any]:
        try:
            return await ask(folder, line)
        except OSError as exc:
            raise OSError(f"no gateway runs with {asked.config}: {exc}; start it first") from exc

    def keep(now: Sheet) -> None:
        path = asked.folder / SHEET
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(msgspec.json.format(msgspec.json.encode(now)))
        new.replace(path)

    status = await to_gateway("status")
    if "point_tests" not in status:
        raise BadSheet("the gateway that runs is too old for this: update and restart it")
    terminal = Terminal(quiet=asked.json)
    await Walk(sheet, to_gateway, terminal, Clock(), asyncio.sleep, keep).run()


def write(asked: Asked, loaded: Loaded, sheet: Sheet) -> int:
    """Write the report; returns the exit code."""
    report = document(sheet)
    named = loaded.config.gateway.credentials
    try:
        whole = signed(report, loaded.beside(named) if named else Path("/nowhere"))
    except identity.CredentialError as exc:
        print(f"the report is not signed: {exc}", file=sys.stderr)
        whole = {"report": report, "gateway": report["gateway"], "public_key": "", "signature": ""}
    base = asked.folder / f"report-{sheet.gateway}"
    made = [base.with_suffix(".json"), base.with_suffix(".html")]
    made[0].write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made[1].write_text(page(whole), encoding="utf-8")
    if asked.pdf:
        try:
            to_pdf(made[1], base.with_suffix(".pdf"))
            made.append(base.with_suffix(".pdf"))
        except NoBrowser as exc:
            print(exc, file=sys.stderr)
    told = report["summary"]
    complete = told["passed"] == told["alarms"]
    if asked.json:
        files = [str(path) for path in made]
        print(json.dumps({**told, "signed": bool(whole["signature"]), "files": files}, ensure_ascii=False))
    else:
        print(
            f"\n{told['passed']} of {told['alarms']} alarms passed, {told['failed']} failed,"
            f" {told['not_tried']} not tried; {'signed' if whole['signature'] else 'NOT SIGNED'}"
        )
        print("\n".join(f"  {path}" for path in made))
    return 0 if complete else 1


def verify_report(path: Path, key: str, config: Path, *, as_json: bool) -> int:
    """Check the signature of a report; returns the exit code."""
    try:
        whole = read(path)
        expected = key or _own_key(config)
        found = verify(whole, expected)
    except NotSigned as exc:
        print(json.dumps({"good": False, "error": str(exc)}) if as_json else exc, file=sys.stderr)
        return 1
    told = whole["report"]["summary"]
    if as_json:
        known = {"gateway": whole["gateway"], "key": found, "known": bool(expected)}
        print(json.dumps({"good": True, **known, **told}))
        return 0
    passed = f"{told['passed']} of {told['alarms']} passed"
    print(f"in order: signed by {whole['gateway']}, not changed since; {passed}")
    if not expected:
        print(f"its key is {found}: compare it with the centre's register, or give it as --key")
    return 0


def _own_key(config: Path) -> str:
    """Return the key of this machine's gateway, if there is one."""
    try:
        loaded = in_force(config).loaded
        named = loaded.config.gateway.credentials
        raw = loaded.beside(named).read_bytes() if named else b""
        seed = msgspec.json.decode(raw, type=identity.Credentials).seed
        public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)).public_key()
    except (ConfigError, OSError, msgspec.DecodeError, ValueError):
        return ""
    return base64.b64encode(public.public_bytes_raw()).decode()
