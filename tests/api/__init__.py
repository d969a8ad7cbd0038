"""What people and scripts ask and are told."""
