"""The relational store: registry, users and keys, audit and quarantine, in SQLite or PostgreSQL."""
