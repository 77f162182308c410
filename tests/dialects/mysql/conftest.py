"""MySQL 8.4 as far as its SQL goes; no server of it runs here."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects.mysql.pymysql import dialect as pymysql

from flask_schemamigrate.dialects import Dialect, for_dialect


@pytest.fixture
def mysql() -> Dialect:
    """Our dialect for a MySQL 8.4 that was connected to."""
    told = pymysql()
    told.server_version_info = (8, 4, 0)
    told.is_mariadb = False
    return for_dialect(told)
