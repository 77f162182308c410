"""The queries that read pg_catalog, each answering for all tables at once.

What they select is cast to types that every driver hands over alike. The columns are those of
https://www.postgresql.org/docs/current/catalogs.html.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .literals import string

OF_AN_EXTENSION = """EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend e
    WHERE e.classid = '{catalogue}'::regclass AND e.objid = {oid} AND e.deptype = 'e')"""

# An extension's tables are told by RELATIONS; leaving them out here would look up each table's.
IN_TABLE = "c.relkind IN ('r', 'p') AND NOT c.relispartition AND ({where})"

RELATIONS = """
SELECT c.oid::int8, n.nspname = current_schema(), n.nspname::text, c.relname::text,
    c.relkind::text, c.relispartition, c.relpersistence::text, c.reloptions::text[],
    d.description,
    CASE WHEN am.amname <> 'heap' THEN am.amname::text END,
    (SELECT s.spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    (SELECT x.extname::text FROM pg_catalog.pg_depend e
        JOIN pg_catalog.pg_extension x ON x.oid = e.refobjid
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e' LIMIT 1),
    ARRAY(SELECT CASE WHEN pn.nspname = {bare} THEN p.relname::text
            ELSE pn.nspname || '.' || p.relname END
        FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE h.inhrelid = c.oid ORDER BY h.inhseqno)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ({where})
ORDER BY n.nspname, c.relname"""

COLUMNS = f"""
SELECT a.attrelid::int8, a.attnum::int4, a.attname::text, format_type(a.atttypid, a.atttypmod),
    a.atttypid::int8, a.attnotnull, pg_get_expr(f.adbin, f.adrelid),
    a.attidentity::text, a.attgenerated::text,
    a.attcollation::int8, t.typcollation::int8,
    d.description, a.attislocal OR c.relispartition
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND {IN_TABLE}
ORDER BY a.attrelid, a.attnum"""

CONSTRAINTS = f"""
SELECT k.conrelid::int8, k.conname::text, k.contype::text, k.conkey::int4[],
    k.condeferrable, k.condeferred, k.convalidated, k.connoinherit,
    CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
    CASE WHEN rn.nspname = {{bare}} THEN NULL ELSE rn.nspname::text END, r.relname::text,
    CASE WHEN k.contype = 'f' THEN ARRAY(
        SELECT (SELECT b.attname::text FROM pg_catalog.pg_attribute b
            WHERE b.attrelid = k.confrelid AND b.attnum = u.number)
        FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place) ORDER BY u.place) END,
    k.confupdtype::text, k.confdeltype::text, k.confmatchtype::text, {{set_columns}},
    CASE WHEN k.contype = 'x' THEN ARRAY(
        SELECT p.oprname::text FROM unnest(k.conexclop) WITH ORDINALITY AS u (number, place)
        JOIN pg_catalog.pg_operator p ON p.oid = u.number ORDER BY u.place) END, {{since_18}},
    CASE WHEN k.contype IN ('p', 'u', 'x') THEN k.conindid::int8 END
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid AND k.contype = 'f'
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND (k.conislocal OR k.coninhcount = 0)
    AND {IN_TABLE}
ORDER BY k.conrelid, k.conname"""

INDEXES = f"""
SELECT i.indrelid::int8, x.relname::text, i.indexrelid::int8, i.indisunique, i.indnkeyatts::int4,
    string_to_array(i.indkey::text, ' ')::int4[], string_to_array(i.indoption::text, ' ')::int4[],
    CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
        SELECT pg_get_indexdef(i.indexrelid, u.place::int, true)
        FROM generate_series(1, i.indnkeyatts) AS u (place) ORDER BY u.place) END,
    string_to_array(i.indclass::text, ' ')::int8[],
    string_to_array(i.indcollation::text, ' ')::int8[],
    pg_get_expr(i.indpred, i.indrelid), am.amname::text, x.reloptions::text[],
    CASE WHEN x.reltablespace <> 0 THEN (
        SELECT s.spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = x.reltablespace) END,
    {{nulls_not_distinct}}
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = x.relam
WHERE i.indisvalid AND {IN_TABLE}
ORDER BY i.indrelid, x.relname"""

OPERATOR_CLASSES = """
SELECT q.oid::int8, CASE WHEN pg_opclass_is_visible(q.oid) THEN '' ELSE quote_ident(n.nspname)
    || '.' END || quote_ident(q.opcname)
FROM pg_catalog.pg_opclass q JOIN pg_catalog.pg_namespace n ON n.oid = q.opcnamespace
WHERE NOT q.opcdefault"""

OPERATOR_PARAMETERS = """
SELECT a.attrelid::int8, a.attnum::int4 - 1,
    CASE WHEN pg_opclass_is_visible(q.oid) THEN '' ELSE quote_ident(n.nspname) || '.' END
    || quote_ident(q.opcname) || '(' || array_to_string(a.attoptions, ', ') || ')'
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_index i ON i.indexrelid = a.attrelid
JOIN pg_catalog.pg_opclass q ON q.oid = i.indclass[a.attnum - 1]
JOIN pg_catalog.pg_namespace n ON n.oid = q.opcnamespace
WHERE a.attoptions IS NOT NULL AND a.attrelid IN ({oids})"""

COLLATIONS = """
SELECT o.oid::int8, CASE WHEN pg_collation_is_visible(o.oid) THEN '' ELSE quote_ident(n.nspname)
    || '.' END || '"' || replace(o.collname, '"', '""') || '"'
FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
WHERE o.oid IN ({oids})"""

# Types of other schemas count too, because the columns of these tables may be of them.
TYPES = f"""
SELECT t.oid::int8, t.typarray::int8, n.nspname = current_schema(), n.nspname::text,
    t.typname::text, t.typtype::text,
    ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
        WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    t.typnotnull, pg_get_expr(t.typdefaultbin, 0),
    ARRAY(SELECT k.conname::text FROM pg_catalog.pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname),
    ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_catalog.pg_constraint k
        WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname)
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%'
    AND NOT {OF_AN_EXTENSION.format(catalogue="pg_type", oid="t.oid")}
ORDER BY n.nspname, t.typname"""

SEQUENCES = f"""
SELECT n.nspname = current_schema(), n.nspname::text, c.relname::text,
    format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
    s.seqcycle, d.deptype::text, d.refobjid::int8, d.refobjsubid::int4
FROM pg_catalog.pg_sequence s
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
WHERE {{owners}} AND NOT {OF_AN_EXTENSION.format(catalogue="pg_class", oid="c.oid")}"""

NAMESPACES = f"""
SELECT n.nspname::text FROM pg_catalog.pg_namespace n
WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND n.nspname IS DISTINCT FROM current_schema()
    AND NOT {OF_AN_EXTENSION.format(catalogue="pg_namespace", oid="n.oid")}"""

ENUM_USERS = """
SELECT CASE WHEN n.nspname = current_schema() THEN c.relname::text
        ELSE n.nspname || '.' || c.relname END, a.attname::text
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
JOIN pg_catalog.pg_attribute a ON a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped
    AND a.attinhcount = 0
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
    AND NOT c.relispartition
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.typname = {name} AND tn.nspname = {schema}"""

NOT_COPIED = """
SELECT 1 FROM pg_catalog.pg_class c
WHERE c.oid = to_regclass({place})
    AND (c.relkind NOT IN ('r', 'p', 'f') OR c.relhasrules OR row_security_active(c.oid))"""

TYPE_USED = """
SELECT 1 FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::regclass
    AND d.refobjid IN (t.oid, t.typarray) AND d.deptype <> 'i'
WHERE t.oid = to_regtype({place}) LIMIT 1"""

INVALID_INDEX = """
SELECT 1 FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
WHERE NOT i.indisvalid AND x.relname = {name} AND n.nspname = {schema}"""


def where(schemas: Sequence[str | None], tables: Collection[str] | None) -> str:
    """The condition that picks the schemas and, if some are named, the tables by their keys."""
    return " OR ".join(_where(schema, tables) for schema in schemas) or "false"


def bare(schemas: Sequence[str | None]) -> str:
    """The name of the default schema, unless the caller calls it by that name itself."""
    named = ", ".join(string(schema) for schema in schemas if schema is not None)
    if None in schemas or not named:
        return "current_schema()"
    return f"CASE WHEN current_schema() NOT IN ({named}) THEN current_schema() END"


def _where(schema: str | None, tables: Collection[str] | None) -> str:
    name = "current_schema()" if schema is None else string(schema)
    here = f"n.nspname = {name}"
    if tables is None:
        return here
    prefix = "" if schema is None else f"{schema}."
    names = [string(key[len(prefix) :]) for key in tables if key.startswith(prefix)]
    return f"({here} AND c.relname IN ({', '.join(names)}))" if names else "false"
