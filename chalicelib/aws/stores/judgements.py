"""Judgements in DynamoDB: immutable items under the digest of the whole set, which a settings version names.

The release before knows no judgements. It refuses settings with a field that it does not know, so they are kept apart.
It must not text about what was judged either, so the version's document has those values in the lists that it knows.
"""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import VOCABULARY, SettingsItem
from chalicelib.domain.duration import encode_duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgement, Judgements, Verdict

_IN_AN_ITEM = 500
"""So many judgements of the longest values stay far below the 400 KB of an item."""

_LISTS: Mapping[str, Verdict] = {
    "sensitive_types": "sensitive",
    "never_types": "never",
    "after_close_types": "after_close",
}
_LONGEST_TYPE = 64

Lists = dict[str, frozenset[str]]


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
    document = msgspec.to_builtins(replace(agency, **told), enc_hook=encode_duration)
    del document["judgements"]
    item.document = encode(document)
    if judgements.entries:
        item.judgements, item.judged_parts = judgements.digest, len(_parts(judgements))
        item.lists = encode(lists)


def read_version(items: type[SettingsItem], item: SettingsItem) -> Agency:
    """Return the version that an item holds, with the judgements that it names; JudgementsLost."""
    agency = decode(item.document, Agency)
    if not item.judgements:
        return agency
    parts = [_part(items, item, number) for number in range(int(item.judged_parts or 0))]
    judgements = Judgements(tuple(entry for part in parts for entry in part))
    if judgements.digest != item.judgements:
        raise JudgementsLost(f"{item.pk} {item.sk}: the judgements {item.judgements} are not as they were published")
    return replace(agency, judgements=judgements, **decode(item.lists, Lists))


def _part(items: type[SettingsItem], item: SettingsItem, number: int) -> tuple[Judgement, ...]:
    try:
        stored = items.get(item.pk, _name(item.judgements or "", number), consistent_read=True)
    except items.DoesNotExist as problem:
        raise JudgementsLost(f"{item.pk} {item.sk}: the judgements {item.judgements} are not stored") from problem
    return decode(stored.document, tuple[Judgement, ...])


def _name(digest: str, number: int) -> str:
    return f"{VOCABULARY}{digest}#{number:04}"


def _parts(judgements: Judgements) -> list[tuple[Judgement, ...]]:
    entries = judgements.entries
    return [entries[start : start + _IN_AN_ITEM] for start in range(0, len(entries), _IN_AN_ITEM)]


def _listed(judgements: Judgements, verdict: Verdict) -> frozenset[str]:
    """Return the codes of types with a verdict, as the lists of the release before can hold them."""
    types = (entry for entry in judgements.entries if entry.field == "incident_type" and verdict in entry.verdicts)
    return frozenset(entry.value for entry in types if 0 < len(entry.value) <= _LONGEST_TYPE)
