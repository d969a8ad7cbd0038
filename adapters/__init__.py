"""The world: brokers, stores, settings, clock and log.  No business words here."""
