"""The stored form of an incident with its decisions, and the change that one webhook makes to it."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.surveys.survey import Survey


class IncidentRecord(Struct, frozen=True, kw_only=True):
    """An incident with its decisions, as stored; `version` is 0 before it is stored.

    `settings_version` is that of the settings by which it was last decided.
    """

    incident: Incident
    skipped: tuple[Skipped, ...] = ()
    rows: Mapping[NotificationKey, Notification] = {}
    version: int = 0
    created_at: datetime | None = None
    settings_version: int = 0


class Silence(Struct, frozen=True):
    """Addresses that get no message about any incident until then, because of a sensitive one."""

    addresses: frozenset[str]
    until: datetime


class IncidentChange(Struct, frozen=True, kw_only=True):
    """The changes that one webhook makes to one incident: written whole or not at all."""

    incident: Incident
    version: int
    created_at: datetime
    settings_version: int
    skipped: tuple[Skipped, ...]
    rows: tuple[Notification, ...]
    updates: tuple[Update, ...]
    source_id: str
    at: datetime
    silence: Silence | None
    keep_until: datetime | None
    keep_history_until: datetime | None


class Claim(Struct, frozen=True, kw_only=True):
    """The conditions that must hold when a row is claimed, and the counts that the same transaction adds.

    `incident_version` is the version that was decided on. `cap` is 0 where there is none. `counts` is false where an
    earlier attempt was counted; `last_survey_before` is then None too. `code` is the hash of the code in the text, if
    there is one, known until `code_until`. `by_text` tells whether the survey may also be answered by text. `due_at` is
    when the row was due before its lease.
    """

    incident_version: int
    day: date
    cap: int
    counts: bool
    survey: Survey | None = None
    by_text: bool = False
    last_survey_before: datetime | None = None
    language: str = ""
    code: str = ""
    code_until: datetime | None = None
    due_at: datetime | None = None
