"""Tokens in the links of surveys: unguessable, short enough for a text, and stored only as their hashes."""

import hashlib
import hmac

from chalicelib.domain.names import NotificationKey

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_LENGTH = 13
PROOF_LENGTH = 16


def survey_token(secret: bytes, notification: NotificationKey) -> str:
    """Return the token in a survey's link: 13 base-62 characters, 77 bits, the same at each attempt to send.

    It is derived, not stored: the table has only its hash, and a text that is sent again carries the same link.
    """
    return token_of(hmac.digest(secret, notification.id.encode(), "sha256"))


def token_of(chance: bytes) -> str:
    """Return a token made of at least 10 random bytes; that of an anonymous survey leads back to nothing."""
    number = int.from_bytes(chance)
    digits = []
    for _ in range(TOKEN_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits.append(_BASE62[digit])
    return "".join(digits)


def token_hash(token: str) -> str:
    """Return the name under which a survey is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Tell whether a text could be a token at all, so that nothing else is looked up."""
    return len(text) == TOKEN_LENGTH and all(character in _BASE62 for character in text)


def form_proof(secret: bytes, token: str, ours: str = "") -> str:
    """Return the proof in a survey's form, 16 hex digits, which differs for the form of another link.

    `ours` is the survey that a card's form will begin, so that nobody begins one that we did not offer.
    """
    return hmac.digest(secret, f"form of {token} {ours}".encode(), "sha256").hex()[:PROOF_LENGTH]


def is_proof(given: str, secret: bytes, token: str, ours: str = "") -> bool:
    """Tell whether a form is of this link."""
    return hmac.compare_digest(given.encode(), form_proof(secret, token, ours).encode())
