"""Tell the alerts of danger that lead to an incident, and who saw to them."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.insight.explain.moment import Moment


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
            what="danger",
            about=f"alert {one.id}",
            detail=f"a person on this call wrote of danger{about}{hidden}{waits}",
            text="\n".join(one.comments) if reveal else "",
        )
        if one.answered_at:
            seen = f"{one.answered_by}: “{one.note}”"
            yield Moment(at=one.answered_at, what="seen to", about=f"alert {one.id}", detail=seen)
