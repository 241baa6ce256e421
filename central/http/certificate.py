"""Takes up the console's certificate when its file was renewed: the next connection is shown the new one."""

from __future__ import annotations

import asyncio
import logging
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uvicorn

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 60.0


def stamp(*files: Path) -> list[tuple[int, int, int] | None]:
    """What tells that one of the files is another now; None for one that cannot be seen."""
    found: list[tuple[int, int, int] | None] = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return found


async def keep_shown(config: uvicorn.Config, every_s: float = LOOK_EVERY_S) -> None:
    """Show a renewed certificate to who connects from then on, until cancelled; open connections stay.

    A pair that does not belong together (a renewal under way) is tried again at the next look.

    Args:
        config: of the running server; without HTTPS there is nothing to do.
        every_s: how often the files are looked at.
    """
    if not config.ssl_certfile or not config.ssl_keyfile:
        return
    files = Path(config.ssl_certfile), Path(config.ssl_keyfile)
    shown = await asyncio.to_thread(stamp, *files)
    failing = False
    while True:
        await asyncio.sleep(every_s)
        now = await asyncio.to_thread(stamp, *files)
        if config.ssl is None or now == shown:
            continue
        try:
            await asyncio.to_thread(_take_up, config.ssl, *files)
        except (OSError, ssl.SSLError) as exc:
            if not failing:
                _log.warning("the console's renewed certificate %s cannot be used yet: %s", files[0], exc)
            failing = True
            continue
        shown, failing = now, False
        _log.info("the console shows the renewed certificate %s", files[0])


def _take_up(shown: ssl.SSLContext, certificate: Path, key: Path) -> None:
    # What does not fit would be half taken, and nobody could connect: tried on another context first.
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    shown.load_cert_chain(certificate, key)
