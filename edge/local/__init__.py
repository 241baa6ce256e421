"""The gateway's own page: what an operator on the plant floor sees and does with a phone, with no centre."""
