"""The routes: one noun a file, each with a `router`."""
