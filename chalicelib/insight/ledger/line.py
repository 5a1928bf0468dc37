"""One line of the ledger, whichever store has it: an entry of looks and acts, a step of two people, an audit."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, json
from msgspec.structs import replace

from chalicelib.aws.stores.on_request import Audit
from chalicelib.domain.approval import Entry
from chalicelib.domain.ledger.addresses import without
from chalicelib.domain.ledger.noted import Noted, called, called_by, incident, kind_of, named, sentence
from chalicelib.domain.ledger.what import REASONS, WORDS, What
from chalicelib.domain.ledger.who import clean_by, key_of, people_of, shown_by

Source = Literal["noted", "approval", "audit"]

ACTS: Mapping[str, What] = {
    "publish": What.PUBLISHED,
    "release": What.RELEASED,
    "erase": What.ERASED,
    "purge": What.PURGED,
    "opt_in": What.OPTED_IN,
    "unsilence": What.UNSILENCED,
    "lift": What.LIFTED,
    "unprotect": What.UNPROTECTED,
    "report": What.PUBLISHED,
}
"""Acts that take two people, by the words of the list."""

AUDITED: Mapping[str, What] = {
    "held": What.HELD,
    "lifted": What.LIFTED,
    "exported": What.EXPORTED,
    "erased": What.ERASED,
    "took over": What.TOOK_OVER,
}
"""What was done with records, by the words of the list."""

_NAMELESS = ("somebody of the agency", "two people of the agency")
_STEPS = {"proposed": "proposed", "approved": "approved", "done": "did", "failed": "could not do"}


class Line(Struct, frozen=True, kw_only=True):
    """One line: `author` as it is stored, `who` as people read it; `step` is of an act that takes two people.
    `key` is what its store tells entries of one instant apart by. `name` is how the provider calls who did it.

    `says` is all of it as a sentence. There is no phone and no email in a line,
    but for an address by which somebody of the agency signs in.
    """

    at: datetime
    who: str
    author: str
    what: str
    about: str
    reason: str
    says: str
    ticket: str = ""
    session: str = ""
    step: str = ""
    count: int = 0
    source: Source = "noted"
    key: str = ""
    name: str = ""

    @property
    def place(self) -> str:
        """Return what tells the lines of one instant apart."""
        return f"{self.source} {self.key}"


def of_noted(noted: Noted) -> Line:
    """Return the line of a look or an act."""
    return Line(
        at=noted.at,
        who=called(noted),
        author=noted.by,
        what=noted.what,
        about=noted.about,
        reason=REASONS.get(noted.reason, noted.reason),
        says=sentence(noted),
        ticket=noted.ticket,
        session=noted.session,
        count=noted.count,
        key=_digest(noted),
        name=noted.name,
    )


def of_entry(entry: Entry) -> Line:
    """Return the line of one step of an act that takes two people."""
    act, who = entry.act, called_by(entry.by, entry.name)
    about, reason = _about_act(act.what, act.words), without(entry.reason)
    return Line(
        at=entry.at,
        who=who,
        author=clean_by(entry.by),
        what=ACTS.get(act.what, act.what),
        about=about,
        reason=reason,
        says=f"{who} {_STEPS[entry.step]}: {act.what} {about}".rstrip() + (f": {reason}" if reason else ""),
        step=entry.step,
        source="approval",
        key=_digest((entry.proposed_at, entry.digest, entry.step)),
    )


def of_audit(audit: Audit) -> Line:
    """Return the line of what was done with records."""
    what, who = AUDITED.get(audit.what), shown_by(audit.author)
    about, reason = _about_audit(audit.about, what), without(audit.reason)
    did = WORDS[what] if what else without(audit.what)
    return Line(
        at=audit.at,
        who=who,
        author=clean_by(audit.author),
        what=what or audit.what,
        about=about,
        reason=reason,
        says=f"{who} {did} {about}" + (f": {reason}" if reason else ""),
        source="audit",
        key=_digest(audit.author),
    )


def public(line: Line) -> Line:
    """Return a line for the public: without reasons, and without which person or incident it was about.

    Whoever did it is there by name alone: what the provider calls them is half of what signs them in.
    """
    about, who = kind_of(line.about), line.name or _NAMELESS[len(people_of(line.author)) > 1]
    verb = next((verb for verb, what in ACTS.items() if what == line.what), line.what)
    did = f"{_STEPS[line.step]}: {verb}" if line.step else WORDS.get(line.what, line.what)
    says = f"{who} {did} {about}".rstrip()
    return replace(line, who=who, author="", about=about, reason="", ticket="", session="", says=says)


def _digest(told: object) -> str:
    return hashlib.sha256(json.encode(told)).hexdigest()[:16]


def is_by(line: Line, by: str) -> bool:
    """Tell whether somebody did what a line says, alone or as one of two; `by` is their name or its key."""
    wanted = {by, *map(key_of, people_of(by))}
    return any(key_of(each) in wanted for each in people_of(line.author))


def is_about(line: Line, about: str) -> bool:
    """Tell whether a line is about something; acts of two people say more behind it."""
    return line.about == about or line.about.startswith(f"{about}, ")


def _about_act(what: str, words: Mapping[str, str]) -> str:
    if what == "release":
        number = incident(words.get("incident", ""))
        return f"{number}, which is held as {words.get('what', '')}"
    if what == "report":
        return f"the quarterly report of {words.get('quarter', '')}"
    if "person" in words:
        return f"person {words.get('person', '')[:12]}"
    return words.get("days", "") if what == "purge" else "settings" if what == "publish" else ""


def _about_audit(about: str, what: What | None) -> str:
    """Return an incident or a person as entries name them: an audit has four digits of a phone beside the hash."""
    return without(about) if what is What.TOOK_OVER else named(about)
