"""The database: event log, what is folded from it, the queue of actions. One code path for SQLite and PostgreSQL."""
