"""The ways of notices, over real servers."""
