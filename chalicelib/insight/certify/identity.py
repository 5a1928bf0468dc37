"""Checks of names: of calls, of updates, and of people."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from chalicelib.domain.phones import readable_numbers
from chalicelib.insight.certify.post import Told, named_party
from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.verdict import Verdict, verdict

_SEVERAL = 2
MOST_COMPARED = 500
"""Calls in which one call under two numbers is looked for."""


def numbers(run: Run) -> Verdict:
    """Each update names its call, and one call has one number, or an `incident_id` that stays."""
    findings = [
        f"{told.post.where}, update {told.index + 1}: neither incident_number nor incident_id"
        for told in run.news
        if not told.call
    ]
    return verdict([*findings, *_twins(run), *_halves(run)], run.news, _changed(run))


def _twins(run: Run) -> Iterator[str]:
    """Yield calls under two names that began at the same instant, with the same phone, and are not linked."""
    known = {name: (_received(call), _phones(call), call) for name, call in list(run.calls.items())[:MOST_COMPARED]}
    for (one, (at, phones, told)), (other, (its_at, its_phones, its_told)) in combinations(known.items(), 2):
        if at & its_at and phones & its_phones and not {one, other} & (_linked(told) | _linked(its_told)):
            yield (
                f"{its_told[0].where}: the same time received and the same phone as {told[0].where}: "
                "one call under two numbers needs one incident_id"
            )


def _halves(run: Run) -> Iterator[str]:
    """Yield that no call has both a beginning and an end, where several have one of them."""
    begun = {name for name, call in run.calls.items() if _received(call)}
    ended = {name for name, call in run.calls.items() if any(told.words.get("closed_at") for told in call)}
    if len(begun) >= _SEVERAL and len(ended) >= _SEVERAL and not begun & ended:
        yield (
            f"{len(begun)} calls are received and never closed, {len(ended)} others are closed and never received: "
            "one call under two numbers needs one incident_id"
        )


def _received(call: list[Told]) -> set[object]:
    return {told.words["received_at"] for told in call if told.words.get("received_at")}


def _phones(call: list[Told]) -> set[str]:
    return {number for told in call for party in told.parties for number in _numbers(party.get("phone"))}


def _numbers(phone: object) -> frozenset[str]:
    return readable_numbers(phone, "US") if isinstance(phone, str) else frozenset()


def _linked(call: list[Told]) -> set[str]:
    links = [link for told in call if isinstance(link := told.told.get("linked_to"), dict)]
    return {str(value) for link in links for value in link.values()}


def _changed(run: Run) -> Iterator[str]:
    seen: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for told in run.news:
        if told.incident_id and told.number:
            seen[told.incident_id][told.number] = None
    for names in seen.values():
        if len(names) > 1:
            yield f"One call had the numbers {', '.join(names)}, under one incident_id."
    if run.news and not any(told.incident_id for told in run.news):
        yield "No update has incident_id. Send it if a number can come late, change, or be used again."


def update_ids(run: Run) -> Verdict:
    """An `update_id` names one update of a call for good."""
    named: dict[tuple[str, str, str], Told] = {}
    findings = []
    for told in run.news:
        given = told.told.get("update_id")
        if not told.update or not isinstance(given, str) or not given.strip():
            continue
        first = named.setdefault((told.call, told.post.feed, given.strip()), told)
        if first.words != told.words:
            findings.append(f"{told.where}: the update_id of {first.post.where}, with other words")
    return verdict(findings, named)


def parties(run: Run) -> Verdict:
    """A person keeps one `party_id` through a call."""
    findings = [
        f"{told.where}: a reporting party has no party_id"
        for told in run.news
        for party in told.parties
        if not named_party(party)
    ]
    findings += [words for call in run.calls.values() for words in _renamed(call)]
    return verdict(findings, any(told.parties for told in run.news))


def _renamed(call: list[Told]) -> Iterator[str]:
    known = dict[str, str]()
    for told in call:
        now = {name: phone for party in told.parties if (name := named_party(party)) and (phone := _phone(party))}
        for name, phone in now.items():
            others = [other for other, its in known.items() if its == phone and other != name]
            if any(now.get(other) != phone for other in others) and known.get(name) != phone:
                yield f"{told.where}: the person who was party {others[0]} is now party {name}"
        known |= now


def _phone(party: dict[str, object]) -> str:
    return next(iter(sorted(_numbers(party.get("phone")))), "")
