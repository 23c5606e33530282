"""The only SQL statements of the house, a file a subject. They return plain rows or models; they never commit."""
