"""Hydrological stations that report by SL 651-2014."""
