"""Tests of the relational store, on real SQLite files and a real PostgreSQL."""
