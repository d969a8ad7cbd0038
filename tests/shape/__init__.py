"""What must hold for the repository itself."""
