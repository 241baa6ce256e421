"""Keeps every record at the plant until the centre has committed it: two SQLite files, one batch a row."""
