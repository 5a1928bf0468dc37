"""Tell the alerts of danger that lead to an incident, and who saw to them."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.insight.explain.moment import Moment

_ALERT, _DANGER, _SEEN_TO = "alert ", "danger", "seen to"


class Danger(Struct, frozen=True, kw_only=True):
    """An alert that a story tells of: its name, and whether somebody has seen to it."""

    name: str
    moment: Moment
    seen_to: bool


def leads_to(one: FollowUp, number: str) -> bool:
    """Tell whether an alert is about an incident, or about a phone that called about it."""
    return number in (one.incident_number, *(call.incident_number for call in one.calls))


def alert_moments(alerts: Iterable[FollowUp], number: str, *, reveal: bool) -> Iterator[Moment]:
    """Yield each alert, and the note of somebody who saw to it; what the person wrote is only revealed."""
    for one in alerts:
        about = "" if one.incident_number == number else f"; it may be about {one.called or one.incident_number}"
        hidden = "; their words, which --reveal shows" if one.comments and not reveal else ""
        waits = "" if one.answered_at else "; NOBODY HAS SEEN TO IT"
        yield Moment(
            at=one.raised_at,
            what=_DANGER,
            about=f"{_ALERT}{one.id}",
            detail=f"a person on this call wrote of danger{about}{hidden}{waits}",
            text="\n".join(one.comments) if reveal else "",
        )
        if one.answered_at:
            seen = f"{one.answered_by}: “{one.note}”"
            yield Moment(at=one.answered_at, what=_SEEN_TO, about=f"{_ALERT}{one.id}", detail=seen)


def dangers(moments: Sequence[Moment]) -> tuple[Danger, ...]:
    """Return the alerts of a story: first what nobody has seen to, the latest first."""
    seen = {one.about for one in moments if one.what == _SEEN_TO}
    told = [one for one in moments if one.what == _DANGER]
    found = (Danger(name=one.about.removeprefix(_ALERT), moment=one, seen_to=one.about in seen) for one in told)
    return tuple(sorted(found, key=lambda one: (one.seen_to, -one.moment.at.timestamp())))
