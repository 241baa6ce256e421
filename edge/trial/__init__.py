"""Lets something new prove itself, a program or a configuration, and goes back to what was before."""
