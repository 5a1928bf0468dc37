"""The desk's part of an agency's settings: who has which role there, and how long a session lasts. Pure."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.waiting_mail import WaitingMail, mail_problems

IDLE = Duration(minutes=30)
LONGEST = Duration(hours=12)
WALL = Duration(days=7)
"""A wall screen ends after this long, not with a shift: nobody would set it up twice a day."""

SHORTEST = timedelta(minutes=1)

Value = Annotated[str, Meta(min_length=1, max_length=256)]
"""One value of a claim: a role or group, as the identity provider writes it."""

ClaimName = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[!-~]+$")]


class Desk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may come to the desk.

    `roles` gives roles to values of the claim named `claim`. `idle` locks a session, `longest` ends it, and `wall`
    ends one for a wall screen. `methods` are values of `amr` or `acr` of which a sign-in must have one; none
    leaves it to the identity provider. `mail` tells people by email of what waits.
    """

    roles: dict[Value, tuple[Role, ...]] = {}
    claim: ClaimName = "roles"
    idle: Duration = IDLE
    longest: Duration = LONGEST
    wall: Duration = WALL
    methods: tuple[Value, ...] = ()
    mail: WaitingMail = WaitingMail()


def desk_problems(desk: Desk) -> Iterator[str]:
    """Yield what is wrong with the settings; limits may only be tightened (CJIS Security Policy 5.9, AC-11, AC-12)."""
    for name, length, most in (
        ("idle", desk.idle, IDLE),
        ("longest", desk.longest, LONGEST),
        ("wall", desk.wall, WALL),
    ):
        if not SHORTEST <= length <= most:
            yield f"desk.{name}: {length} is not between {Duration(seconds=60)} and {most}: it may only be tightened"
    if desk.idle > desk.longest:
        yield f"desk.idle: {desk.idle} is longer than desk.longest, {desk.longest}"
    for value, roles in desk.roles.items():
        if not roles:
            yield f"desk.roles: {value!r} has no role: take it out, or name one"
    yield from mail_problems(desk.mail)


def roles_of(groups: Mapping[str, tuple[str, ...]], desk: Desk) -> frozenset[Role]:
    """Return the roles that an agency gives to the values of somebody's claims."""
    return frozenset(role for value in groups.get(desk.claim, ()) for role in desk.roles.get(value, ()))
