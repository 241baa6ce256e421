"""Brings a new version to a gateway: signed bundles, two slots, and a trial that goes back by itself."""
