"""Our opt-outs and a provider's list, made to agree: a STOP said to either counts for both.

We know people by a keyed hash, so we look for ours on the incidents to which that leads. A phone that is in no
incident any more can't be texted by us in any case.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from chalicelib.carriers.failures import OPTED_OUT
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.people.consent import Consent, Reference
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.insight.mask import Mask
from chalicelib.ports.errors import NotSearchable
from chalicelib.wiring import Aws

EXAMPLES = 5
_ABOUT_A_NUMBER = frozenset({"ConflictException", "ValidationException"})
"""Answers of the provider about one number: taken off within 30 days, or none that it knows."""


class Listed(Struct, frozen=True):
    """A number on the provider's list, since when."""

    number: str
    at: datetime


class Differences(Struct, frozen=True):
    """The numbers that only one side knows; `returned` said START to us after the provider listed them."""

    agreed: int
    only_theirs: tuple[Listed, ...]
    only_ours: tuple[str, ...]
    returned: tuple[str, ...]


def read_list(client: Any, name: str) -> Iterator[Listed]:
    """Yield a provider's opt-out list, page by page."""
    pages = client.get_paginator("describe_opted_out_numbers").paginate(OptOutListName=name)
    for page in pages:
        for item in page["OptedOutNumbers"]:
            yield Listed(item["OptedOutNumber"], item["OptedOutTimestamp"])


def reconcile(
    aws: Aws, agency_id: str, client: Any, name: str, at: datetime, *, dry: bool
) -> tuple[Differences, list[str]]:
    """Let both sides agree, or only compare them; return the differences, and the numbers that could not be changed.

    `client` is End User Messaging's.
    """
    listed, known = list(read_list(client, name)), phones(aws, agency_id)
    found = compare(listed, known, lambda number: aws.contacts.history(agency_id, number))
    return found, [] if dry else agree(found, aws, agency_id, client, name, at)


def phones(aws: Aws, agency_id: str) -> set[str]:
    """Return the phones of those who said STOP to us, as their incidents have them; NotSearchable, Unreadable."""
    if aws.searchable.since(agency_id) is None:
        raise NotSearchable(agency_id)
    found = (_phone(aws, agency_id, person) for person in aws.contacts.stopped.of(agency_id))
    return {phone for phone in found if phone}


def _phone(aws: Aws, agency_id: str, person: Reference) -> str | None:
    """Return a person's phone, by the latest of their incidents that has it still."""
    for one in aws.contacts.incidents_of(agency_id, person):
        incident = aws.incidents.load(IncidentKey(agency_id, one.incident_number)).incident
        for address in incident.all_addresses:
            if address.startswith("+") and aws.contacts.reference(address) == person:
                return address
    return None


def compare(listed: Iterable[Listed], known: Iterable[str], history: Callable[[str], list[Consent]]) -> Differences:
    """Compare both sides; `history` is a person's words about consent, oldest first."""
    theirs = {item.number: item for item in listed}
    only_theirs, returned, agreed = [], [], 0
    for number, item in sorted(theirs.items()):
        last = _wish(history(number))
        if last and last.opted_out is OptOutScope.ALL:
            agreed += 1
        elif last and last.opted_out is None and last.at and last.at > item.at:
            returned.append(number)
        else:
            only_theirs.append(item)
    ours = (number for number in sorted(set(known) - theirs.keys()) if _all(_wish(history(number))))
    return Differences(agreed, tuple(only_theirs), tuple(ours), tuple(returned))


def agree(found: Differences, aws: Aws, agency_id: str, client: Any, name: str, at: datetime) -> list[str]:
    """Write what each side lacks: theirs become opt-outs of ours, ours go on their list, and who returned leaves it.

    Return the numbers whose entry the provider would not change: they must not stand in the way of the others.
    """
    for item in found.only_theirs:
        # As of now: an earlier, narrower word of ours must not outlive it.
        words = f"on the list {name} since {item.at:%Y-%m-%d}"
        aws.contacts.opt_out(agency_id, item.number, OptOutScope.ALL, at, words, "provider")
    kept = [number for number in found.only_ours if not _changed(client.put_opted_out_number, name, number)]
    for number in found.returned:
        if _changed(client.delete_opted_out_number, name, number):
            aws.contacts.opt_in(agency_id, number, at, f"off the list {name}: said START since", "provider")
        else:
            kept.append(number)
    return kept


def _changed(change: Callable[..., object], name: str, number: str) -> bool:
    """Change a number's entry, and tell whether that was allowed; an error of the whole list is raised."""
    try:
        change(OptOutListName=name, OptedOutNumber=number)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABOUT_A_NUMBER:
            raise
        return False
    return True


def not_changed(numbers: Iterable[str]) -> str:
    """Say whose entry stays as it is."""
    return "".join(_line("would not be changed by the provider (once in 30 days): try again later", numbers))


def in_words(found: Differences, dry: bool) -> Iterator[str]:
    """Yield what was found, with a few masked numbers of each."""
    verb = "would be" if dry else "were"
    yield f"{found.agreed} on both sides"
    yield from _line(f"only the provider's: {verb} opted out here", [item.number for item in found.only_theirs])
    yield from _line(f"only ours: {verb} put on the provider's list", found.only_ours)
    yield from _line(f"said START to us since: {verb} taken off the provider's list", found.returned)


def _line(what: str, numbers: Iterable[str]) -> Iterator[str]:
    masked = [Mask().address(number) for number in numbers]
    examples = ", ".join(masked[:EXAMPLES]) + (", …" if len(masked) > EXAMPLES else "")
    yield f"{len(masked)} {what}" + (f": {examples}" if masked else "")


def _wish(history: list[Consent]) -> Consent | None:
    """Return the last word that is the person's own: a refused text repeats what the list says, not they."""
    own = [word for word in history if not (word.source == "provider" and word.words == OPTED_OUT)]
    return own[-1] if own else None


def _all(word: Consent | None) -> bool:
    return word is not None and word.opted_out is OptOutScope.ALL
