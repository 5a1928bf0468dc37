"""The access review: who signed in and did what in a period, and who may do what. It is printed and signed once a year.

It is counted from the ledger's own lines. Roles are those with which people signed in, as each sign-in was noted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import islice

from msgspec import Struct

from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import people_of, shown_by
from chalicelib.insight.csv_row import csv_row
from chalicelib.insight.ledger.line import Line
from chalicelib.insight.ledger.read import Asked, lines
from chalicelib.wiring import Aws

MOST_VERSIONS = 50
"""Versions of the settings that are read for changes of the map of roles."""

_SIGNED_IN = frozenset({What.SIGNED_IN, What.SIGNED_IN_AGAIN})
_AS = "as "
_COLUMNS = ("author", "who", "roles", "sign_ins", "last_sign_in", "failed_sign_ins", "what", "count")


class Reviewed(Struct, frozen=True, kw_only=True):
    """One person in a period; `did` counts what they did, but for sign-ins."""

    author: str
    who: str
    roles: tuple[str, ...]
    sign_ins: int
    last_sign_in: datetime | None
    failed: int
    did: Mapping[str, int]

    @property
    def protected(self) -> int:
        """Return how often somebody looked at a person whom the auditor watches over."""
        return self.did.get(What.LOOKED_PROTECTED, 0)


class Change(Struct, frozen=True, kw_only=True):
    """A change of the map of roles: for which value of the claim, and from which roles to which."""

    at: datetime
    author: str
    version: int
    value: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Review(Struct, frozen=True, kw_only=True):
    """A period's people. `counted_from` is later than the period's beginning where there were too many lines."""

    people: tuple[Reviewed, ...]
    counted_from: datetime

    @property
    def protected(self) -> int:
        """Return how many looks there were at people whom the auditor watches over."""
        return sum(one.protected for one in self.people)


def review(aws: Aws, asked: Asked, most: int | None = None) -> Review:
    """Return who signed in and did what in a period, from its newest `most` lines."""
    last = asked.until

    def counted() -> Iterator[Line]:
        nonlocal last
        for line in islice(lines(aws, asked, size=1000), most):
            last = line.at
            yield line

    found, number = people(counted()), most
    whole = number is None or sum(one.sign_ins + one.failed + sum(one.did.values()) for one in found) < number
    return Review(people=found, counted_from=asked.since if whole else last)


def people(found: Iterable[Line]) -> tuple[Reviewed, ...]:
    """Return the people of some lines, by what they are called; an act of two people counts for whoever took the step.

    A step names its one person, so that each line has one.
    """
    theirs: dict[str, list[Line]] = {}
    for line in found:
        theirs.setdefault(people_of(line.author)[-1], []).append(line)
    reviewed = (_reviewed(author, each) for author, each in theirs.items())
    return tuple(sorted(reviewed, key=lambda one: (one.who.casefold(), one.author)))


def _reviewed(author: str, found: list[Line]) -> Reviewed:
    newest = sorted(found, key=lambda line: line.at, reverse=True)
    signed_in = [line for line in newest if line.what in _SIGNED_IN]
    roles = (role for line in signed_in if line.about.startswith(_AS) for role in line.about[len(_AS) :].split(", "))
    did = Counter(line.what for line in newest if line.what not in {*_SIGNED_IN, What.SIGN_IN_FAILED})
    name = next((line.name for line in newest if line.name), "")
    return Reviewed(
        author=author,
        who=f"{name} ({shown_by(author)})" if name else shown_by(author),
        roles=tuple(dict.fromkeys(roles)),
        sign_ins=len(signed_in),
        last_sign_in=signed_in[0].at if signed_in else None,
        failed=sum(line.what == What.SIGN_IN_FAILED for line in newest),
        did=dict(did.most_common()),
    )


def changes_of_roles(aws: Aws, agency_id: str, since: datetime) -> tuple[Change, ...]:
    """Return how the map of roles changed since an instant, the newest change first."""
    found: list[Change] = []
    newer = None
    for older in islice(aws.settings.history(agency_id), MOST_VERSIONS):
        if newer is not None:
            before, after = older.agency.desk.roles, newer.agency.desk.roles
            found += [
                Change(
                    at=newer.at,
                    author=newer.author,
                    version=newer.agency.version,
                    value=value,
                    before=before.get(value, ()),
                    after=after.get(value, ()),
                )
                for value in sorted({*before, *after})
                if before.get(value, ()) != after.get(value, ())
            ]
        newer = older
        if older.at < since:
            break
    return tuple(found)


def as_csv(found: Review, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a file: a line for each person and each kind of what they did."""
    yield csv_row(_COLUMNS)
    for one in found.people:
        last = one.last_sign_in.astimezone(zone).isoformat(timespec="seconds") if one.last_sign_in else ""
        person = (one.author, one.who, " ".join(one.roles), one.sign_ins, last, one.failed)
        for what, count in one.did.items() or (("", 0),):
            yield csv_row((*person, what, count))
