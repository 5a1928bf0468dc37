"""Checks of what replaces what: ties, history told anew, nulls, and lists."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

from chalicelib.insight.certify.post import Told
from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.times import as_of
from chalicelib.insight.certify.verdict import Verdict, verdict

_REOPENED = frozenset({"closed_at", "cancelled_at", "dispositions", "response_mode"})
_FREED = frozenset({"dispatched_at", "enroute_at", "diverted_at", "arrived_at", "units"})
_TOGETHER = (_REOPENED, _FREED)
"""Fields that one act of a dispatcher may take back at once: a call is opened again, or a unit is freed."""

_NEVER_UNDONE = frozenset({"received_at", "origin", "incident_type"})
_WHOLE_LISTS = ("case_numbers", "offenses")


def _pairs(run: Run) -> Iterator[tuple[Told, Told, list[Told]]]:
    """Yield each two updates of a call by one system, the earlier first, and all that came before the second."""
    for call in run.calls.values():
        for second in range(1, len(call)):
            before = [told for told in call[:second] if told.post.feed == call[second].post.feed]
            yield from ((first, call[second], before) for first in before)


def _at_odds(first: Told, second: Told) -> list[str]:
    """Return the fields of which two updates say different things as of one instant, without a sequence."""
    one, other = first.update, second.update
    if not one or not other or one.as_of != other.as_of or one.sequence != other.sequence:
        return []
    shared = first.words.keys() & second.words.keys()
    return sorted(name for name in shared if first.words[name] != second.words[name])


def _is_later(told: Told, than: Told) -> bool:
    return bool(told.update and than.update and told.update.as_of > than.update.as_of)


def ties(run: Run) -> Verdict:
    """Two updates of one call at one `as_of` never differ, unless `sequence` says which is the later."""
    findings = (
        f"{second.where}: {', '.join(names)}: another word than in {first.post.where}, at the same as_of"
        for first, second, before in _pairs(run)
        if (names := _at_odds(first, second)) and not any(_is_later(told, second) for told in before)
    )
    return verdict(findings, any(True for _ in _pairs(run)))


def history(run: Run) -> Verdict:
    """History is not told anew with its old `as_of`: a correction has the time of the correction."""
    findings, notes = [], []
    for first, second, before in _pairs(run):
        later = [told for told in before if _is_later(told, second)]
        names = _at_odds(first, second)
        if names and later:
            findings.append(
                f"{second.where}: {', '.join(names)}: a new word with the as_of of {first.post.where}, "
                f"after {later[-1].post.where} had told a later state"
            )
        elif _is_later(first, second):
            notes.append(f"{second.where}: came after {first.post.where}, which is of a later time. That does no harm.")
    return verdict(findings, any(True for _ in _pairs(run)), notes)


def nulls(run: Run) -> Verdict:
    """`null` is written only where something is taken back."""
    findings, notes, seen = list[str](), list[str](), False
    known: defaultdict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for call in run.calls.values():
        for told in call:
            shown = known[told.call, told.post.feed]
            taken = {name for name, value in told.words.items() if value is None and name in shown}
            seen = seen or bool(shown)
            news = {name for name, value in told.words.items() if value is not None and shown.get(name) != value}
            if _is_careless(taken, news):
                names = ", ".join(sorted(taken))
                findings.append(f"{told.where}: null takes back what was said before: {names}")
            elif taken:
                notes.append(f"{told.where}: takes back {', '.join(sorted(taken))}. Was that meant?")
            for name, value in told.words.items():
                if value is None:
                    shown.pop(name, None)
                else:
                    shown[name] = value
    return verdict(findings, seen, notes)


def _is_careless(taken: set[str], news: set[str]) -> bool:
    """Tell whether no one act of a dispatcher takes back just these fields, beside telling the news of others."""
    if not taken or taken & _NEVER_UNDONE:
        return bool(taken)
    together = next((fields for fields in _TOGETHER if taken <= fields), None)
    if together is not None:
        return bool(news - together)
    (one, *others), (place, colon, _) = sorted(taken), min(taken).rpartition(": ")
    return bool(others) or bool({name for name in news - {one} if not (colon and name.startswith(place))})


def lists(run: Run) -> Verdict:
    """A list is told whole: it replaces the one before."""
    findings = [
        f"{second.where}: {name} lacks an entry that {first.post.where} told: a list replaces the one before"
        for call in run.calls.values()
        for name in _WHOLE_LISTS
        for first, second in _following([told for told in call if told.words.get(name)])
        if set(first.words[name]) - set(second.words[name])
    ]
    seen = any(told.words.get(name) for told in run.news for name in (*_WHOLE_LISTS, "dispositions"))
    return verdict(findings, seen, _style(run))


def _following(told: list[Told]) -> Iterator[tuple[Told, Told]]:
    return ((first, second) for first, second in pairwise(told) if as_of(first) != as_of(second))


def _style(run: Run) -> Iterator[str]:
    """Yield whether updates are whole or partial, where that can be told."""
    later = [
        set(first.words) <= set(second.words)
        for call in run.calls.values()
        for first, second in combinations(call[:20], 2)
        if first.post.feed == second.post.feed and first.words.keys() - {"incident_type"}
    ]
    if later and all(later):
        yield "Each update tells the whole call again."
    elif later:
        yield "Updates tell only what is new."
