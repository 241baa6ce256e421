"""The MicroPython board's program: polls, alarms, sounds, buffers and uploads with edge.core as it is."""
