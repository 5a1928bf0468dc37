"""Items of the tables, from their streams or from a scan → what changed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chalicelib.aws.document import UNREADABLE, decode
from chalicelib.aws.stores.history import HISTORY
from chalicelib.aws.stores.incidents import StoredIncident
from chalicelib.aws.stores.surveys import read_survey
from chalicelib.aws.tables import CARD, FOLLOW_UPS, INCIDENT, NOTIFICATION, RELEASE, incident_key, read_instant
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.lake.tables import IncidentVersion, UpdateHeard
from chalicelib.domain.names import is_sandbox
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.follow_up import FollowUp


def batch_name(records: Iterable[Mapping[str, Any]]) -> str:
    """Return a name for a batch of records: the same when the stream hands it out again."""
    return hashlib.sha256("".join(record["eventID"] for record in records).encode()).hexdigest()[:32]


def read_records(records: Iterable[Mapping[str, Any]], leave_out: Callable[[str], None]) -> Iterator[Changed]:
    """Yield what records say; one that can't be read is left out by its keys, and does not hold up the stream."""
    for record in records:
        try:
            changed = read_record(record)
        except UNREADABLE:
            keys = record["dynamodb"]["NewImage"]
            leave_out(f"{keys['pk']['S']} {keys.get('sk', {}).get('S', '')}".rstrip())
            continue
        if changed is not None:
            yield changed


def read_record(record: Mapping[str, Any]) -> Changed | None:
    """Return what a record says, or None for what analysts never see.

    That is removals (only time removes anything), rejected updates, who was shown whom, cards, exercises of sandbox
    keys, and of contacts all but what somebody must look at.
    """
    image = record["dynamodb"].get("NewImage")
    if record["eventName"] == "REMOVE" or not image or "document" not in image:
        return None
    version = int(image.get("version", {}).get("N", 0))
    return read_item(image["pk"]["S"], image.get("sk", {}).get("S"), version, image["document"]["S"])


def read_item(pk: str, sort_key: str | None, version: int, document: str) -> Changed | None:
    """Return what an item says, or None for what analysts never see; only the table of surveys has no sort key."""
    if sort_key is None:
        return _without_sort_key(pk, document)
    if is_sandbox(pk):
        return None
    if pk.startswith(FOLLOW_UPS):
        return decode(document, FollowUp)
    if sort_key == INCIDENT:
        stored = decode(document, StoredIncident)
        return IncidentVersion(
            stored.incident, version, stored.created_at, stored.skipped, stored.settings_version, stored.unjudged
        )
    if sort_key.startswith(HISTORY):
        return _heard(pk, sort_key, decode(document, tuple[Update, ...]))
    return decode(document, Notification) if sort_key.startswith(NOTIFICATION) else None


def _without_sort_key(pk: str, document: str) -> Changed | None:
    if pk.startswith(RELEASE):
        return decode(document, CommentRelease)
    return None if pk.startswith(CARD) else read_survey(document)


def _heard(pk: str, sort_key: str, updates: tuple[Update, ...]) -> UpdateHeard:
    at, source_id = sort_key.removeprefix(HISTORY).split("#", 1)
    as_of = max(update.as_of for update in updates)
    return UpdateHeard(
        key=incident_key(pk), source_id=source_id, heard_at=read_instant(at), as_of=as_of, updates=len(updates)
    )
