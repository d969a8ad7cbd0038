"""The domain of an industrial park's metering: pure values and decisions, no I/O, no clock, no settings."""
