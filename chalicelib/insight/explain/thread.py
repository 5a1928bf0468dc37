"""The phone as its person saw it: the messages about a call in the order in which they came, phone by phone."""

from datetime import datetime

from msgspec import Struct

from chalicelib.insight.explain.moment import Moment
from chalicelib.insight.explain.story import Explained


class Bubble(Struct, frozen=True, kw_only=True):
    """One message to a person, or one that they wrote: then `theirs`, and empty where it is hidden."""

    at: datetime
    kind: str
    text: str
    state: str = ""
    theirs: bool = False


class Thread(Struct, frozen=True):
    """One phone or email, as it may be shown, and whose it is."""

    who: str
    address: str
    bubbles: tuple[Bubble, ...]


def threads_of(told: Explained) -> tuple[Thread, ...]:
    """Return a call's messages as each phone or email got them; what never went is on none."""
    found: dict[tuple[str, str], list[Bubble]] = {}
    owners: dict[str, tuple[str, str]] = {}
    for one in told.moments:
        if one.kind and one.text and one.address and one.state not in ("suppressed", "scheduled"):
            owners[one.recipient] = one.who, one.address
            bubble = Bubble(at=one.at, kind=one.about, text=one.text, state=_last(told, one))
            found.setdefault((one.who, one.address), []).append(bubble)
        elif one.what == "answered" and one.recipient in owners:
            found[owners[one.recipient]].append(Bubble(at=one.at, kind=one.about, text=one.text, theirs=True))
    return tuple(Thread(*owner, tuple(bubbles)) for owner, bubbles in found.items())


def _last(told: Explained, sent: Moment) -> str:
    """Return what became of a message at last."""
    same = [one.state for one in told.moments if (one.about, one.recipient) == (sent.about, sent.recipient)]
    return next((state for state in reversed(same) if state), sent.state)
