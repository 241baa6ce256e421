"""What was done by whom, read and proved: the pages of the audit, its chain, personal data on demand."""
