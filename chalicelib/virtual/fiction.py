"""People who do not exist: phones of the range that is kept for fiction, and their email addresses."""

from functools import cache

import phonenumbers

LINES = 100
"""555-0100 to 555-0199 in each area code (North American Numbering Plan, reserved for fiction)."""


DRAWN = 12_000
"""Whoever draws people by chance in a city takes them from the first so many: the others are each somebody's own."""


def fictional_phone(number: int) -> str:
    """Return the n-th fictional phone in E.164; the first 30,000 or so all differ."""
    codes = _area_codes()
    return f"+1{codes[number // LINES % len(codes)]}55501{number % LINES:02}"


def fictional_email(number: int) -> str:
    """Return the n-th fictional email."""
    return f"caller{number}@people.example"


@cache
def _area_codes() -> tuple[int, ...]:
    """Return the area codes of the United States."""
    numbers = {code: phonenumbers.parse(f"+1{code}5550100") for code in range(201, 1000)}
    ordinary = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    return tuple(
        code
        for code, number in numbers.items()
        if phonenumbers.region_code_for_number(number) == "US" and phonenumbers.number_type(number) == ordinary
    )
