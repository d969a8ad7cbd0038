"""The domain, without a world around it."""
