"""Published figures, their revisions, and closed terms."""
