"""A judgement at the desk: who drafted it, what it still lacks, and what two people's names make of it. Pure.

What never lets a text go one person may put in force. What lets one go waits for a second person, who approves the
digest of the draft: any edit makes it another one.
"""

import hashlib
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.unjudged import value_id
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications.safety import sensitive_word
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import LETS, Judgement, Verdict, people
from chalicelib.domain.settings.meaning import lacks_meaning
from chalicelib.domain.text import readable

State = Literal["proposed", "returned", "in_force", "withdrawn"]
Lack = Literal["unreadable", "meaning", "reason"]

_LONGEST_NAME = 80


class Draft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's judgement of one value.

    `item` is the value as it was listed, `meaning` what its code stands for. `answer` is what the second person asks
    to be changed. `number` counts the writes of its place: it is 0 before the first.
    """

    item: Evidence
    meaning: str = ""
    verdict: Verdict
    reason: str = ""
    judge: Author
    at: datetime
    state: State = "proposed"
    answer: str = ""
    second: Author | None = None
    answered_at: datetime | None = None
    settings_version: int = 0
    number: int = 0

    @property
    def id(self) -> str:
        """Return the short name of the value."""
        return value_id(self.item)

    @property
    def lets(self) -> bool:
        """Tell whether a text may go because of it."""
        return self.verdict in LETS

    @property
    def digest(self) -> str:
        """Return the name of what is judged, and by whom: an edit has another."""
        told = [self.item, self.meaning, self.verdict, self.reason, self.judge.by, self.at]
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]

    def says(self, verdict: str, meaning: str, reason: str) -> bool:
        """Tell whether it stands, and says just this."""
        stands = self.state in {"proposed", "in_force"}
        return stands and (self.verdict, self.meaning, self.reason) == (verdict, meaning, reason)


def lack(item: Evidence, meaning: str, verdict: Verdict, reason: str, agency: Agency) -> Lack | None:
    """Return what a judgement lacks to be one, or None: what silences lacks nothing."""
    if verdict not in LETS:
        return None
    if not (readable(item.code) and readable(meaning)):
        return "unreadable"
    if lacks_meaning(item.field, item.code, meaning):
        return "meaning"
    if not reason and sensitive_word(Evidence(item.field, item.code, meaning), agency):
        return "reason"
    return None


def judgement(draft: Draft, second: Author | None = None) -> Judgement:
    """Return a draft as the settings have it, with the names of those who judged; ValueError where it is none."""
    names = (draft.judge.name,) if second is None else _told_apart(draft.judge, second)
    return msgspec.convert(
        {
            "field": draft.item.field,
            "value": draft.item.code,
            "meaning": draft.meaning,
            "verdicts": {draft.verdict},
            "judged_by": tuple(name[:_LONGEST_NAME] for name in names),
            "reason": draft.reason,
        },
        Judgement,
    )


def returned(draft: Draft, second: Author, answer: str, at: datetime) -> Draft:
    """Return a draft with what the second person asks to be changed."""
    return replace(draft, state="returned", second=second, answer=answer, answered_at=at)


def in_force(draft: Draft, second: Author | None, settings_version: int, at: datetime) -> Draft:
    """Return a draft that was put in force with a version of the settings."""
    return replace(draft, state="in_force", second=second, answered_at=at, settings_version=settings_version)


def _told_apart(first: Author, second: Author) -> tuple[str, str]:
    """Return the names of two people; two of one name are told apart by their sign-in."""
    names = first.name, second.name
    return names if len(people(names)) > 1 else (f"{_tail(first.by)} {first.name}", f"{_tail(second.by)} {second.name}")


def _tail(by: str) -> str:
    return by.rpartition(":")[2]
