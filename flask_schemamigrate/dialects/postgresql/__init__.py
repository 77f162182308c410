"""PostgreSQL, through psycopg 3, psycopg2 or asyncpg."""

from .dialect import PostgreSQL

dialect = PostgreSQL

__all__ = ["PostgreSQL", "dialect"]
