"""Records of the tables' streams → what changed."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.lake import IncidentVersion
from chalicelib.domain.notification import Notification
from chalicelib.domain.survey import Survey
from chalicelib.store.document import decode
from chalicelib.store.incidents import StoredIncident
from chalicelib.store.surveys import read_survey
from chalicelib.store.tables import CARD, INCIDENT


def batch_name(records: Iterable[Mapping[str, Any]]) -> str:
    """Return a name for a batch of records: the same when the stream hands it out again."""
    return hashlib.sha256("".join(record["eventID"] for record in records).encode()).hexdigest()[:32]


def read_record(record: Mapping[str, Any]) -> IncidentVersion | Notification | Survey | None:
    """Return what a record says, or None for what analysts never see.

    That is removals (only time removes anything), histories, rejected updates and cards.
    """
    image = record["dynamodb"].get("NewImage")
    if record["eventName"] == "REMOVE" or not image or "document" not in image:
        return None
    document, sort_key = image["document"]["S"], image.get("sk", {}).get("S")
    if sort_key is None:
        card = image["pk"]["S"].startswith(CARD)
        return None if card else read_survey(document)
    if sort_key == INCIDENT:
        stored = decode(document, StoredIncident)
        return IncidentVersion(stored.incident, int(image["version"]["N"]), stored.created_at)
    return decode(document, Notification) if sort_key.startswith("notification#") else None
