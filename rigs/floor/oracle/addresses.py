"""Phones and emails as dispatchers type them, and what can be read in each: written by hand."""

from typing import NamedTuple

NUMBERS = tuple(f"+1303555012{last}" for last in range(6))
EMAILS = ("pat@people.example", "sam@people.example")


class Read(NamedTuple):
    """What a phone field says: the number to text, None where there is none, and every number that can be read.

    `plain` is false where nobody can say from the documents whether the number may be texted.
    """

    number: str | None
    every: frozenset[str]
    plain: bool = True


def _forms(number: str) -> dict[str, Read]:
    area, prefix, line = number[2:5], number[5:8], number[8:]
    usual = f"{area}-{prefix}-{line}"
    every = frozenset({number})
    plain = {
        form: Read(number, every) for form in (number, usual, f"({area}) {prefix}-{line}", f"{area}.{prefix}.{line}")
    }
    desks = {form: Read(None, every) for form in (f"{usual} ext 4", f"{usual} x12")}
    remarks = {f"{usual} {remark}": Read(None, every, plain=False) for remark in ("cell", "(mom)")}
    return plain | desks | remarks


PHONES = {form: read for number in NUMBERS for form, read in _forms(number).items()}
PHONES["303-555-0120 / 303-555-0121"] = Read(None, frozenset(NUMBERS[:2]), plain=False)
PHONES["911-555-0123"] = Read(None, frozenset())
PLAIN = tuple(form for form, read in PHONES.items() if read.plain and read.number)
ODD = tuple(form for form, read in PHONES.items() if not (read.plain and read.number))


def read_phone(text: str | None) -> Read:
    """Return what can be read in a phone field."""
    return PHONES[text] if text else Read(None, frozenset())
