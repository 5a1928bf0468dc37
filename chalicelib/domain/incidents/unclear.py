"""What an update holds that may be about several calls: it holds in each of them until a person releases it. Pure.

A records system may tell a number that several calls have, and not which of them it means. Its facts wait in an
incident of their own. What forbids a text can't wait: a text to the wrong one may endanger somebody.
"""

from collections.abc import Iterable
from datetime import tzinfo

from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.resolve import one_call
from chalicelib.domain.incidents.update import Evidence, Latch, Update
from chalicelib.domain.settings.identity import IdentityRules


def may_mean(update: Update, known: Iterable[Incident], rules: IdentityRules, zone: tzinfo) -> tuple[str, ...]:
    """Return the keys of the calls that an unclear update may be about."""
    found = (one for one in known if not one.identity.unclear and one_call(update, one, rules, zone))
    return tuple(sorted(one.incident_number for one in found))


def holding(update: Update) -> Update | None:
    """Return what an update forbids, as one that sets no fact; None where it forbids nothing.

    Somebody who must not be contacted may be anybody of each call, so all of them are silenced.
    """
    unsafe = {Latch.DO_NOT_CONTACT} if update.unsafe_parties else set[Latch]()
    ends = {Evidence("dispositions", text=code) for code in update.facts.get("dispositions") or ()}
    latches, words = update.latches | unsafe, update.evidence | ends
    if not (latches or words):
        return None
    bare = replace(update, incident_id="", facts={}, parties={}, reached={}, unsafe_parties=frozenset())
    return replace(bare, latches=latches, words=words, first_seen=frozenset(), rejected=True)


def held_by(waiting: Incident) -> Update | None:
    """Return what an unclear incident forbids to a call of which is heard only later; None for nothing."""
    if waiting.as_of is None or not (waiting.latches or waiting.judged_words):
        return None
    unsafe = {Latch.DO_NOT_CONTACT} if waiting.unsafe_since else set[Latch]()
    return Update(
        incident_number=waiting.incident_number,
        as_of=waiting.as_of,
        update_id="",
        latches=frozenset(latch for latch in waiting.latches if waiting.holds(latch)) | unsafe,
        words=waiting.judged_words - waiting.released_words,
        rejected=True,
        source="rms",
    )
