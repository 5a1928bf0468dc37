"""The words of the survey's page in a language that an agency brings itself.

The same names as under `[page]` in `words/en.toml`; each must be there, since a page half in English helps nobody.
Those of `ADDED` came later: settings that were published before lack them, and the page leaves those lines out.
"""

import re
from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=300)]

FIELDS = ("agency_name", "incident_number", "non_emergency", "year", "month", "day")
_FIELD = re.compile(r"\{\{ (" + "|".join(FIELDS) + r") \}\}")


ADDED = ("answered", "answered_already", "not_shown", "written", "take_back", "kept_card", "holder", "real")
"""Words that a language may lack."""


class PageWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page in one language; `language` is its name in itself."""

    language: Text
    title: Text
    intro: Text
    intro_of_no_call: Text
    not_monitored: Text
    danger: Text
    call_911: Text
    text_911: Text
    scale_low: Text
    scale_high: Text
    yes: Text
    no: Text
    only_if: Text
    comment_hint: Text
    send: Text
    saved: Text
    unsaved: Text
    kept: Text
    kept_anonymous: Text
    problem: Text
    nothing: Text
    thanks: Text
    thanks_more: Text
    changed: Text
    changed_more: Text
    again: Text
    contact: Text
    contact_us: Text
    complaint: Text
    expired: Text
    expired_more: Text
    closed: Text
    closed_more: Text
    used: Text
    used_more: Text
    unknown: Text
    unknown_more: Text
    answered: Text = ""
    answered_already: Text = ""
    not_shown: Text = ""
    written: Text = ""
    take_back: Text = ""
    kept_card: Text = ""
    holder: Text = ""
    real: Text = ""

    def __post_init__(self) -> None:
        """Refuse what could not be filled in when somebody opens the page."""
        for name in self.__struct_fields__:
            if re.search(r"{{|{%|{#|}}", _FIELD.sub("", getattr(self, name))):
                raise ValueError(f"{name}: fields are written {{{{ name }}}}, with one of {', '.join(FIELDS)}")
