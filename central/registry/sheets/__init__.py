"""Registers as tables: the template to fill in, what people send back, and what they take away."""
