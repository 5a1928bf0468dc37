"""One version of the settings in DynamoDB, as this release and the one before it read it.

The release before refuses settings with a field that it does not know, so what was added since stands beside its
document. Judgements are immutable items under the digest of the whole set, which the version names. The release before
must not text about what was judged either, so its document has those values in the lists that it knows.
"""

from collections.abc import Callable, Mapping
from hmac import compare_digest

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.newer_fields import decode_known
from chalicelib.aws.stores.settings_survey import SurveyAdded, survey_before, with_added
from chalicelib.aws.tables import VOCABULARY, SettingsItem
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.conversation import Conversation
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.identifiers import Identifiers
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.domain.settings.incident_types import Retention
from chalicelib.domain.settings.judgements import Judgement, Judgements, Verdict
from chalicelib.domain.settings.survey import FollowUpRules
from chalicelib.domain.settings.watchers import Watchers

_IN_AN_ITEM = 500
"""So many judgements of the longest values stay far below the 400 KB of an item."""

_LISTS: Mapping[str, Verdict] = {
    "sensitive_types": "sensitive",
    "never_types": "never",
    "after_close_types": "after_close",
}
_LONGEST_TYPE = 64

_APART = (
    *("judgements", "identifiers", "identity", "privacy_link", "terms_link", "text_to_911", "desk", "watchers"),
    "conversation",
)
"""Fields that the release before does not know; `settings_survey.py` has those of the survey."""

_WRITTEN = ("document", "added", "judgements", "judged_parts")
"""Attributes of an item that a version is written into."""

Lists = dict[str, frozenset[str]]


class Added(Struct, frozen=True):
    """What stands beside the document: fields that the release before would refuse, and the lists as they were set."""

    identifiers: Identifiers = Identifiers()
    lists: Lists = {}
    rest: Duration = FollowUpRules().rest
    privacy_link: str = ""
    terms_link: str = ""
    survey: SurveyAdded = SurveyAdded()
    text_to_911: bool = True
    identity: IdentityRules = IdentityRules()
    ledger_kept: Duration = Retention().ledger
    desk: Desk = Desk()
    watchers: dict[Cause, Watchers] = {}
    conversation: Conversation = Conversation()


class JudgementsLost(LookupError):
    """A settings version names judgements that are not stored, or not as they were published."""


def store_judgements(items: type[SettingsItem], agency_id: str, judgements: Judgements) -> None:
    """Write a set of judgements under its digest, before a version names it; one that is there stays."""
    for number, part in enumerate(_parts(judgements)):
        name = _name(judgements.digest, number)
        if not any(items.query(agency_id, items.sk == name, limit=1)):
            items(agency_id, name, document=encode(part)).save()


def write_version(item: SettingsItem, agency: Agency) -> None:
    """Put a version into its item: its document as the release before reads it, and what that one does not know."""
    judgements = agency.judgements
    lists: Lists = {name: frozenset(getattr(agency, name)) for name in _LISTS}
    told = {name: lists[name] | _listed(judgements, verdict) for name, verdict in _LISTS.items()}
    document = {name: value for name, value in asdict(agency).items() if name not in _APART} | told
    document["survey"], survey = survey_before(agency.survey)
    document["retention"] = {name: kept for name, kept in asdict(agency.retention).items() if name != "ledger"}
    beside = {name: getattr(agency, name) for name in _APART if name != "judgements"}
    rest, kept = agency.survey.follow_up.rest, agency.retention.ledger
    added = Added(lists=lists, rest=rest, survey=survey, ledger_kept=kept, **beside)
    item.document, item.added = encode(document), encode(added)
    if judgements.entries:
        item.judgements, item.judged_parts = judgements.digest, len(_parts(judgements))


def as_words(item: SettingsItem, agency: Agency) -> dict[str, str]:
    """Return a version as words, written as an item holds it."""
    write_version(item, agency)
    return {name: str(value) for name in _WRITTEN if (value := getattr(item, name)) is not None}


def from_words(items: type[SettingsItem], item: SettingsItem, words: Mapping[str, str]) -> Agency:
    """Return the version that words hold; JudgementsLost."""
    item.document, item.added, item.judgements = (words.get(name) for name in _WRITTEN[:3])
    item.judged_parts = int(words.get("judged_parts", 0))
    return read_version(items, item)


def read_version(
    items: type[SettingsItem], item: SettingsItem, leave_out: Callable[[str], None] = log_left_out
) -> Agency:
    """Return the version that an item holds, with the judgements that it names; JudgementsLost.

    Fields that a newer release put in are left out, and told.
    """
    added = decode(item.added, Added) if item.added else Added()
    known = decode_known(item.document, Agency, leave_out)
    beside = {name: getattr(added, name) for name in _APART if name != "judgements"}
    agency = replace(known, **beside, **added.lists)
    agency = replace(agency, survey=with_added(agency.survey, added.rest, added.survey))
    agency = replace(agency, retention=replace(agency.retention, ledger=added.ledger_kept))
    return replace(agency, judgements=_named(items, item)) if item.judgements else agency


def _named(items: type[SettingsItem], item: SettingsItem) -> Judgements:
    parts = [_part(items, item, number) for number in range(int(item.judged_parts or 0))]
    judgements = Judgements(tuple(entry for part in parts for entry in part))
    if not compare_digest(judgements.digest, item.judgements or ""):
        raise JudgementsLost(f"{item.pk} {item.sk}: the judgements {item.judgements} are not as they were published")
    return judgements


def _part(items: type[SettingsItem], item: SettingsItem, number: int) -> tuple[Judgement, ...]:
    try:
        stored = items.get(item.pk, _name(item.judgements or "", number), consistent_read=True)
    except items.DoesNotExist as problem:
        raise JudgementsLost(f"{item.pk} {item.sk}: the judgements {item.judgements} are not stored") from problem
    return decode(stored.document, tuple[Judgement, ...])


def _name(digest: str, number: int) -> str:
    return f"{VOCABULARY}{digest}#{number:04}"


def _parts(judgements: Judgements) -> list[tuple[Judgement, ...]]:
    entries = judgements.in_order
    return [entries[start : start + _IN_AN_ITEM] for start in range(0, len(entries), _IN_AN_ITEM)]


def _listed(judgements: Judgements, verdict: Verdict) -> frozenset[str]:
    """Return the codes of types with a verdict, as the lists of the release before can hold them."""
    types = (entry for entry in judgements.entries if entry.field == "incident_type" and verdict in entry.verdicts)
    return frozenset(entry.value for entry in types if 0 < len(entry.value) <= _LONGEST_TYPE)
