"""A serial line without hardware: two pseudo-terminals, joined, so that both ends open a device as always."""

import asyncio
import contextlib
import os
import tty
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def serial_line(link: Path) -> Iterator[str]:
    """Lay a line: whoever listens opens `link`, the instrument opens the path that is yielded.

    Bytes are carried by the running event loop. A link left over from an earlier run is replaced; a file that
    is no link is never touched.

    Raises:
        FileExistsError: something else is at `link`.
        OSError: the link cannot be made there.
    """
    if link.exists() and not link.is_symlink():
        raise FileExistsError(f"{link} exists and is no link; give another path")
    loop = asyncio.get_running_loop()
    (near_a, far_a), (near_b, far_b) = os.openpty(), os.openpty()
    for end in (far_a, far_b):
        tty.setraw(end)
    for end in (near_a, near_b):
        os.set_blocking(end, False)

    def carry(source: int, target: int) -> None:
        # Nobody at the other end for long: what does not fit is lost, as on a wire.
        with contextlib.suppress(BlockingIOError):
            os.write(target, os.read(source, 4096))

    loop.add_reader(near_a, carry, near_a, near_b)
    loop.add_reader(near_b, carry, near_b, near_a)
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(far_b))
        yield os.ttyname(far_a)
    finally:
        loop.remove_reader(near_a)
        loop.remove_reader(near_b)
        with contextlib.suppress(OSError):
            link.unlink(missing_ok=True)
        for end in (near_a, far_a, near_b, far_b):
            os.close(end)
