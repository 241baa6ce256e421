"""Tells the consoles what just changed, each within its jurisdiction."""
