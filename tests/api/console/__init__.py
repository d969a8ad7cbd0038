"""The console: what its pages show."""
