"""Tries a centre as a gateway would, or a gateway as a centre would, rule by rule, over a real broker."""
