"""The command line, and everything in one process."""
