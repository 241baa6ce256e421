"""Decides how a call reaches a person, and knows of every call how it ended."""
