"""Carries frames to the centre and its receipts and commands back; the road is Zenoh."""
