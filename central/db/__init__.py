"""PostgreSQL in the open: server, pools, jurisdiction, migrations, named queries; nothing of any domain."""
