"""Numbers and addresses that are made up: nobody can be reached there, so a live agency must not have them."""

import re
from collections.abc import Iterator

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.locate import Path

STARTERS_NUMBERS = frozenset({"3035550100", "3035550199"})
STARTERS_DOMAIN = "police.example"
"""What `starter.toml` has in the place of an agency's own."""

_FICTION = re.compile(r"\d{3}55501\d{2}")
_RESERVED = re.compile(r"(^|[./@])([\w-]+\.)*((example|test|invalid|localhost)|example\.(com|net|org))([/:]|$)")
"""Names that lead nowhere (RFC 2606)."""


def lint_made_up(agency: Agency) -> Iterator[Finding]:
    """Yield what a live agency has from the starter, and what else is made up.

    An agency whose pages are at another reserved name is made up as a whole, as in a rehearsal: it is only warned.
    """
    if agency.mode != "live":
        return
    link = agency.survey.link.lower()
    rehearsed = _RESERVED.search(link) is not None and STARTERS_DOMAIN not in link
    for path, text in _said(agency):
        digits = re.sub(r"\D", "", text).removeprefix("1")
        if STARTERS_DOMAIN in text.lower() or (digits in STARTERS_NUMBERS and not rehearsed):
            yield error(path, f"{text} is the starter's, which nobody can reach", "write your own before you go live")
        elif _FICTION.fullmatch(digits) or _RESERVED.search(text.lower()):
            yield warning(path, f"{text} is kept for examples: nobody can be reached there", "write your own")


def _said(agency: Agency) -> Iterator[tuple[Path, str]]:
    """Yield each number, mailbox and address that a live agency uses, with its path."""
    numbers = agency.numbers
    for name in numbers.__struct_fields__:
        if isinstance(getattr(numbers, name), str):
            yield ("numbers", name), getattr(numbers, name)
    yield ("survey", "link"), agency.survey.link
    for name in ("resources_link", "privacy_link", "terms_link"):
        yield (name,), getattr(agency, name)
    rules = agency.survey.follow_up
    for name in ("supervisors", "standards", "alerts"):
        yield ("survey", "follow_up", name), getattr(rules, name)
    for unit, box in rules.praise.items():
        yield ("survey", "follow_up", "praise", unit), box
    for place, city in enumerate(agency.cities):
        yield ("cities", place, "non_emergency"), city.non_emergency or ""
