"""Who acts here: regions, agencies, accounts, sessions, what a role may do, and the audit of every change."""
