"""Identifiers that people can read aloud and type."""

import re
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DOCUMENT_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{16}")
_LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": ""})


def new_identifier(length: int = 16) -> str:
    """Return a random identifier in lower-case base32 (Crockford): 5 bits a character."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def derived_identifier(digest: bytes, length: int = 16) -> str:
    """Return the first 5 x `length` bits of a digest as an identifier: the same digest, the same identifier."""
    number = int.from_bytes(digest) >> (8 * len(digest) - 5 * length)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))


def normalize_identifier(text: str) -> str:
    """Return what was typed as an identifier is written: lower case, look-alike letters as digits."""
    return text.strip().lower().translate(_LOOK_ALIKES)


def is_document_id(text: str) -> bool:
    """Return whether the text has the form of a document identifier, so that it can be a name in the store."""
    return _DOCUMENT_ID.fullmatch(text) is not None
