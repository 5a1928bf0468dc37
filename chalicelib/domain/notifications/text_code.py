"""Codes in texts: a reader can ask on the agency's page whether a text with the code is real.

The page confirms that we sent a text with the code, and nothing else. An abuser may know an incident's number and a
phone, so neither is ever confirmed.
"""

import hashlib
import hmac
import unicodedata
from datetime import timedelta

from chalicelib.domain.names import NotificationKey

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Characters of a code, without 0 and O, 1, I and L, and U, which looks like V: people read codes over a phone."""

LENGTH = 6
CODE_LIFE = timedelta(days=14)
WRONG_A_MINUTE = 10
"""Wrong codes that an agency's page accepts in a minute, of 729 million possible codes."""


def text_code(secret: bytes, notification: NotificationKey) -> str:
    """Return the code of a notification: the same at each attempt to send it."""
    return _digits(int.from_bytes(hmac.digest(secret, notification.id.encode(), "sha256")))


def spoken(row_id: str) -> str:
    """Return a short name that people can say of a row, such as `K7M-Q2W`; another row may share it."""
    return in_groups(_digits(int.from_bytes(hashlib.sha256(row_id.encode()).digest())))


def in_groups(code: str) -> str:
    """Return a code as people read it out."""
    return f"{code[:3]}-{code[3:]}"


def _digits(number: int) -> str:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def code_hash(agency_id: str, code: str) -> str:
    """Return the name under which a code is stored."""
    return hashlib.sha256(f"{agency_id}.{code}".encode()).hexdigest()


def read_code(text: str) -> str | None:
    """Return the code that somebody typed or copied, or None where the text can't be one.

    Phones write other dashes than ours, letters of another width, and a point where a sentence ends.
    """
    code = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
