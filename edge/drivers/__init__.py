"""One folder a family of instruments: pure planning and framing, I/O in driver.py, a list in quality.toml."""
