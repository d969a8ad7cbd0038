"""The whole park, with real programs."""
