"""Replace phones and emails in a text where neither belongs: the last look before analysts see it."""

import re

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_PHONE = re.compile(r"(?<!\d)(?:\d[\s().\-/]{0,3}){9,14}\d(?!\d)|(?<!\d)\d{3}[\s.\-]\d{4}(?!\d)")
_WRITTEN_PHONE = re.compile(r"\D*\+\d{10,15}\D*|\D*\(?\d{3}[)\s.\-/]{1,3}\d{3}[\s.\-/]\d{4}\D*")


def without_addresses(text: str) -> str:
    """Return a text with whatever looks like a phone or an email blanked."""
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


def as_code(text: str | None) -> str | None:
    """Return a code, or None for what is no code but somebody's phone or email."""
    return None if text is None or "@" in text or _PHONE.search(text) else text


def is_address(text: str) -> bool:
    """Tell whether an incident's number is written as a phone or an email; digits alone are a number."""
    return "@" in text or _WRITTEN_PHONE.fullmatch(text) is not None
