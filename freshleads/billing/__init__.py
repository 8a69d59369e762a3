"""Plans, credits and the ledger."""
