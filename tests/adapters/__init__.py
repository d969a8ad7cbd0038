"""The world as we reach it."""
