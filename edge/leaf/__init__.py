"""The MicroPython board's program: polls, alarms, sounds, buffers and uploads with edge.core as it is."""

import gc

# On a board, garbage of the start must not come to lie between what stays: it is swept up from the first
# import on.
SWEEP_BYTES = 8192
if hasattr(gc, "threshold") and hasattr(gc, "mem_free"):
    gc.threshold(max(SWEEP_BYTES, gc.mem_free() // 32))
