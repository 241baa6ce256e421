"""Decides when a value was taken, keeps the history by day and the newest value of every point."""
