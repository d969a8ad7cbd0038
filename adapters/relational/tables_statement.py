"""Economic statements, revised and never edited."""
