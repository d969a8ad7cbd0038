"""What is entered rather than metered: fuels, process emissions, green power."""
