"""What may be compared, and what is nobody's business here."""

from __future__ import annotations

from collections.abc import Mapping

from ..schema import Schema
from .options import Options

FOREIGN = {
    "alembic_version": "Alembic's version table",
    "django_migrations": "Django's version table",
    "django_content_type": "a table of Django's",
    "flyway_schema_history": "Flyway's version table",
    "schema_version": "Flyway's version table",
    "databasechangelog": "Liquibase's version table",
    "databasechangeloglock": "Liquibase's lock",
    "schema_migrations": "the version table of Rails, dbmate or golang-migrate",
    "ar_internal_metadata": "a table of Rails",
    "goose_db_version": "goose's version table",
    "knex_migrations": "Knex's version table",
    "knex_migrations_lock": "Knex's lock",
    "_prisma_migrations": "Prisma's version table",
    "__efmigrationshistory": "Entity Framework's version table",
    "atlas_schema_revisions": "Atlas's version table",
    "_yoyo_log": "yoyo's log",
    "_yoyo_migration": "yoyo's version table",
    "_yoyo_version": "yoyo's version table",
    "yoyo_lock": "yoyo's lock",
    "migrate_version": "sqlalchemy-migrate's version table",
    "aerich": "aerich's version table",
    "spatial_ref_sys": "a table of PostGIS",
    "geometry_columns": "a table of PostGIS",
    "geography_columns": "a table of PostGIS",
}
"""Tables of other tools by their name in small letters."""

HISTORY = "the history of revisions"
UNKNOWN = "no revision created it"


def reason(key: str, before: Schema, options: Options) -> str | None:
    """Why a table of the database is not to be touched although no model names it, if it is not."""
    name = key.rpartition(".")[2]
    if key in options.history_tables or name in options.history_tables:
        return HISTORY
    if name.lower() in FOREIGN:
        return FOREIGN[name.lower()]
    if key in before.unmanaged:
        return before.unmanaged[key]
    if options.excludes(key):
        return "it is excluded"
    return None if options.owned(key) else UNKNOWN


def unmanaged(before: Schema, models: Schema, options: Options) -> Mapping[str, str]:
    """The tables of the database that are left alone, each with the reason."""
    found = {
        key: why
        for key in before.tables
        if key not in models.tables and (why := reason(key, before, options)) is not None
    }
    others = {key: why for key, why in before.unmanaged.items() if key not in found}
    return {**found, **others}
