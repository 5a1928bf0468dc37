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
        and len(_WORD.findall(text)) <= 1
        and _LINK.search(text) is None
        and _PHONE.search(text) is None
    )


_WORD = re.compile(r"(?:^| )[A-Za-z]{2,}(?= |$)")
"""A word of its own, between blanks: two of them are a sentence."""

_PHONE = re.compile(r"(?<!\d)\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)|(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
"""A number that people would call, or the address of a computer."""

_LONGEST_WORD = 6
_LINK = re.compile(r"\.[A-Za-z]{2}")


_MOST_REPEATS = 4
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_REPEAT = re.compile(r"[*+?]|\{\d*,\d*\}")


def form_problem(form: str) -> str:
    """Return what is wrong with an agency's pattern, or ""; nested or many repeats could take for ever."""
    try:
        re.compile(form)
    except re.error as wrong:
        return f"is no regular expression: {wrong}"
    bare = _ATOM.sub("x", form)
    if re.search(r"\)[*+{]", bare):
        return "repeats a group: write it without * and + behind a bracket"
    repeats = len(_REPEAT.findall(bare.replace("(?", "(")))
    return f"has {repeats} repeats: {_MOST_REPEATS} at most" if repeats > _MOST_REPEATS else ""
