"""The tests: a folder for each package, and what holds between them."""
