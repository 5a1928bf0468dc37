"""The code in a text by which its reader can ask on the agency's page whether the text is real.

It says that we sent a text that had it, and nothing else: an abuser knows an incident's number and a
phone, so neither is ever confirmed.
"""

import hashlib
import hmac
from datetime import timedelta

from chalicelib.domain.names import NotificationKey

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U that looks like V: read over a phone, typed from a small screen."""

LENGTH = 6
CODE_LIFE = timedelta(days=14)
WRONG_A_MINUTE = 10
"""Wrong codes that an agency's page takes in a minute; there are 729 million codes."""


def text_code(secret: bytes, notification: NotificationKey) -> str:
    """Return the code of a notification: the same at each attempt to send it."""
    number = int.from_bytes(hmac.digest(secret, notification.id.encode(), "sha256"))
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def code_hash(agency_id: str, code: str) -> str:
    """Return the name under which a code is stored."""
    return hashlib.sha256(f"{agency_id}.{code}".encode()).hexdigest()


def read_code(text: str) -> str | None:
    """Return what somebody typed as a code, or None where it can be none."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
