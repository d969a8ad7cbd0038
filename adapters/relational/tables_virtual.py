"""Virtual meters."""
