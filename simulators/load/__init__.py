"""Load: ten thousand devices from one process, over a few connections or one for each of them."""
