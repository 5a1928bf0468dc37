"""A phone or an email as somebody of the agency types it."""

from chalicelib.domain.phones import clean_email, clean_phone
from chalicelib.domain.settings.agency import Agency


def address_of(text: str, agency: Agency) -> str | None:
    """Return the phone or email that a text is; None where it is neither."""
    return clean_email(text) if "@" in text else clean_phone(text, agency.country).number
