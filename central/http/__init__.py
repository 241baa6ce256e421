"""How the centre speaks HTTP: problems, pages, tags, headers, health, the console's files; no domain."""
