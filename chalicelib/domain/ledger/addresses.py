"""Find phones and emails in the words of an entry, in any of the forms that people type. Pure."""

import re
import unicodedata

from chalicelib.domain.lake.redact import is_address

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BETWEEN = r"[\s().\-/_,]{0,3}"
_ADDRESS = re.compile(
    rf"[^\s<>,;]+@[^\s<>,;]+"
    rf"|\+{_BETWEEN}\d(?:{_BETWEEN}\d){{6,}}"
    rf"|(?<!\d)\d{{10,}}(?!\d)"
    rf"|(?<!\d)(?:1{_BETWEEN})?\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{4}}(?!\d)"
    rf"|(?<!\d)\d{{3}}[\s.\-]\d{{4}}(?!\d)"
)
"""An email; a number behind a plus; ten digits or more in a row, or grouped as 3-3-4; a local number of 3-4.

A ticket such as `2026-001234` is none of these.
"""
_WRITTEN = re.compile(r"@|\+\d{7,}|(?<![\d-])(?:1[\s.\-/]{1,2})?\(?\d{3}[)\s.\-/]{1,3}\d{3}[\s.\-/]\d{4}(?![\d-])")


def has_address(text: str) -> bool:
    """Tell whether a phone or an email can be read in a text."""
    return _ADDRESS.search(_plain(text)) is not None


def is_of_an_address(number: str) -> bool:
    """Tell whether an incident's number holds a phone as people write one, or an email; digits alone are a number."""
    plain = _plain(number)
    return is_address(plain) or _WRITTEN.search(plain) is not None


def without(text: str) -> str:
    """Return a text with each phone and email as `…`."""
    return _ADDRESS.sub("…", _plain(text)) if has_address(text) else text


def _plain(text: str) -> str:
    """Return a text as it reads: other scripts' digits and wide letters as ours, without what nobody sees."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in plain)
