"""Decides what of a gateway's frames is believed, committed and receipted."""
