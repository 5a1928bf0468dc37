"""What needs a person in plain words, for a command and for a page: a sentence, and the step that comes next."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.insight.explain.words import PROVIDERS
from chalicelib.insight.status.needs import Need, What

_TROUBLES: Mapping[str, str] = {
    "": "nothing was ever heard from dispatch",
    FeedTrouble.SILENT: "it is silent for longer than usual",
    FeedTrouble.AHEAD: "its clock is ahead of ours",
    FeedTrouble.LATE: "its updates come late",
    FeedTrouble.UNKNOWN_TYPES: "it sends types that the settings do not list",
    FeedTrouble.REJECTED: "many of its updates are rejected",
}

_PROVIDERS: Mapping[str, str] = {str(name): words for name, words in PROVIDERS.items()}

NEXT: Mapping[What, str] = {
    What.DANGER: 'decide as for a call to 911, then tenfour survey follow-ups answer ALERT --desk alerts --note "…"',
    What.HELD: "tenfour explain NUMBER, then tenfour settings release NUMBER --what mass_call",
    What.FEED: "call dispatch's system people; docs/vendor/webhook.md is for the vendor",
    What.NULLS: "ask the vendor to leave absent fields out, or make a key: tenfour keys add NAME --null silence",
    What.BLOCKED: "docs/operator/runbook.md, TextsBlocked: is the number registered?",
    What.PROVIDER: "it is tried again by itself; look at the provider's status page",
    What.OVERDUE: "docs/operator/runbook.md, OldestUnsent",
    What.PAUSED: "tenfour settings resume; for a part: --incident N, --type T, --beat B or --kind K, as it was paused",
    What.ALARM: "docs/operator/runbook.md has each by name",
    What.FOLLOW_UPS: "tenfour survey follow-ups list",
    What.NOT_JUDGED: "tenfour settings judge FILE --by NAME --by NAME, then tenfour settings publish FILE",
    What.NOT_LOOKED_AT: "more calls wait than are read; those due first were",
}
"""The next step for each kind of need, in a line of its own."""


_SENTENCES: Mapping[What, str] = {
    What.DANGER: "DANGER{since}: {calls}, alert {about}",
    What.HELD: "HELD, {left}: {calls}, {texts} until you decide",
    What.FEED: "FEED{silence}: {trouble}",
    What.NULLS: "NULLS took values back on {incidents} in 24 hours, {about}",
    What.BLOCKED: "BLOCKED: carriers block the texts of {provider}, so they wait",
    What.PROVIDER: "PROVIDER: {provider} takes no messages",
    What.OVERDUE: "LATE{since}: {messages} overdue",
    What.PAUSED: "PAUSED{since}: {about}",
    What.ALARM: "ALARM {about}",
    What.FOLLOW_UPS: "FOLLOW-UPS: {count} of supervisors late{since}",
    What.NOT_JUDGED: "NOT JUDGED: {about} kept {incidents} silent in 7 days",
    What.NOT_LOOKED_AT: "NOT LOOKED AT: {incidents} with texts that wait",
}


def sentence(need: Need, zone: tzinfo, now: datetime) -> str:
    """Return a need in one sentence, the word that matters first."""
    since = _since(need, zone, now)
    return _SENTENCES[need.what].format(
        since=since,
        silence=since if need.about == FeedTrouble.SILENT else "",
        about=need.about,
        calls=_calls(need),
        count=need.count,
        left=_left(need),
        texts=_some(need.count, "text waits", "texts wait"),
        messages=_some(need.count, "message is", "messages are"),
        incidents=_some(need.count, "call", "calls"),
        trouble=_TROUBLES.get(need.about, ""),
        provider=_PROVIDERS.get(need.about, need.about),
    )


def _calls(need: Need) -> str:
    if not need.calls:
        return "of no known call"
    first, *others = need.calls
    return f"call {first}" + (f" (same phone: {', '.join(others)})" if others else "")


def _left(need: Need) -> str:
    minutes = need.minutes_left or 0
    return f"{minutes // 60} h {minutes % 60} min left" if minutes >= 60 else f"{minutes} min left"  # noqa: PLR2004


def _since(need: Need, zone: tzinfo, now: datetime) -> str:
    if need.since is None:
        return ""
    at, today = need.since.astimezone(zone), now.astimezone(zone).date()
    return f" since {at:%H:%M}" if at.date() == today else f" since {at:%a %-d %b %H:%M}"


def _some(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
