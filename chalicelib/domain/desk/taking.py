"""Who may know of what waits, and who may say "I've got it": whoever could see to it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.to_decide import DECIDES, may_decide
from chalicelib.domain.surveys.follow_up import Desk

_P = Permission

SEES_TO: Mapping[Cause, frozenset[Permission]] = {
    Cause.DANGER: frozenset({_P.INCIDENT_SEE}),
    Cause.HELD: frozenset({_P.RELEASE}),
    Cause.FEED: frozenset({_P.PAUSE, _P.KEYS_MANAGE}),
    Cause.PROVIDER: frozenset({_P.PAUSE, _P.KEYS_MANAGE}),
    Cause.REPLY: frozenset({_P.CONVERSATION_SEE}),
    Cause.OVERDUE: frozenset({_P.PAUSE, _P.KEYS_MANAGE}),
    Cause.FOLLOW_UP: frozenset({_P.FOLLOW_UPS_SEE, _P.ALLEGATIONS_SEE}),
    Cause.APPROVAL: frozenset(DECIDES.values()),
    Cause.UNJUDGED: frozenset({_P.DRAFT_EDIT, _P.REVIEW}),
    Cause.DRAFT: frozenset({_P.DRAFT_EDIT, _P.REVIEW}),
}
"""What somebody needs one of to see to a cause: taking a thing from others who could would leave it to nobody."""


OF_DESK: Mapping[Desk, Permission] = {
    Desk.SUPERVISORS: _P.FOLLOW_UPS_SEE,
    Desk.STANDARDS: _P.ALLEGATIONS_SEE,
    Desk.ALERTS: _P.INCIDENT_SEE,
    Desk.UNIT: _P.THANKS_SEE,
}
"""What somebody needs to see what a desk was given: nobody sees two desks by one permission."""

_OWN = frozenset({Cause.DANGER, Cause.FOLLOW_UP})
"""Causes whose detail is the desk that sees to it."""


def may_know(one: Waiting, may: Collection[Permission], by: str = "") -> bool:
    """Tell whether somebody may know that it waits; `by` is their sign-in, where it is one person.

    Others than professional standards hear of no allegation. A proposal is for those who may decide on it, and for none
    of its authors.
    """
    if one.cause is Cause.APPROVAL:
        return may_decide(one, may) and by not in one.own
    return one.detail != Desk.STANDARDS or _P.ALLEGATIONS_SEE in may


def may_take(one: Waiting, may: Collection[Permission]) -> bool:
    """Tell whether somebody may take it: what waits at a desk is for those of that desk."""
    if one.cause is Cause.APPROVAL:
        return may_decide(one, may)
    if one.cause in _OWN and one.detail in OF_DESK:
        return OF_DESK[Desk(one.detail)] in may
    return not SEES_TO[one.cause].isdisjoint(may)


def seen_to_by(one: Waiting) -> tuple[Role, ...]:
    """Return the roles that could see to it, for whoever can't."""
    return tuple(role for role, bundle in BUNDLES.items() if may_take(one, bundle))


def find_named(found: Iterable[Waiting], cause: str, about: str, now: datetime) -> Waiting | None:
    """Return what waits now under a name, or None where it does not any more."""
    return next((one for one in found if one.name == (cause, about) and one.waits(now)), None)
