"""Approval by two: an act that ends a protection is proposed by one person and approved by another. Pure.

AWS says who somebody at a terminal is: the ARN of `sts:GetCallerIdentity`. Two sessions of one role are one person,
because a person opens as many sessions as they like. The agency's own sign-in says who somebody at the desk is: the
name `desk:issuer:subject`, which stays the same however they are called. What is approved is the digest of all that the
act does and ends, so nobody can change it in between.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from msgspec import Struct, json

WAITS_FOR = timedelta(hours=24)
"""How long a proposal waits for its second person."""

BROKE_OFF_AFTER = timedelta(minutes=15)
"""No function of AWS Lambda runs for longer: an approved act without a result by then was stopped in between."""

BROKE_OFF_TOLD = timedelta(days=7)
"""For so long after it was proposed people are told of it."""

_SESSION = re.compile(r"arn:(aws[a-z-]*):sts::(\d{12}):assumed-role/([^/]+)/[^/]+")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:user|role)/\S+")
_AT_DESK = re.compile(r"desk:[^\s()]+:[^\s()]+")
_SIGNED = re.compile(rf"(?:^|\()({_PRINCIPAL.pattern.replace('S+', 'S+?')}|{_AT_DESK.pattern})\)?$")


class Unidentified(ValueError):
    """AWS does not say which person this is: the account's root, or a name that a session chose for itself."""


class Author(Struct, frozen=True):
    """Somebody who acts: by the name of their sign-in, which nobody chooses, and how they are called, if known."""

    by: str
    name: str = ""

    @property
    def written(self) -> str:
        """Return who it is as an incident or settings keep it: `Dana Ruiz (desk:…)`, or the name alone."""
        return f"{self.name} ({self.by})" if self.name else self.by


class Act(Struct, frozen=True, kw_only=True):
    """One act of an agency: what is done, with which words, and what it ends.

    `of` names the state that it was decided on, such as a version: another state is another act.
    """

    agency_id: str
    what: str
    words: Mapping[str, str]
    of: str
    ends: tuple[str, ...]


class Proposal(Struct, frozen=True, kw_only=True):
    """An act that waits for a second person."""

    act: Act
    by: str
    at: datetime
    reason: str
    name: str = ""

    @property
    def author(self) -> Author:
        """Return who proposed it."""
        return Author(self.by, self.name)


Step = Literal["proposed", "approved", "done", "failed"]
STEPS: tuple[Step, ...] = get_args(Step)


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of an act, as the ledger keeps it: by whom, when, and all that the act does and ends.

    `reason` says why it was proposed, or why it failed; `name` is how whoever took the step is called.
    """

    step: Step
    by: str
    at: datetime
    proposed_at: datetime
    digest: str
    act: Act
    reason: str = ""
    name: str = ""

    @property
    def author(self) -> Author:
        """Return who took the step."""
        return Author(self.by, self.name)


class NotApproved(ValueError):
    """The approval does not count; the text says why."""


def person_of(arn: str) -> str:
    """Return the person behind an ARN: the user, or the role of a session; Unidentified."""
    session = _SESSION.fullmatch(arn)
    if session:
        partition, account, role = session.groups()
        return f"arn:{partition}:iam::{account}:role/{role}"
    if not _PRINCIPAL.fullmatch(arn):
        raise Unidentified(
            f"AWS says that you are {arn or 'nobody'}, which is no person: use a user or a role of your own"
        )
    head, _, path = arn.partition("/")
    # A session's ARN has its role's name without the path, so a role is known by its name alone.
    return f"{head}/{path.rpartition('/')[2]}"


def person_behind(name: str) -> str:
    """Return the person behind a name: that of a sign-in at the desk, or the person of an ARN; Unidentified."""
    return name if _AT_DESK.fullmatch(name) else person_of(name)


def across(proposal: Proposal, who: str) -> bool:
    """Tell whether one of those who proposed or wrote something did so at the other of desk and terminal.

    Nothing says then whether the two sign-ins are of one person: whoever approves must say so themselves.
    """
    writers = (proposal.by, *proposal.act.words.get(AUTHORS, "").split())
    return any(bool(_AT_DESK.fullmatch(one)) != bool(_AT_DESK.fullmatch(who)) for one in writers)


AUTHORS = "authors"
"""The word of an act that names all who wrote what it publishes, with a blank between two."""

AND = " and "


def both(first: str, second: str) -> str:
    """Return the two people of an act as the one name of who did it."""
    return f"{first}{AND}{second}"


def signed_by(author: str) -> frozenset[str]:
    """Return the sign-ins of those who published something, as `written` and `both` wrote them.

    A name that a person chose holds no colon, so it can't be taken for another sign-in.
    """
    return frozenset(found[1] for part in author.split(AND) if (found := _SIGNED.search(part)))


def shown(author: str) -> str:
    """Return who did something as people read it: ARNs without what is the same for all of an account's people."""
    return AND.join(person.rpartition(":")[2] if person.startswith("arn:") else person for person in author.split(AND))


def digest(act: Act) -> str:
    """Return the digest of an act: equal acts have equal ones, others have others. 128 bits, in hex."""
    return hashlib.sha256(json.encode(act, order="deterministic")).hexdigest()[:32]


def proposed(proposal: Proposal) -> Entry:
    """Return the entry that proposes an act."""
    return Entry(
        step="proposed",
        by=proposal.by,
        at=proposal.at,
        proposed_at=proposal.at,
        digest=digest(proposal.act),
        act=proposal.act,
        reason=proposal.reason,
        name=proposal.name,
    )


def step(proposal: Proposal, step: Step, who: Author, at: datetime, reason: str = "") -> Entry:
    """Return the entry of a later step of a proposal."""
    return Entry(
        step=step,
        by=who.by,
        at=at,
        proposed_at=proposal.at,
        digest=digest(proposal.act),
        act=proposal.act,
        reason=reason,
        name=who.name,
    )


def waiting(entries: Iterable[Entry], now: datetime) -> tuple[Proposal, ...]:
    """Return the proposals of which nothing became yet and that still can be approved, in the order of the entries."""
    known = tuple(entries)
    taken = {(entry.proposed_at, entry.digest) for entry in known if entry.step != "proposed"}
    return tuple(
        Proposal(act=entry.act, by=entry.by, at=entry.at, reason=entry.reason, name=entry.name)
        for entry in known
        if entry.step == "proposed"
        and (entry.proposed_at, entry.digest) not in taken
        and entry.at <= now < entry.at + WAITS_FOR
    )


def declined(proposal: Proposal, entries: Iterable[Entry]) -> bool:
    """Tell whether somebody decided that an act is not done, or it failed before."""
    ours = proposal.at, digest(proposal.act)
    return any(one.step == "failed" and (one.proposed_at, one.digest) == ours for one in entries)


def broken_off(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """Return the approvals of acts that were stopped in between, in the order of the entries.

    One that was done since, by another proposal, is none. Settings have no such state: they are published at once, or
    the approval is of a draft that waits for its time.
    """
    known = tuple(entries)
    ended = {(entry.proposed_at, entry.digest) for entry in known if entry.step in ("done", "failed")}
    done = [(entry.at, _about(entry.act)) for entry in known if entry.step == "done"]
    return tuple(
        entry
        for entry in known
        if entry.step == "approved"
        and entry.act.what != "publish"
        and entry.at <= now - BROKE_OFF_AFTER
        and (entry.proposed_at, entry.digest) not in ended
        and not any(at > entry.at and about == _about(entry.act) for at, about in done)
    )


def _about(act: Act) -> tuple[str, Mapping[str, str]]:
    """Return what an act is about, whatever reason somebody gave for it."""
    return act.what, {name: word for name, word in act.words.items() if name != "reason"}


def second_person(proposal: Proposal, who: str) -> str:
    """Return the person behind a name if they neither proposed nor wrote it; NotApproved, Unidentified."""
    second = person_behind(who)
    if second == person_behind(proposal.by):
        raise NotApproved(f"{second} proposed it: another person must approve it; two sessions of a role are one")
    if second in map(person_behind, proposal.act.words.get(AUTHORS, "").split()):
        raise NotApproved(f"{second} is one of those who wrote it: another person must approve it")
    return second


def approve(proposal: Proposal, present: Act, who: str, now: datetime) -> str:
    """Return the second person if their approval counts; NotApproved, Unidentified.

    `present` is the act as it would be done now: it must be the one that was proposed.
    """
    second = second_person(proposal, who)
    if not proposal.at <= now < proposal.at + WAITS_FOR:
        raise NotApproved(f"it waited for longer than {WAITS_FOR // timedelta(hours=1)} hours: propose it again")
    if present != proposal.act:
        raise NotApproved("what it would do has changed since: propose it again")
    return second
