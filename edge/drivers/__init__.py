"""One folder a family of instruments: pure planning and framing, I/O in driver.py, a checklist in quality.toml."""
