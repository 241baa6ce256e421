"""Which configuration a gateway runs with, and how one of the centre comes into force, or does not."""
