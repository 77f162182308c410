"""What a person can do about an error of PostgreSQL's, where that is known."""

from __future__ import annotations

import re

from .polite import sqlstate

# undefined_object and undefined_function, dependent_objects_still_exist, feature_not_supported and
# invalid_schema_name: https://www.postgresql.org/docs/current/errcodes-appendix.html
MISSING = frozenset({"42704", "42883"})
DEPENDED_ON = "2BP01"
NOT_SUPPORTED = "0A000"
NO_SCHEMA = "3F000"

# What a column of a view depends on is told by the name of the view's rule, in every language.
RULE_OF_A_VIEW = "_RETURN"

# The extensions of widely used types, functions, operator classes and methods of indexes.
EXTENSIONS = {
    **dict.fromkeys(("citext", "cube", "hstore", "ltree", "lquery", "unaccent")),
    **dict.fromkeys(("geometry", "geography"), "postgis"),
    **dict.fromkeys(("vector", "halfvec", "sparsevec", "hnsw", "ivfflat"), "vector"),
    **dict.fromkeys(("gin_trgm_ops", "gist_trgm_ops", "similarity"), "pg_trgm"),
    **dict.fromkeys(("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"), "uuid-ossp"),
    **dict.fromkeys(("crypt", "gen_salt", "gen_random_uuid", "gen_random_bytes"), "pgcrypto"),
}


def way_out(error: BaseException) -> str | None:
    """What to do about it, as whole sentences; ``None`` where nobody can tell."""
    state, said = sqlstate(error), str(getattr(error, "orig", None) or error)
    if state in MISSING:
        return _extension(said)
    if state == DEPENDED_ON or (state == NOT_SUPPORTED and RULE_OF_A_VIEW in said):
        return (
            "Let the revision drop what depends on it before, as with op.execute('DROP VIEW ...'), "
            "and create it again after the change."
        )
    if state == NO_SCHEMA:
        return (
            "Create the schema first, by hand or in a revision with op.create_schema(). Where the "
            "statement names none, it is one that the connection's search_path names."
        )
    return None


def _extension(said: str) -> str | None:
    """Which extension has what is missing; the first line of a message names it."""
    for word in re.findall(r"\w+", said.partition("\n")[0]):
        if word in EXTENSIONS:
            name = EXTENSIONS[word] or word
            quoted = name if name.isidentifier() else f'"{name}"'
            return (
                f"{word} comes with an extension: let the revision begin with "
                f"op.execute('CREATE EXTENSION IF NOT EXISTS {quoted}')."
            )
    return None
