"""MariaDB: where it differs from MySQL."""

from .dialect import MariaDB

dialect = MariaDB

__all__ = ["dialect"]
