"""Decides how dangerous an enterprise, industry, area and stretch of time is, and why, point by point."""
