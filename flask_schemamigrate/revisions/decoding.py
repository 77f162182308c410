"""The text of Python source, and what tells whether it is as it was."""

from __future__ import annotations

from hashlib import sha256


def decoded(data: bytes) -> str:
    """The text of Python source, which is UTF-8 unless its first lines say otherwise."""
    if data.startswith(b"\xef\xbb\xbf") or b"coding" in data[:200]:
        from io import BytesIO
        from tokenize import detect_encoding

        encoding, _ = detect_encoding(BytesIO(data).readline)
        found = data.decode(encoding)
    else:
        found = data.decode()
    return found.replace("\r\n", "\n").replace("\r", "\n") if "\r" in found else found


def digest(text: str) -> str:
    """What tells whether a file is as it was, whatever line ends a system gives it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
