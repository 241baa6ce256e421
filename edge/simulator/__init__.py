"""Plays an instrument from its template: plausible physics, the template's own encoding, and its protocol."""
