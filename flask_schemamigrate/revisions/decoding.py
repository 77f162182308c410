"""The text of Python source, what tells whether it is as it was, and how the history keeps it."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

LONGEST_KEPT = 65_535


def decoded(data: bytes) -> str:
    """The text of Python source, which is UTF-8 unless its first lines say otherwise."""
    found = data.decode(_encoding(data))
    return found.replace("\r\n", "\n").replace("\r", "\n") if "\r" in found else found


def digest(text: str) -> str:
    """What tells whether a file is as it was, whatever line ends a system gives it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keepable(text: str) -> str | None:
    """The text as any database can keep it: in ASCII, by way of UTF-7 (RFC 2152) where it is not.

    ``None`` for one that is longer than MySQL's TEXT, 65 535 bytes.
    """
    kept = text if text.isascii() else text.encode("utf-7").decode("ascii")
    return kept if len(kept) <= LONGEST_KEPT else None


def restored(kept: str, known: str) -> bytes | None:
    """The source that was kept, as a file has it; ``None`` if its digest is not the known one."""
    with suppress(UnicodeError):
        text = kept if digest(kept) == known else kept.encode("ascii").decode("utf-7")
        if digest(text) == known:
            return text.encode(_encoding(text.encode("ascii", "replace")))
    return None


def _encoding(data: bytes) -> str:
    """The encoding that Python source is in."""
    if not (data.startswith(b"\xef\xbb\xbf") or b"coding" in data[:200]):
        return "utf-8"
    from io import BytesIO
    from tokenize import detect_encoding

    encoding, _ = detect_encoding(BytesIO(data).readline)
    return encoding
