"""What a demo keeps between runs: passwords, ports, versions; and a lock against a second demo."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from central.db.embedded import EmbeddedServer
from central.db.errors import ConfigurationError

# Read aloud easily: no l, 1, O, 0.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Household:
    """The state folder of one demo."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.centre = self.folder / "centre"
        self.logs = self.folder / "logs"
        self.control = self.folder / "control.sock"
        self._kept = self.folder / "kept.json"

    @contextmanager
    def occupied(self, *, fresh: bool) -> Iterator[None]:
        """Move in: one demo a folder; `fresh` throws away what an earlier one left.

        Raises:
            ConfigurationError: another demo runs here.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise ConfigurationError(
                f"演示已在运行 / a demo is running already under {self.folder}; stop it with Ctrl-C first"
            ) from None
        try:
            if fresh:
                self._clear()
            yield
        finally:
            os.close(handle)

    def _clear(self) -> None:
        # A demo that was killed may have left its database running.
        if self.centre.exists():
            server = EmbeddedServer(self.centre)
            if server.pid is not None:
                server.start()
                server.stop()
        for path in self.folder.iterdir():
            if path.name == "lock":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def secret(self, name: str, given: str = "") -> str:
        """The password kept under `name`; `given` replaces it, otherwise it is made once."""
        kept = self._read()
        value = (
            given
            or kept.get(name)
            or "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        )
        self._keep(name, value)
        return str(value)

    def port(self, name: str) -> int:
        """A free TCP port of 127.0.0.1, the same as last time if it is still free."""
        wanted = int(self._read().get(f"port-{name}", 0))
        for port in (wanted, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                number: int = probe.getsockname()[1]
            self._keep(f"port-{name}", number)
            return number
        raise ConfigurationError("no free TCP port on 127.0.0.1")

    def site(self, key: str) -> Path:
        """The folder of one plant's gateway."""
        folder = self.folder / "gateways" / key
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def write_config(self, path: Path, text: str) -> None:
        """Write a gateway.toml whose `config_version` goes up whenever anything else in it changed."""
        version = int(self._read().get(f"version-{path.parent.name}", 0))
        if not path.exists() or path.read_text(encoding="utf-8") != text.replace("{version}", str(version)):
            version += 1
            self._keep(f"version-{path.parent.name}", version)
            path.write_text(text.replace("{version}", str(version)), encoding="utf-8")

    def _read(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self._kept.read_text(encoding="utf-8"))
        except FileNotFoundError:
            content = {}
        return content

    def _keep(self, name: str, value: object) -> None:
        content = {**self._read(), name: value}
        handle = os.open(self._kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=2)
