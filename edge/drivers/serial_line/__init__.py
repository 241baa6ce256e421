"""Instruments that speak lines of text, or simple binary frames, on a serial port."""
