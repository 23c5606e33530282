"""A message or an edition in a medium."""
