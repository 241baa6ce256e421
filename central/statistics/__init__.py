"""What the home page counts: read models over all domains, written by none."""
