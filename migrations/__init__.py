"""Alembic's migrations: numbered and named, built and tested on SQLite and PostgreSQL."""
