"""What this machine can do for a scenario, and why not: network namespaces, file systems that fill or die."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hil.models import DYING_DISK, NETWORK, SMALL_DISK

_FILE_SYSTEMS = Path("/proc/filesystems")


def machine_lacks(need: str) -> str:
    """Why this machine cannot meet a need that no wire meets; "" if it can, or if the need is not its."""
    if need == SMALL_DISK:
        return _no_mounts("tmpfs")
    if need == DYING_DISK:
        if why := _no_mounts("ext4"):
            return why
        missing = [tool for tool in ("mkfs.ext4", "losetup", "mount") if not shutil.which(tool)]
        return f"{', '.join(missing)} is not installed" if missing else ""
    if need == NETWORK:
        return ""  # without namespaces the bench's own forwarder goes deaf
    return ""


def no_namespaces() -> str:
    """Why the uplink cannot run through network namespaces here; "" if it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "the command ip (iproute2) is not installed"
    return ""


def _no_mounts(kind: str) -> str:
    if os.geteuid() != 0:
        return f"a file system of its own ({kind}) needs root"
    known = [line.split()[-1] for line in _FILE_SYSTEMS.read_text(encoding="utf-8").splitlines()]
    return "" if kind in known else f"this kernel has no {kind}"
