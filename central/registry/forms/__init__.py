"""What a register (台账) is: one declaration, from which check, store, schema, sheet and page follow."""
