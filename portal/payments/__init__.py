"""Money: the dated tariff of fees and the receipts for what was taken. Knows nothing of the post."""
