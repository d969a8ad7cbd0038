"""The benchmark measures what it says."""
