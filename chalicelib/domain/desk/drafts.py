"""A draft of the settings: who may do what with it, in which state. Pure.

    open ──ask──▶ review ──approve──▶ approved ──schedule──▶ scheduled ──▶ published
      ▲             │ return            │                        │
      └─ edit ◀── returned ◀────────────┴──── any edit ──────────┘            (discarded)

A draft has one editor at a time; whoever was its editor once is an author of it. An approval is of the digest of the
text, over the version that was in force then: an edit voids it, and so does another version. No author approves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.approval import Author, person_behind

State = Literal["open", "review", "returned", "approved", "scheduled", "published", "discarded"]
ENDED: frozenset[State] = frozenset({"published", "discarded"})

Why = Literal[
    "moved",
    "not_editor",
    "ended",
    "own",
    "not_in_review",
    "not_approved",
    "no_reason",
    "changed",
    "bad_time",
    "unsound",
    "too_late",
]
"""A reason for which something is not done: somebody wrote meanwhile, one is not its editor, and so on."""

SOONEST, LATEST = timedelta(minutes=1), timedelta(days=92)
"""How long from now a publication may be scheduled."""


class Refused(ValueError):
    """Something that can't be done with a draft as it stands; `why` is a word of the list."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Draft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A draft of an agency's settings.

    `text` is the digest of what it says, `comment` why it is made, `base` the version that it was made from. `authors`
    are all who ever were its `editor`. `over` is the version in force when it was approved by `second`; `proposed_at`
    and `act` name the proposal in the ledger that they approved. `publish_at` is when it is to be in force. `answer` is
    what a reviewer asks to be changed, `trouble` why a scheduled publication was not made. `number` counts its writes.
    """

    id: str
    comment: str
    text: str
    base: int
    authors: tuple[Author, ...]
    editor: Author | None = None
    since: datetime
    at: datetime
    state: State = "open"
    asked_by: Author | None = None
    second: Author | None = None
    over: int = 0
    proposed_at: datetime | None = None
    act: str = ""
    publish_at: datetime | None = None
    answer: str = ""
    trouble: str = ""
    version: int = 0
    number: int = 0

    @property
    def ended(self) -> bool:
        """Tell whether nothing can be done with it any more."""
        return self.state in ENDED

    def is_author(self, who: Author) -> bool:
        """Tell whether somebody is one of those who wrote it, by their sign-in: names change."""
        return is_among(who, self.authors)

    def is_editor(self, who: Author) -> bool:
        """Tell whether somebody is the one who edits it now."""
        return self.editor is not None and is_among(who, (self.editor,))


def is_among(who: Author, people: Iterable[Author]) -> bool:
    """Tell whether somebody is one of these people, by what AWS or the agency's sign-in calls them; Unidentified."""
    return person_behind(who.by) in {person_behind(one.by) for one in people}


def begun(draft_id: str, text: str, comment: str, base: int, who: Author, at: datetime) -> Draft:
    """Return a new draft of a text, edited by whoever began it."""
    return Draft(id=draft_id, comment=comment, text=text, base=base, authors=(who,), editor=who, since=at, at=at)


def saved(draft: Draft, who: Author, text: str, comment: str, at: datetime) -> Draft:
    """Return a draft with what its editor wrote; any edit voids what was asked and approved. Refused."""
    _stands(draft)
    if not draft.is_editor(who):
        raise Refused("not_editor")
    if (text, comment) == (draft.text, draft.comment):
        return draft
    return replace(_void(draft), text=text, comment=comment, at=at)


def taken_over(draft: Draft, who: Author, at: datetime) -> Draft:
    """Return a draft with another editor, an author from now on: what was asked and approved is void. Refused."""
    _stands(draft)
    if draft.is_editor(who):
        return draft
    authors = draft.authors if draft.is_author(who) else (*draft.authors, who)
    return replace(_void(draft), editor=who, authors=authors, since=at, at=at)


def left(draft: Draft, who: Author, at: datetime) -> Draft:
    """Return a draft that its editor left for others; Refused."""
    _stands(draft)
    if not draft.is_editor(who):
        raise Refused("not_editor")
    return replace(draft, editor=None, at=at)


def discarded(draft: Draft, who: Author, at: datetime) -> Draft:
    """Return a draft that is given up, by one of its authors; Refused."""
    _stands(draft)
    if not draft.is_author(who):
        raise Refused("not_editor")
    return replace(_void(draft), state="discarded", editor=None, at=at)


def asked(draft: Draft, who: Author, proposed_at: datetime, act: str, at: datetime) -> Draft:
    """Return a draft whose editor asks for review, with the proposal that the ledger has of it; Refused."""
    _stands(draft)
    if not draft.is_editor(who):
        raise Refused("not_editor")
    if draft.state not in ("open", "returned"):
        raise Refused("moved")
    return replace(
        draft, state="review", editor=None, asked_by=who, proposed_at=proposed_at, act=act, answer="", trouble="", at=at
    )


def may_approve(draft: Draft, who: Author, text: str) -> None:
    """Check that somebody may approve the text that they read; Refused."""
    _stands(draft)
    if draft.state != "review":
        raise Refused("not_in_review")
    if draft.text != text:
        raise Refused("moved")
    if draft.is_author(who):
        raise Refused("own")


def approved(draft: Draft, who: Author, text: str, over: int, proposed_at: datetime, act: str, at: datetime) -> Draft:
    """Return a draft that somebody approved who did not write it, by the digest of what they read; Refused."""
    may_approve(draft, who, text)
    return replace(draft, state="approved", second=who, over=over, proposed_at=proposed_at, act=act, at=at)


def returned(draft: Draft, who: Author, text: str, reason: str, at: datetime) -> Draft:
    """Return a draft with what a reviewer asks to be changed, also after it was approved; Refused."""
    _stands(draft)
    if draft.state not in ("review", "approved", "scheduled"):
        raise Refused("not_in_review")
    if draft.text != text:
        raise Refused("moved")
    if draft.is_author(who):
        raise Refused("own")
    if not reason:
        raise Refused("no_reason")
    return replace(_void(draft), state="returned", second=who, answer=reason, at=at)


def may_publish(draft: Draft, text: str, over: int, signers: int) -> None:
    """Check that a draft may be put in force over a version, where so many people must have seen it; Refused."""
    _stands(draft)
    if draft.text != text:
        raise Refused("moved")
    if draft.state == "review" and signers > 1:
        raise Refused("not_approved")
    if draft.state in ("approved", "scheduled"):
        if draft.over != over:
            raise Refused("changed")
        if draft.second is None or draft.is_author(draft.second):
            raise Refused("own")
    elif signers > 1:
        raise Refused("not_approved")


def scheduled(draft: Draft, text: str, publish_at: datetime, over: int, at: datetime) -> Draft:
    """Return an approved draft that is to be in force from an instant on; Refused."""
    if draft.state not in ("approved", "scheduled"):
        raise Refused("ended" if draft.ended else "not_approved")
    may_publish(draft, text, over, 2)
    if draft.publish_at == publish_at:
        return draft
    if not at + SOONEST <= publish_at <= at + LATEST:
        raise Refused("bad_time")
    return replace(draft, state="scheduled", publish_at=publish_at, trouble="", at=at)


def unscheduled(draft: Draft, at: datetime) -> Draft:
    """Return a draft that is not to be in force by itself any more; the approval stands. Refused."""
    if draft.state != "scheduled":
        raise Refused("ended" if draft.ended else "moved")
    return replace(draft, state="approved", publish_at=None, at=at)


def failed(draft: Draft, why: Why, at: datetime) -> Draft:
    """Return a draft whose scheduled publication was not made: somebody must look at it anew."""
    return replace(_void(draft), trouble=why, at=at)


def published(draft: Draft, version: int, at: datetime) -> Draft:
    """Return a draft that is in force as a version."""
    return replace(draft, state="published", editor=None, version=version, publish_at=None, trouble="", at=at)


def _stands(draft: Draft) -> None:
    if draft.ended:
        raise Refused("ended")


def _void(draft: Draft) -> Draft:
    """Return a draft that nobody asked about, approved or scheduled."""
    return replace(
        draft,
        state="open",
        asked_by=None,
        second=None,
        over=0,
        proposed_at=None,
        act="",
        publish_at=None,
        answer="",
        trouble="",
    )
