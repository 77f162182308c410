"""MariaDB: reads, echoes, states, carries out, locks."""

from __future__ import annotations

from ..mysql.dialect import MySQL
from .canonical import MariaDBCanonical
from .echo import MariaDBEcho
from .read import MariaDBCatalogue, MariaDBReader
from .rows import MariaDBRows
from .statements import MariaDBStatements


class MariaDB(MariaDBStatements, MariaDBRows, MySQL):
    """MariaDB 10.5 and later. Each DDL statement commits by itself."""

    title = "MariaDB"
    script_note = ""
    catalogue = MariaDBCatalogue
    reader = MariaDBReader
    canonical = MariaDBCanonical
    echoing = MariaDBEcho
