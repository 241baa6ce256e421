"""The declared registers: one file a family, each with its `REGISTERS`."""
