"""All cases, by the file they stand in."""

from . import columns, constraints, data, indexes, named, tables

FILES = {
    "columns": columns.CASES,
    "constraints": constraints.CASES,
    "data": data.CASES,
    "indexes": indexes.CASES,
    "named": named.CASES,
    "tables": tables.CASES,
}
