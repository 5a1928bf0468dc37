"""Places: the keys under which an incident is looked for by an id or a number. Pure.

The key of an incident is the first name that was heard of it. An id has a form of its own. So has a number whose
spelling does not matter, and one that begins anew: the period stands behind it. A number that looks like one of these
forms, or that is longer than a key, gets a form that is none of them.
"""

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256

from chalicelib.domain.settings.identity import IdentityRules, Restart

LONGEST = 40
_DIGEST = 16
_ID, _NUMBER = "id:", "number:"
_OURS = re.compile(r"(?:id|number):.*|.*~\d{4,8}(?:\.\d+)?|.*~~[0-9a-f]{16}")
_IGNORED = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_FORMS: dict[Restart, str] = {"never": "%Y%m%d", "yearly": "%Y", "monthly": "%Y%m", "daily": "%Y%m%d"}


def place_of_id(incident_id: str) -> str:
    """Return the place of an id: a form that no number's place has."""
    return _short(f"{_ID}{incident_id}")


@lru_cache(maxsize=4096)
def place_of_number(number: str) -> str:
    """Return the place of a number that is written in one way only and never begins anew: nearly always itself."""
    ours = len(number) > LONGEST or _OURS.fullmatch(number) is not None
    return _short(f"{_NUMBER}{number}") if ours else number


def is_number(place: str) -> bool:
    """Tell whether a place is a number as it was told."""
    return bool(place) and place_of_number(place) == place


def is_id(place: str) -> bool:
    """Tell whether a place is that of an id."""
    return place.startswith(_ID)


def spelled(number: str, rules: IdentityRules) -> str:
    """Return a number as the agency's rule of spelling has it."""
    return _IGNORED.sub("", number).casefold() or number if rules.spelling == "loose" else number


def period(at: datetime, rules: IdentityRules, zone: tzinfo) -> str:
    """Return the period of an instant in which a number is one call's; the day where numbers never begin anew."""
    return at.astimezone(zone).strftime(_FORMS[rules.numbers_restart])


def period_before(at: datetime, rules: IdentityRules, zone: tzinfo) -> str:
    """Return the period before that of an instant."""
    local = at.astimezone(zone).replace(hour=12)
    begins = {"yearly": local.replace(month=1, day=1), "monthly": local.replace(day=1)}
    last = begins.get(rules.numbers_restart, local) - timedelta(days=1)
    return last.strftime(_FORMS[rules.numbers_restart])


def in_period(number: str, named: str, rules: IdentityRules) -> str:
    """Return the place of a number in a period."""
    base = place_of_number(spelled(number, rules))
    return base if rules.numbers_restart == "never" else behind(base, named)


def behind(base: str, mark: str) -> str:
    """Return a place with a mark behind it, such as a period."""
    return _short(f"{base}~{mark}")


def places_of_number(
    number: str, received_at: datetime | None, as_of: datetime, rules: IdentityRules, zone: tzinfo
) -> tuple[str, ...]:
    """Return where an incident of a number may be, the likeliest first: new ones are written there.

    Where numbers begin anew, the period is that in which the call was received, else that of the update and the one
    before. The number as it is told comes last: the settings may not always have been so.
    """
    if rules.numbers_restart == "never":
        found = [in_period(number, "", rules)]
    else:
        told = [period(at, rules, zone) for at in (received_at, as_of) if at]
        found = [in_period(number, each, rules) for each in (*told, period_before(as_of, rules, zone))]
    return tuple(dict.fromkeys((*found, place_of_number(number))))


def _short(place: str) -> str:
    if len(place) <= LONGEST:
        return place
    digest = sha256(place.encode()).hexdigest()[:_DIGEST]
    return f"{place[: LONGEST - _DIGEST - 2].rstrip()}~~{digest}"
