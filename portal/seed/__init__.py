"""What the demonstration starts with: offices, accounts, curated procedures and forms, as data."""
