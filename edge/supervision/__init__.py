"""Decides whether the gateway still does its work, and what happens when it does not."""
