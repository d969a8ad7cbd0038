"""From message to store, nothing lost."""
