"""Decides who a gateway is, what its birth says of its points, whether it is present, and what it is told."""
