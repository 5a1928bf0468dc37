"""Checks of what a sender does after a failure, and in quiet times."""

import itertools
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.insight.certify.post import Post, Told
from chalicelib.insight.certify.read import Read, Run
from chalicelib.insight.certify.times import lasting
from chalicelib.insight.certify.verdict import Verdict, verdict

SOON = timedelta(seconds=90)
"""A request that failed comes again within this."""

SILENCE = timedelta(minutes=5)
_GRACE = timedelta(seconds=10)
_LEAST = timedelta(seconds=1)
_SOONER = timedelta(milliseconds=250)
_STORM, _IN = 6, timedelta(seconds=10)
PATIENCE = 29.0
_NEW = ("as_of", "update_id", "sequence")


class Failure(Struct, frozen=True):
    """A request that failed, and each one after it that brought some of the same, until all of it was taken."""

    first: Read
    again: tuple[Read, ...]
    left: frozenset[str]

    @property
    def post(self) -> Post:
        """Return the request that failed first."""
        return self.first.post


def failures(run: Run) -> list[Failure]:
    """Return the first request of each that failed, and how it came again."""
    updates = [each for each in run.read if each.post.place == "updates" and each.size]
    found, known = list[Failure](), list[Read]()
    for position, each in enumerate(updates):
        if each.post.failed and not any(each is one for one in known):
            found.append(_followed(each, updates[position + 1 :]))
            known += found[-1].again
    return found


def _followed(first: Read, later: list[Read]) -> Failure:
    again, left = list[Read](), _contents(first)
    for each in later:
        if _is_same(first, each) or left & _contents(each):
            again.append(each)
            left = left if each.post.failed else left - _contents(each)
            if not each.post.failed and (_is_same(first, each) or not left):
                return Failure(first, tuple(again), frozenset())
    return Failure(first, tuple(again), left)


def _is_same(one: Read, other: Read) -> bool:
    """Tell whether two requests have the same body or the same name."""
    named = one.post.webhook_id and one.post.webhook_id == other.post.webhook_id
    return one.post.feed == other.post.feed and bool(one.post.content_hash == other.post.content_hash or named)


def _contents(read: Read) -> frozenset[str]:
    """Return what each update of a request says but for when, and but for its own name; or what names the body."""
    return frozenset(map(_content, read.told)) or frozenset({read.post.content_hash})


def _content(told: Told) -> str:
    said = {name: str(value) for name, value in told.told.items() if name not in _NEW}
    return json.dumps([told.post.feed, said], sort_keys=True)


def retried(run: Run) -> Verdict:
    """A request that failed is sent again."""
    found = failures(run)
    lost = [each for each in found if not each.again or (each.left and len(_contents(each.first)) > 1)]
    end = run.until or max((post.at for post in run.posts if post.at), default=None)
    findings = [
        f"{each.post.where}: {_answered(each.post)}, and it never came again" for each in lost if _had_time(each, end)
    ]
    waits = [f"{each.post.where}: {_answered(each.post)}; wait {SOON.seconds} seconds" for each in lost]
    return verdict(findings, found and len(lost) < len(found), waits if not findings else ())


def _had_time(failure: Failure, end: datetime | None) -> bool:
    return bool(failure.post.at and end and end - failure.post.at >= SOON)


def _answered(post: Post) -> str:
    return f"answered with {post.status}" if post.status else "not answered"


def same(run: Run) -> Verdict:
    """A request that is sent again has the same `webhook-id` and body; in another batch, updates keep their names."""
    again = [(each.first, other) for each in failures(run) for other in each.again]
    return verdict((words for first, other in again if (words := _differs(first, other))), again)


def _differs(first: Read, other: Read) -> str:
    post = other.post
    if first.post.webhook_id and post.webhook_id != first.post.webhook_id:
        if post.content_hash != first.post.content_hash and _names(other) and _names(first) & _names(other):
            return ""
        return f"{post.where}: {first.post.where} again, under another webhook-id"
    if post.content_hash != first.post.content_hash:
        return f"{post.where}: {first.post.where} again, with another body"
    return ""


def _names(read: Read) -> set[tuple[str, str, str]]:
    """Return the updates of a request by their own names, and when each was so."""
    named = [told for told in read.told if isinstance(told.told.get("update_id"), str)]
    return {(told.call, told.told["update_id"], str(told.told.get("as_of"))) for told in named}


def pace(run: Run) -> Verdict:
    """Waits grow between tries, and `Retry-After` is kept."""
    found = failures(run)
    return verdict((words for each in found for words in _hasty(each)), [each for each in found if each.again])


def _hasty(failure: Failure) -> Iterator[str]:
    tries = [each.post for each in (failure.first, *failure.again) if each.post.at]
    for before, post in itertools.pairwise(tries):
        if not before.at or not post.at or not before.failed:
            continue
        asked = timedelta(seconds=before.retry_after) - _SOONER if before.retry_after else _LEAST
        if post.at - before.at < asked:
            wait = f"{before.retry_after:g} seconds were asked for" if before.retry_after else "wait at least a second"
            yield f"{post.where}: came {(post.at - before.at).total_seconds():.1f} seconds after {before.where}; {wait}"
    for first, last in zip(tries, tries[_STORM - 1 :], strict=False):
        if first.at and last.at and last.at - first.at < _IN:
            yield f"{last.where}: {_STORM} tries within {_IN.seconds} seconds"


def patience(run: Run) -> Verdict:
    """The sender waits for an answer for 30 seconds."""
    slow = [post for post in run.posts if post.trouble == "slow"]
    findings = (
        f"{post.where}: the sender hung up after {post.gave_up_after:.1f} seconds"
        for post in slow
        if post.gave_up_after is not None and post.gave_up_after < PATIENCE
    )
    return verdict(findings, slow)


def _is_life(each: Read) -> bool:
    """Tell whether a request says that the feed lives: what can't be read at all does not."""
    return each.post.place == "heartbeat" or any(told.update for told in each.told)


def heartbeats(run: Run) -> Verdict:
    """Something is heard at least every five minutes, in quiet times too."""
    times = sorted(each.post.at for each in run.read if each.post.at and _is_life(each))
    beats = [post for post in run.posts if post.place == "heartbeat"]
    if not (times and (run.live or beats)):
        return verdict((), beats, ["A recording shows silences only if it has heartbeats, and times."])
    ends = [*times, run.until] if run.until else times
    findings = [
        f"nothing was heard for {lasting(later - before)} from {before:%H:%M:%S} UTC"
        for before, later in itertools.pairwise(ends)
        if later - before > SILENCE + _GRACE
    ]
    limits = (
        ["Heartbeats must stop while the source is down. No receiver can see that: ask the sender."] if beats else []
    )
    return verdict(findings, beats, limits)
