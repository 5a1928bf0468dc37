"""An incident as it is stored with its decisions, and what one webhook changes of it."""

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
    """An incident with its decisions, as stored; `version` 0 is one that is not stored yet.

    `settings_version` is of the settings by which it was last decided on.
    """

    incident: Incident
    skipped: tuple[Skipped, ...] = ()
    rows: Mapping[NotificationKey, Notification] = {}
    version: int = 0
    created_at: datetime | None = None
    settings_version: int = 0


class Silence(Struct, frozen=True):
    """Addresses that get nothing about anything until then, because of a sensitive incident."""

    addresses: frozenset[str]
    until: datetime


class IncidentChange(Struct, frozen=True, kw_only=True):
    """All that one webhook does to one incident: written whole or not at all."""

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
    """What must hold, and is counted, in the same instant in which a row is claimed.

    `incident_version` is the one that was decided on. `counts` is false for a row that was counted
    at an earlier attempt, and then there is no `last_survey_before` either; a cap of 0 is none. `code` is
    the hash of the code that the text has, if it has one, known until `code_until`. `by_text` is whether the person
    may answer the survey by text, too. `due_at` is when the row was due before its lease.
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
