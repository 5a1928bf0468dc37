"""Identifiers in what people read: a number that is none, or that tells something, is left out of the text.

A number is stored as the dispatch system sends it, so that its updates meet. Only what people read is restricted: a
number may carry a link, a sentence, or a prefix such as DV that tells a lock screen what the call was about.
"""

import re

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.notifications.sensitive_words import first
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.identifiers import has_safe_form
from chalicelib.domain.text import plain_words

LEFT_OUT = "\ue000"
"""Stands for a number that is left out, until the sentence is closed around it."""

_AT = "\ue001"
"""Stands around the time of a call that has no number yet."""

_TIMED = (
    (re.compile(rf"(\bcall) {_AT}([^{_AT}]*){_AT}", re.IGNORECASE), r"\1 of \2"),
    (re.compile(rf"(\bllamada) {_AT}(1:[^{_AT}]*){_AT}", re.IGNORECASE), r"\1 de la \2"),
    (re.compile(rf"(\bllamada) {_AT}([^{_AT}]*){_AT}", re.IGNORECASE), r"\1 de las \2"),
    (re.compile(rf"{_AT}[^{_AT}]*{_AT}"), LEFT_OUT),
)
"""A time stands behind the word for a call only; elsewhere the number is left out."""

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


def call_shown(incident: Incident, agency: Agency) -> str:
    """Return the number of a call as a template gets it: a mark where it is left out, or the time where it has none."""
    number, at = shown_number(incident), incident.facts.received_at
    if not number and at:
        return f"{_AT}{at.astimezone(agency.zone):%I:%M %p}{_AT}".replace(f"{_AT}0", _AT).lower()
    return incident_shown(number, agency) or LEFT_OUT


def cases_shown(numbers: tuple[str, ...], agency: Agency) -> str:
    """Return those case numbers that people may read, as one text."""
    return ", ".join(one for one in numbers if _may_be_read(one, agency.identifiers.case, agency))


def tells(text: str) -> str:
    """Return the sensitive word that the letters of a number or a name say, or ""."""
    found = first(" ".join(re.findall(r"[a-z]+", plain_words(text))))
    return found.words if found else ""


def closed_up(text: str) -> str:
    """Return a text without its marks, as a sentence that reads well: a call without a number is named by its time."""
    for pattern, instead in _TIMED if _AT in text else ():
        text = pattern.sub(instead, text)
    for pattern, instead in _CLOSED if LEFT_OUT in text else ():
        text = pattern.sub(instead, text)
    return text


def _may_be_read(number: str, form: str, agency: Agency) -> bool:
    safe = has_safe_form(number, agency.identifiers.longest) and not tells(number)
    return safe and (not form or re.fullmatch(form, number) is not None)
