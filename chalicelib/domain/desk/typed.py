"""What somebody typed into the one field of Find: a phone, an email, a code of a text, last digits, or a name. Pure."""

import re

from msgspec import Struct

from chalicelib.domain.ledger.addresses import has_address
from chalicelib.domain.notifications.text_code import read_code
from chalicelib.domain.phones import clean_email, clean_phone, readable_emails, readable_numbers

LONGEST = 200
_LAST = re.compile(r"(?:[.…•x*]{1,8}\s*)?(?P<digits>\d{4})")


class Typed(Struct, frozen=True, kw_only=True):
    """The readings of a text; several may be possible, and what is stored says which one is meant.

    `addresses` are phones in E.164 and emails. `name` may be an incident's or a case's number; it is "" where the text
    can only be a person's. `either` says that it reads as a phone, and could be the number of a call all the same.
    """

    addresses: frozenset[str] = frozenset()
    name: str = ""
    code: str = ""
    last_digits: str = ""
    either: bool = False

    @property
    def of_a_person(self) -> bool:
        """Tell whether the text may lead to a person, so that a look takes a reason."""
        return bool(self.addresses or self.code or self.last_digits)


def read_typed(text: str, country: str) -> Typed:
    """Read a text in each way in which people type one of these."""
    plain = " ".join(text.split())[:LONGEST]
    addresses = _addresses(plain, country)
    last = _LAST.fullmatch(plain)
    looks_like_one = has_address(plain)
    return Typed(
        addresses=addresses,
        name="" if looks_like_one and not plain.isdecimal() else plain,
        either=looks_like_one and plain.isdecimal(),
        code="" if addresses else read_code(plain) or "",
        last_digits=last["digits"] if last else "",
    )


def _addresses(text: str, country: str) -> frozenset[str]:
    """Return the phone or email that a text is; where it is neither as it stands, each that can be read in it."""
    one = clean_email(text) if "@" in text else clean_phone(text, country).number
    return frozenset({one}) if one else readable_numbers(text, country) | readable_emails(text)
