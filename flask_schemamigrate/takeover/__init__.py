"""Taking over a project and its databases from Alembic, and giving them back; floor 5."""
