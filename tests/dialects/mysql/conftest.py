"""MySQL as far as its SQL goes; tests/dialects/mariadb/ asks a server, where one is named."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects.mysql.pymysql import dialect as pymysql

from flask_schemamigrate.dialects import for_dialect
from flask_schemamigrate.dialects.base import Dialect


@pytest.fixture
def mysql() -> Dialect:
    """Our dialect for a MySQL 8.4 that was connected to."""
    told = pymysql()
    told.server_version_info = (8, 4, 0)
    told.is_mariadb = False
    return for_dialect(told)
