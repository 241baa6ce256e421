"""Brings a new version to a gateway: signed bundles and two slots, one of which runs."""
