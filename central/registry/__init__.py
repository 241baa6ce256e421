"""Which enterprises there are: identity, place, supervision and whom to call."""
