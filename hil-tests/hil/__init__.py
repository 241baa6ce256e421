"""The bench: one declaration a scenario, run on virtual wires or on a rack, and one report to hand over."""
