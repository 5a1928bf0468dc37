"""Checks of times: offsets, clocks, and the time at which something was so."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.domain.incidents.facts import Instant
from chalicelib.insight.certify.post import Told
from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.verdict import Verdict, verdict

FEWEST = 3
_AHEAD, _BEHIND = timedelta(seconds=30), timedelta(minutes=2)
_AFTER = timedelta(minutes=1)
_HALF_HOUR, _NEAR = timedelta(minutes=30), timedelta(minutes=2)
_FARTHEST = timedelta(hours=14)
_MANY_TIMES = 3
_INSTANT = re.compile(r"as_of|\w+_at|scheduled_for")
_BEYOND = re.compile(r"updates\[\d+\]\.(\w+): expected between")
_NO_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?")


def instant(value: Any) -> datetime | None:
    """Return a time that has an offset, or None."""
    try:
        return msgspec.convert(value, Instant)
    except msgspec.ValidationError:
        return None


def as_of(told: Told) -> datetime | None:
    """Return when an update says that it was so, plausible or not."""
    return instant(told.told.get("as_of"))


def lasting(length: timedelta) -> str:
    """Return a length of time in words."""
    seconds = round(abs(length.total_seconds()))
    for unit, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.1f} {name}".replace(".0 ", " ")
    return f"{seconds} seconds"


def offsets(run: Run) -> Verdict:
    """Each time can be read, and says its offset from UTC."""
    return verdict((words for told in run.news for words in _unreadable(told)), run.news)


def _unreadable(told: Told) -> Iterator[str]:
    for name, value in told.told.items():
        if not _INSTANT.fullmatch(name) or value in (None, "") or instant(value):
            continue
        if isinstance(value, str) and (_NO_OFFSET.fullmatch(value.strip())):
            yield f"{told.where}: {name} has no offset: end it with Z, or with an offset such as -07:00"
        elif isinstance(value, datetime):
            yield f"{told.where}: {name} has no offset: say time_zone in the mapping"
        else:
            yield f"{told.where}: {name} is no time such as 2026-11-21T17:20:00-07:00"
    beyond = _BEYOND.match(told.error)
    if beyond and not _is_ahead(told, beyond[1]):
        yield f"{told.where}: {beyond[1]} is before the year 2000, or too far ahead: leave it out where there is none"


def _is_ahead(told: Told, name: str) -> bool:
    """Tell whether the sender's clock explains what is wrong."""
    at = as_of(told)
    return name == "as_of" and bool(at and told.post.at and at > told.post.at)


def clock(run: Run) -> Verdict:
    """The sender's clock agrees with ours."""
    lags = [(told, told.post.at - at) for told in run.news if told.post.at and (at := as_of(told))]
    findings = [
        f"{told.where}: as_of is {lasting(lag)} ahead of the time at which it came"
        for told, lag in lags
        if -lag > _AHEAD
    ]
    least = min((lag for _, lag in lags), default=timedelta())
    if len(lags) >= FEWEST and least > _BEHIND and (run.live or _is_zone(least)):
        zone = f", about as much as time zones differ{_asked(least)}" if _is_zone(least) else ""
        findings.append(f"every as_of is at least {lasting(least)} behind the time at which it came{zone}")
    findings += [
        f"{post.where}: webhook-timestamp is {lasting(signed - post.at)} from our clock"
        for post in run.posts
        if post.at and run.live and (signed := _signed_at(post.headers)) and abs(signed - post.at) > _AFTER
    ]
    return verdict(findings, lags)


def _signed_at(headers: dict[str, str]) -> datetime | None:
    given = headers.get("webhook-timestamp", "")
    return datetime.fromtimestamp(int(given), UTC) if re.fullmatch(r"\d{1,10}", given) else None


def _is_zone(lag: timedelta) -> bool:
    """Tell whether a difference is about one between time zones."""
    nearest = round(lag / _HALF_HOUR) * _HALF_HOUR
    return abs(lag - nearest) <= _NEAR and _HALF_HOUR * 2 <= abs(nearest) <= _FARTHEST


def _asked(lag: timedelta) -> str:
    return f" ({round(lag / _HALF_HOUR) / 2:g} hours)"


def zones(run: Run) -> Verdict:
    """Times are what their offset says: none is local time with the offset of another zone."""
    lags = [(told, said - max(new.values())) for told, new in _new_instants(run.news) if new and (said := as_of(told))]
    off = [(told, lag) for told, lag in lags if _is_zone(lag)]
    findings = []
    if len(off) >= FEWEST and 2 * len(off) > len(lags):
        usual = median_low(lag for _, lag in off)
        way = "before" if usual > timedelta() else "after"
        findings.append(
            f"{off[0][0].where} and {len(off) - 1} more: times are {abs(round(usual / _HALF_HOUR) / 2):g} hours {way} "
            "as_of; they look like local times with a wrong offset"
        )
    findings += _fixed_offsets(run)
    return verdict(findings, lags, _local_times(run))


def _fixed_offsets(run: Run) -> Iterator[str]:
    if not run.time_zone:
        return
    for told in run.news:
        for name, value in told.told.items():
            at = instant(value) if _INSTANT.fullmatch(name) and isinstance(value, str) else None
            offset = at.utcoffset() if at else None
            if at and offset and offset != at.astimezone(ZoneInfo(run.time_zone)).utcoffset():
                yield f"{told.where}: {name} has an offset that {run.time_zone} does not have at that time of the year"


def _local_times(run: Run) -> Iterator[str]:
    if run.mapper and run.mapper.mapping.time_zone:
        yield (
            f"The mapping reads local times of {run.mapper.mapping.time_zone}. In the hour that comes twice in autumn "
            "nobody can tell which one was meant. Offsets would be sure."
        )


def _new_instants(news: Iterable[Told]) -> Iterator[tuple[Told, dict[str, datetime]]]:
    """Yield each update with the times that it was the first to tell."""
    known = set[tuple[str, str, datetime]]()
    for told in news:
        read = {name: at for name, value in told.told.items() if name.endswith("_at") and (at := instant(value))}
        yield told, {name: at for name, at in read.items() if (told.call, name, at) not in known}
        known |= {(told.call, name, at) for name, at in read.items()}


def time_of_change(run: Run) -> Verdict:
    """`as_of` is the time of the change: not before what it tells, and not moved by sending."""
    findings = [*_before_its_facts(run.news), *_moved(run), *_anew(run)]
    return verdict(findings, [told for told in run.news if as_of(told)])


def _before_its_facts(news: Iterable[Told]) -> Iterator[str]:
    for told, new in _new_instants(news):
        said = as_of(told)
        for name, at in new.items():
            if said and at - said > _AFTER and not _is_zone(at - said):
                yield f"{told.where}: {name} is {lasting(at - said)} after as_of: as_of must be when that was said"


def _moved(run: Run) -> Iterator[str]:
    for call in run.calls.values():
        times, before = 0, call[0]
        for told in call[1:]:
            same = not told.told.get("as_of_now") and told.words == before.words and told.post.feed == before.post.feed
            times = times + 1 if same and as_of(told) != as_of(before) else 0
            before = told
            if times == _MANY_TIMES:
                yield f"{told.where}: says what was said before, for the third time, with a new as_of each time"


def _anew(run: Run) -> Iterator[str]:
    """Yield updates that were not taken, and came again with another time."""
    for place, first in enumerate(run.news):
        if not first.update or not first.post.failed:
            continue
        again = [told for told in run.news[place + 1 :] if (told.call, told.number) == (first.call, first.number)]
        later = [told for told in again if told.words == first.words]
        if later and all(as_of(told) != as_of(first) for told in later):
            yield f"{later[0].where}: the same words as in {first.post.where}, sent again with a new as_of"
