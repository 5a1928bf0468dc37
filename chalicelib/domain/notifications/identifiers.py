"""Identifiers in what people read: a number that is none, or that tells something, is left out of the text.

A number is stored as the dispatch system sends it, so that its updates meet. Only what people read is restricted: a
number may carry a link, a sentence, or a prefix such as DV that tells a lock screen what the call was about.
"""

import re

from chalicelib.domain.notifications.sensitive_words import first
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.identifiers import has_safe_form
from chalicelib.domain.text import plain_words

LEFT_OUT = "\ue000"
"""Stands for a number that is left out, until the sentence is closed around it."""

_OPENING, _BLANK = r"[(\[¿¡]", r"[^\S\n]"
_CLOSED = (
    (re.compile(rf"{_BLANK}?[(\[][^()\[\]]*{LEFT_OUT}[^()\[\]]*[)\]]"), ""),
    (re.compile(rf"(?<=[.!?\n]){_BLANK}*[^.!?\n]*\b(?:is|es|number|número|numero) {LEFT_OUT}\."), ""),
    (re.compile(rf", \w+ {LEFT_OUT}"), ""),
    (re.compile(rf"{_BLANK}*(?:#{_BLANK}*)?{LEFT_OUT}"), ""),
)
"""Around a number go its brackets, a sentence that only names it, and the blank before it."""


def incident_shown(number: str, agency: Agency) -> str:
    """Return an incident's number as people may read it, or ""."""
    return number if _may_be_read(number, agency.identifiers.incident, agency) else ""


def cases_shown(numbers: tuple[str, ...], agency: Agency) -> str:
    """Return those case numbers that people may read, as one text."""
    return ", ".join(one for one in numbers if _may_be_read(one, agency.identifiers.case, agency))


def tells(text: str) -> str:
    """Return the sensitive word that the letters of a number or a name say, or ""."""
    found = first(" ".join(re.findall(r"[a-z]+", plain_words(text))))
    return found.words if found else ""


def closed_up(text: str) -> str:
    """Return a text without its marks of numbers that are left out, as a sentence that reads well."""
    for pattern, instead in _CLOSED if LEFT_OUT in text else ():
        text = pattern.sub(instead, text)
    return text


def _may_be_read(number: str, form: str, agency: Agency) -> bool:
    safe = has_safe_form(number, agency.identifiers.longest) and not tells(number)
    return safe and (not form or re.fullmatch(form, number) is not None)
