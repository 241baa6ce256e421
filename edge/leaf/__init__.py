"""The MicroPython board's program: polls, alarms, sounds, buffers and uploads with edge.core as it is."""

import gc

# On a board, garbage of the start must not come to lie between what stays: it is swept up from the first
# import on; seldom in a large heap, where each sweep is long.
SWEEP_BYTES = 8192
_threshold = getattr(gc, "threshold", None)
_free = getattr(gc, "mem_free", None)
if _threshold is not None and _free is not None:
    _threshold(max(SWEEP_BYTES, _free() // 32))
