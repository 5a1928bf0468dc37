"""Callers who do not exist, as a dispatch system tells of them."""

import random
from collections.abc import Callable
from typing import Any

from chalicelib.virtual.fiction import fictional_email, fictional_phone
from chalicelib.virtual.town.habits import Habits

_FORMATS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: n[2:],
    lambda n: f"({n[2:5]}) {n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]}-{n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]}.{n[5:8]}.{n[8:]}",
    lambda n: f"1-{n[2:5]}-{n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]} {n[5:8]} {n[8:]}",
    lambda n: f"{n[2:5]}/{n[5:8]}-{n[8:]}",
)


def party(phone: str | None = None, email: str | None = None, **more: str) -> dict[str, Any]:
    """Return what a webhook says of a caller; their address is left out where there is none."""
    told: dict[str, Any] = {"party_id": "1", "role": "caller", "contact_kind": "personal", **more}
    reached = {"phone": phone, "email": email}
    return told | {name: address for name, address in reached.items() if address is not None}


def drawn_party(dice: random.Random, caller: int, contact_kind: str, habits: Habits) -> dict[str, Any]:
    """Draw how the n-th caller is written down: blank, without service, somebody's desk, or in one of many formats."""
    drawn = dice.random()
    if drawn < habits.blank_phone:
        phone = dice.choice(("", "Redacted", "4412"))
    elif drawn < habits.blank_phone + habits.pseudo_911:
        phone = f"911-555-{dice.randrange(10_000):04}"
    else:
        phone = dice.choice(_FORMATS)(fictional_phone(caller))
    email = fictional_email(caller) if dice.random() < habits.with_email else None
    return party(phone, email, contact_kind=contact_kind)
