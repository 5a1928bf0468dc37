"""The form of the numbers by which people know a call and a case, as an agency sets it."""

import re
from typing import Annotated

from msgspec import Meta, Struct

_FORM = r"[A-Za-z0-9]+(?:[-/. ][A-Za-z0-9]+)*"
Form = Annotated[str, Meta(max_length=120)]


class Identifiers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Regular expressions that a whole number must match; `longest` is its length. The safe form holds beside them."""

    incident: Form = ""
    case: Form = ""
    longest: Annotated[int, Meta(ge=4, le=40)] = 24


def has_safe_form(text: str, longest: int) -> bool:
    """Tell whether a number is letters and digits with single `-`, `/`, `.` or blanks between, and no link or words."""
    long_words = [word for word in re.findall(r"[A-Za-z]+", text) if len(word) > _LONGEST_WORD]
    return (
        len(text) <= longest
        and re.fullmatch(_FORM, text) is not None
        and any(map(str.isdigit, text))
        and not long_words
        and _LINK.search(text) is None
    )


_LONGEST_WORD = 6
_LINK = re.compile(r"\.[A-Za-z]{2}")


def form_problem(form: str) -> str:
    """Return what is wrong with an agency's pattern, or ""; nested repeats could take for ever."""
    try:
        re.compile(form)
    except re.error as wrong:
        return f"is no regular expression: {wrong}"
    return "repeats a group: write it without * and + behind a bracket" if re.search(r"\)[*+{]", form) else ""
