"""MySQL, and what MariaDB has in common with it."""

from .dialect import MySQL

dialect = MySQL

__all__ = ["dialect"]
