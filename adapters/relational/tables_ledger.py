"""What the counter ledger keeps: epochs, suspicions, days and what is due."""
