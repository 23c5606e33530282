"""The database: engine, models, and the only SQL statements of the house."""
