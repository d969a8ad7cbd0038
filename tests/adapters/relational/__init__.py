"""Tests of the relational store, on real SQLite files."""
