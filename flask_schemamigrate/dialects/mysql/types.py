"""How MySQL prints column types, and which SQLAlchemy type a printed one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from ...schema import Type
from ..declared import Declared

SHAPE = re.compile(
    r"""^\s*(?P<word>[a-z][\w ]*?)\s*
        (?:\((?P<arguments>(?:'(?:[^'\\]|''|\\.)*'|[^')])*)\))?
        (?P<rest>(?:\s+[\w.]+)*)\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
CHARACTER_SET = re.compile(r"\s*\b(?:CHARACTER\s+SET|CHARSET)\s+(\S+)", re.IGNORECASE)
COLLATE = re.compile(r"\s*\bCOLLATE\s+(\S+)", re.IGNORECASE)
MODIFIERS = re.compile(r"\b(UNSIGNED|SIGNED|ZEROFILL)\b", re.IGNORECASE)
TRAILING = re.compile(r"\s+(UNSIGNED|SIGNED|ZEROFILL)\s*$", re.IGNORECASE)
LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'")
SHORT_SET = re.compile(r"(?<!SET)(?<!\s)\s+(ASCII|UNICODE)(?=\s+COLLATE\b|\s*$)", re.IGNORECASE)
SHORT_SETS = {"ascii": "latin1", "unicode": "ucs2"}
"""The character sets that a type may name by a word of its own."""

SYNONYMS = {
    "integer": "int",
    "int4": "int",
    "int8": "bigint",
    "int2": "smallint",
    "int1": "tinyint",
    "dec": "decimal",
    "fixed": "decimal",
    "numeric": "decimal",
    "double precision": "double",
    "real": "double",
    "character": "char",
    "character varying": "varchar",
    "clob": "longtext",
    "long": "mediumtext",
    "long varchar": "mediumtext",
    "long varbinary": "mediumblob",
    "middleint": "mediumint",
}
INTEGERS = ("tinyint", "smallint", "mediumint", "int", "bigint")
NUMBERS = (*INTEGERS, "decimal", "float", "double", "year")
TEXTS = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set")
LONG = (
    *("tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob"),
    *("json", "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring"),
    *("multipolygon", "geometrycollection", "geomcollection"),
)
BLOB_SIZES = ((255, "tinyblob"), (65535, "blob"), (16777215, "mediumblob"))


@lru_cache(maxsize=1024)
def base(text: str) -> str:
    """The type's word without arguments: ``decimal`` of ``decimal(8,2) unsigned``."""
    return re.split(r"[(\s]", text.strip().lower(), maxsplit=1)[0]


def collation(text: str) -> str | None:
    """The collation a type's text asks for."""
    found = COLLATE.search(LITERAL.sub("''", text))
    return found[1].strip("`'\"") if found else None


def character_set(text: str) -> str | None:
    """The character set a type's text asks for."""
    found = CHARACTER_SET.search(LITERAL.sub("''", text))
    return found[1].strip("`'\"").lower() if found else None


def bare(text: str) -> str:
    """A type's text without its character set and collation, which always stand at its end."""
    blanked = LITERAL.sub(lambda found: "'" * len(found[0]), text)
    starts = [found.start() for word in (CHARACTER_SET, COLLATE) if (found := word.search(blanked))]
    return text[: min(starts)].rstrip() if starts else text


def integer(text: str) -> tuple[str, bool] | None:
    """The size of an integer type, by its word, and whether it has no sign; else ``None``."""
    words = Types().spelled(text).split()
    size = base(words[0])
    return (size, not {"unsigned", "zerofill"}.isdisjoint(words)) if size in INTEGERS else None


class Types:
    """The type texts of MySQL 8.0.19 and later, which prints no display widths."""

    # (signed, unsigned) widths that the server prints where none was given.
    widths: ClassVar[Mapping[str, tuple[int, int]]] = {}
    year = "year"
    has_uuid: ClassVar[bool] = False

    def spelled(self, text: str) -> str:
        """A type's text as the server prints it; what is not recognised stays as it is."""
        text = SHORT_SET.sub(lambda found: f" CHARACTER SET {SHORT_SETS[found[1].lower()]}", text)
        plain = bare(text)
        suffix = text[len(plain) :]
        found = SHAPE.match(plain)
        if found is None:
            return text
        word = re.sub(r"\s+", " ", found["word"].lower())
        modifiers = " ".join(MODIFIERS.findall(found["rest"])).lower()
        # "INTEGER UNSIGNED" has no parentheses to part the word from what follows it.
        while (trailing := TRAILING.search(word)) is not None:
            modifiers = f"{trailing[1].lower()} {modifiers}".strip()
            word = word[: trailing.start()]
        if word.startswith(("national", "nchar", "nvarchar")) or "binary" in found["rest"].lower():
            return text
        arguments = _arguments(found["arguments"])
        word = SYNONYMS.get(word, word)
        words = [self._with_arguments(word, arguments, modifiers)]
        words += [modifier for modifier in modifiers.split() if modifier != "signed"]
        return " ".join(words) + _suffix(suffix)

    def _with_arguments(self, word: str, arguments: list[str], modifiers: str) -> str:
        if word in ("bool", "boolean"):
            return "tinyint(1)"
        if word in INTEGERS:
            return self.integer(word, arguments, modifiers)
        if word == "decimal":
            precision, scale = [*arguments, *("10", "0")[len(arguments) :]]
            return f"decimal({precision},{scale})"
        if word == "float":
            if len(arguments) == 1:
                return "float" if int(arguments[0]) <= 24 else "double"
        elif word == "year":
            return self.year
        elif word == "blob" and arguments:
            size = int(arguments[0])
            return next((name for limit, name in BLOB_SIZES if size <= limit), "longblob")
        elif word in ("char", "binary", "bit") and not arguments:
            arguments = ["1"]
        elif word in ("datetime", "timestamp", "time") and arguments == ["0"]:
            arguments = []
        return f"{word}({','.join(arguments)})" if arguments else word

    def integer(self, word: str, arguments: list[str], modifiers: str) -> str:
        """An integer type with the width that the server prints."""
        if (word == "tinyint" and arguments == ["1"]) or ("zerofill" in modifiers and arguments):
            return f"{word}({arguments[0]})"
        return word

    # -- back to SQLAlchemy

    def python(self, type_: Type) -> sa.types.TypeEngine[Any]:
        """The SQLAlchemy type that is spelled like this one."""
        plain = bare(type_.text)
        found = SHAPE.match(plain)
        word = base(plain)
        if found is None:
            return Declared(type_.text)
        arguments = _arguments(found["arguments"])
        if word in NUMBERS:
            return self._number(word, arguments, plain.lower())
        if word in TEXTS:
            return _textual(word, arguments, type_.text)
        return self._other(word, arguments) or Declared(type_.text)

    def _number(self, word: str, arguments: list[str], text: str) -> sa.types.TypeEngine[Any]:
        kind = getattr(mysql, {"int": "INTEGER"}.get(word, word.upper()))
        flags = {name: True for name in ("unsigned", "zerofill") if name in text}
        numbers = [int(argument) for argument in arguments]
        if word == "year":
            return sa_type(mysql.YEAR())
        if word in INTEGERS:
            if text == "tinyint(1)":
                return sa.Boolean()
            plain = {"int": sa.Integer, "bigint": sa.BigInteger, "smallint": sa.SmallInteger}
            if not flags and word in plain and self.spelled(word) == text:
                return plain[word]()
            width = numbers[0] if numbers and self.spelled(word) != text else None
            return sa_type(kind(display_width=width, **flags))
        if word == "decimal" and not flags:
            precision, scale = numbers
            return sa.Numeric(precision, scale)
        if not numbers and not flags:
            return sa.Float() if word == "float" else sa.Double()
        return sa_type(kind(*numbers, **flags))

    def _other(self, word: str, arguments: list[str]) -> sa.types.TypeEngine[Any] | None:
        number = int(arguments[0]) if arguments else None
        simple: dict[str, Callable[[], Any]] = {
            "date": sa.Date,
            "json": sa.JSON,
            "blob": sa.LargeBinary,
            "tinyblob": mysql.TINYBLOB,
            "mediumblob": mysql.MEDIUMBLOB,
            "longblob": mysql.LONGBLOB,
            "binary": lambda: sa.BINARY(number),
            "varbinary": lambda: sa.VARBINARY(number),
            "bit": lambda: mysql.BIT(number),
            "datetime": lambda: sa.DateTime() if number is None else mysql.DATETIME(fsp=number),
            "timestamp": lambda: sa.TIMESTAMP() if number is None else mysql.TIMESTAMP(fsp=number),
            "time": lambda: sa.Time() if number is None else mysql.TIME(fsp=number),
        }
        if self.has_uuid:
            # Uuid is a CHAR to the SQLAlchemy 2.0 that does not know it talks to MariaDB.
            simple["uuid"] = sa.UUID
        make = simple.get(word) or getattr(mysql, word.upper(), None)
        return None if make is None else sa_type(make())


def sa_type(made: Any) -> sa.types.TypeEngine[Any]:
    """A type of SQLAlchemy's MySQL dialect, whose constructors carry no annotations."""
    type_: sa.types.TypeEngine[Any] = made
    return type_


def _textual(word: str, arguments: list[str], text: str) -> sa.types.TypeEngine[Any]:
    """A type of characters."""
    how: dict[str, Any] = {}
    if (found := collation(text)) is not None:
        how["collation"] = found
    if (charset := character_set(text)) is not None:
        how["charset"] = charset
    if word in ("enum", "set"):
        values = [unquoted(argument) for argument in arguments]
        if word == "set":
            return sa_type(mysql.SET(*values, **how))
        return sa_type(mysql.ENUM(*values, **how)) if how else sa.Enum(*values)
    length = int(arguments[0]) if arguments else None
    if "charset" in how or word not in ("char", "varchar", "text"):
        kind = getattr(mysql, word.upper())
        return sa_type(kind(length, **how) if word in ("char", "varchar") else kind(**how))
    plain = {"char": sa.CHAR, "varchar": sa.String, "text": sa.Text}
    return plain[word](length, **how)


def unquoted(literal: str) -> str:
    """The text of a string literal, with doubled quotes and backslashes undone."""
    inner = literal.strip()[1:-1]
    escapes = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "Z": "\x1a"}
    return re.sub(
        r"''|\\(.)",
        lambda found: "'" if found[0] == "''" else escapes.get(found[1], found[1]),
        inner,
        flags=re.DOTALL,
    )


def _arguments(text: str | None) -> list[str]:
    """What stands between a type's parentheses, without spaces around commas."""
    if text is None or not text.strip():
        return []
    return re.findall(r"'(?:[^'\\]|''|\\.)*'|[^\s,']+", text)


def _suffix(text: str) -> str:
    """The collation, which implies the character set; else the character set."""
    if (found := collation(text)) is not None:
        return f" COLLATE {found}"
    return f" CHARACTER SET {charset}" if (charset := character_set(text)) else ""
