"""Signatures before going live: who signed what, as it read at that moment. Pure.

A signature is of a digest. Whatever changes what was read has another digest, and waits for a new signature.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from chalicelib.domain.approval import Author, person_behind
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.addresses import without

KEPT_FOR = timedelta(days=400)
"""How long a signature counts: a phone on which STOP worked two years ago says nothing of today."""

LONGEST_REFERENCE = 60


class Signer(StrEnum):
    """The people who sign, each for another part of the agency."""

    RECORDS = "records"
    DISPATCH = "dispatch"
    ADVOCATE = "advocate"


ROLES: Mapping[Signer, Role] = {
    Signer.RECORDS: Role.RECORDS,
    Signer.DISPATCH: Role.APPROVER,
    Signer.ADVOCATE: Role.ADVOCATE,
}
"""The role at the desk that signs for each."""

Why = Literal["changed", "role", "same_person", "no_reference"]


class Refused(Exception):
    """A signature that can't be taken; `why` says the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class Signed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One signature. `of` is the digest of what was read, `reference` where a paper is kept.

    `number` counts the writes of its place: it is 0 before the first.
    """

    name: str
    of: str
    by: Author
    at: datetime
    reference: str = ""
    withdrawn: bool = False
    number: int = 0


Signatures = Mapping[str, Signed]
"""The last signature of each name."""


class Subject(Struct, frozen=True, kw_only=True):
    """Something to be signed: its name, the digest of what it says now, and who may sign it.

    `needs_reference` is for what is signed on paper. `apart` names signatures that must be of other people.
    """

    name: str
    of: str
    signers: frozenset[Signer]
    needs_reference: bool = False
    apart: frozenset[str] = frozenset()


def signers_among(roles: Iterable[Role]) -> frozenset[Signer]:
    """Return for whom somebody with these roles signs."""
    held = frozenset(roles)
    return frozenset(signer for signer, role in ROLES.items() if role in held)


def counts(subject: Subject, known: Signatures, now: datetime) -> Signed | None:
    """Return the signature of what a subject says now, or None."""
    one = known.get(subject.name)
    stands = one is not None and not one.withdrawn and one.of == subject.of and now - one.at < KEPT_FOR
    return one if stands else None


def moved(subject: Subject, known: Signatures) -> bool:
    """Tell whether somebody signed it, and it says something else since."""
    one = known.get(subject.name)
    return one is not None and not one.withdrawn and one.of != subject.of


def signed(
    subject: Subject,
    read: str,
    reference: str,
    by: Author,
    roles: Iterable[Role],
    known: Signatures,
    now: datetime,
) -> Signed:
    """Return a person's signature of what they read; the one that is there where it says the same. Refused."""
    if read != subject.of:
        raise Refused("changed")
    if not subject.signers & signers_among(roles):
        raise Refused("role")
    kept = " ".join(without(reference).split())[:LONGEST_REFERENCE] if subject.needs_reference else ""
    if subject.needs_reference and not kept:
        raise Refused("no_reference")
    before = known.get(subject.name)
    if before is not None and counts(subject, known, now) and _same(before, by, kept):
        return before
    if any(_by_them(known.get(name), subject, by) for name in subject.apart):
        raise Refused("same_person")
    number = before.number if before else 0
    return Signed(name=subject.name, of=subject.of, by=by, at=now, reference=kept, number=number)


def _same(before: Signed, by: Author, reference: str) -> bool:
    return before.by.by == by.by and before.reference == reference


def _by_them(other: Signed | None, subject: Subject, by: Author) -> bool:
    """Tell whether a signature beside this one is of the same person, and stands."""
    stands = other is not None and not other.withdrawn and other.of == subject.of
    return stands and other is not None and person_behind(other.by.by) == person_behind(by.by)
