"""One suite for each port, over the fake and the real."""
