"""The name and version of this program, as descriptions, heartbeats and figures tell it."""

import importlib.metadata


def software() -> str:
    """Say "fengsui" with its version, or that it is not installed."""
    try:
        return f"fengsui {importlib.metadata.version('fengsui')}"
    except importlib.metadata.PackageNotFoundError:
        return "fengsui (not installed)"
