"""What gateway and centre must agree on: messages, keys, quality codes, codec."""
