"""Who may say "I've got it" of what waits: whoever could see to it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
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
    Cause.UNJUDGED: frozenset({_P.DRAFT_EDIT, _P.REVIEW}),
    Cause.DRAFT: frozenset({_P.DRAFT_EDIT, _P.REVIEW}),
}
"""What somebody needs one of to see to a cause: taking a thing from others who could would leave it to nobody."""


def may_take(one: Waiting, may: Collection[Permission]) -> bool:
    """Tell whether somebody may take it; what waits for professional standards is theirs alone."""
    if one.detail == Desk.STANDARDS:
        return _P.ALLEGATIONS_SEE in may
    return not SEES_TO[one.cause].isdisjoint(may)


def seen_to_by(one: Waiting) -> tuple[Role, ...]:
    """Return the roles that could see to it, for whoever can't."""
    return tuple(role for role, bundle in BUNDLES.items() if may_take(one, bundle))


def find_named(found: Iterable[Waiting], cause: str, about: str, now: datetime) -> Waiting | None:
    """Return what waits now under a name, or None where it does not any more."""
    return next((one for one in found if one.name == (cause, about) and one.waits(now)), None)
