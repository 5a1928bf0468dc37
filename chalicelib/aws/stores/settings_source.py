"""Texts of published settings as people wrote them: immutable items under the digest of the text.

A version names its text. One that changed judgements alone names the text of the version before it.
"""

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.tables import SOURCE, SettingsItem
from chalicelib.domain.settings.source import text_digest


def store_source(items: type[SettingsItem], agency_id: str, text: str) -> str:
    """Write a text before a version names it, and return its digest; nothing is written for an empty text."""
    if not text:
        return ""
    digest = text_digest(text)
    items(agency_id, f"{SOURCE}{digest}", document=encode(text)).save()
    return digest


def read_source(items: type[SettingsItem], agency_id: str, digest: str) -> str:
    """Return the text under a digest; empty where there is none, or none that this release can read."""
    item = items.find(agency_id, f"{SOURCE}{digest}") if digest else None
    try:
        return decode(item.document, str) if item else ""
    except UNREADABLE:
        return ""
