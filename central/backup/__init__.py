"""Copies of the centre that are made, verified and restored."""
