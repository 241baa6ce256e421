"""PostgreSQL in the open: server, pools, jurisdiction, migrations and named queries; nothing of any domain."""
