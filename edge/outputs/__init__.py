"""Drives horns, beacons and relays, and notices when they do not follow."""
