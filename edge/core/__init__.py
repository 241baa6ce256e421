"""What decides at the plant, without I/O, clock or thread; runs on CPython and on MicroPython as it is."""
