"""What offers to text 911, for tests: our own words and pages must not, where 911 takes no texts."""

import re

_OFFER = re.compile(r"\b(text|texto|escrib\w*|mensaje|sms)\b[^.!?]{0,12}911", re.IGNORECASE)


def offers(text: str) -> list[str]:
    """Return each place of a text or page that offers to text 911, outside its scripts and styles."""
    plain = re.sub(r"(?s)<(script|style)>.*?</\1>", "", text)
    return [found[0] for found in _OFFER.finditer(plain)]
