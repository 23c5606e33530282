"""What the bot knows and does. Lower rooms never import higher ones; the contract is in pyproject.toml."""
