"""Decides which alarm becomes a warning, how bad it is, whom it calls next, and what its answers mean."""
