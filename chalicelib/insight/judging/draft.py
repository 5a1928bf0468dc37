"""One person judges: what silences is in force at once, what lets a text go becomes a draft for a second person.

Each value is written over what its judge saw: of two people at one value one wins, and the other is told who it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.judging import Draft, in_force, judgement, lack
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import VERDICTS, Verdict
from chalicelib.domain.settings.weaker import weaker
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.insight.judging.waiting import Waits, waiting
from chalicelib.insight.settings.judge import judged_anew, with_judgements
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws

LONGEST = 400
LATER = "later"

Problem = Literal["unreadable", "meaning", "reason", "moved", "unsaved"]


class Given(Struct, frozen=True, kw_only=True):
    """One answer of a form: what somebody says of a value, and the number of the draft that they saw."""

    id: str
    verdict: str
    meaning: str = ""
    reason: str = ""
    number: int = 0


class Untaken(Struct, frozen=True):
    """An answer that was not taken, and why; `draft` is what somebody else did meanwhile."""

    given: Given
    problem: Problem
    draft: Draft | None = None


class Sorted(Struct, frozen=True, kw_only=True):
    """A form's answers, sorted: those that silence, those that let a text go, those taken back, and those refused."""

    silence: tuple[Draft, ...] = ()
    let: tuple[Draft, ...] = ()
    withdrawn: tuple[Draft, ...] = ()
    untaken: tuple[Untaken, ...] = ()

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Return what must be written as drafts."""
        return (*self.let, *self.withdrawn)


def sort(answers: Iterable[Given], found: Sequence[Waits], agency: Agency, judge: Author, now: datetime) -> Sorted:
    """Sort a form's answers about all that came or was drafted. Pure: nothing is written yet."""
    known, waits = {one.id: one for one in found}, {one.id for one in waiting(found, agency, now)}
    silence, let, withdrawn, untaken = list[Draft](), list[Draft](), list[Draft](), list[Untaken]()
    for given in answers:
        one = known.get(given.id)
        if one is None or one.id not in waits:
            if given.verdict in VERDICTS and not (one and _same(given, one)):
                untaken.append(Untaken(given, "moved", one.draft if one else None))
            continue
        made = _made(given, one, agency, judge, now)
        if isinstance(made, Untaken):
            untaken.append(made)
        elif made is not None:
            (withdrawn if made.state == "withdrawn" else let if made.lets else silence).append(made)
    return Sorted(silence=tuple(silence), let=tuple(let), withdrawn=tuple(withdrawn), untaken=tuple(untaken))


def _made(given: Given, one: Waits, agency: Agency, judge: Author, now: datetime) -> Draft | Untaken | None:
    """Return the draft of an answer, why it can't be one, or None where it changes nothing."""
    before, item = one.draft, one.came.item
    verdict: Verdict | None = next((each for each in VERDICTS if each == given.verdict), None)
    if verdict is None:
        own = before is not None and one.proposed and before.judge.by == judge.by and given.number == before.number
        return replace(before, state="withdrawn", at=now) if own and before and given.verdict == LATER else None
    meaning = (given.meaning or item.text)[:LONGEST]
    reason = given.reason[:LONGEST]
    if before is not None and before.says(verdict, meaning, reason):
        return None  # a page shows others' answers too: whoever sends it on has not judged anew
    if given.number != one.number:
        return Untaken(given, "moved", before)
    lacks = lack(item, meaning, verdict, reason, agency)
    if lacks:
        return Untaken(given, lacks)
    return Draft(item=item, meaning=meaning, verdict=verdict, reason=reason, judge=judge, at=now, number=one.number)


def _same(given: Given, one: Waits) -> bool:
    """Tell whether an answer says what is in force: a form that is sent twice changes nothing the second time."""
    meaning = given.meaning or one.came.item.text
    return one.draft is not None and one.draft.says(given.verdict, meaning, given.reason)


@again_on_conflict()
def silence(ports: Aws, agency_id: str, drafts: Sequence[Draft], author: str, now: datetime) -> int:
    """Put in force, as one version of the settings, what silences, and return its number; Busy.

    It is 0 where that would let something go after all, because it takes the place of a stricter judgement: that is for
    two people. ValueError where the settings can hold no more.
    """
    before = ports.settings.latest(agency_id)
    if before is None:
        return 0
    after = with_judgements(before, judged_anew(before.judgements, map(judgement, drafts)))
    if weaker(before, after):
        return 0
    done = ports.settings.publish(after, author, comment_of(drafts), now, over=before.version)
    keep(ports, agency_id, (in_force(one, None, done.version, now) for one in drafts))
    return done.version


def keep(aws: Aws, agency_id: str, drafts: Iterable[Draft]) -> Mapping[str, Draft | None]:
    """Write drafts, each by itself; return those that were written, and None for one that somebody else moved."""
    kept: dict[str, Draft | None] = {}
    for one in drafts:
        try:
            kept[one.id] = aws.judging.draft(agency_id, one)
        except Conflict:
            kept[one.id] = None
    return kept


def comment_of(drafts: Sequence[Draft]) -> str:
    """Return what a version of the settings says of itself."""
    return f"judged at the desk: {len(drafts)} {'value' if len(drafts) == 1 else 'values'}"
