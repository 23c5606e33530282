"""Speed, as ratios to a baseline of the same run: python -m tests.bench NAME [--json]."""
