"""The stored form of an incident with its decisions, and the change that one webhook makes to it."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.approval import Entry
from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.leading import Name
from chalicelib.domain.incidents.update import Evidence, Update
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.surveys.survey import Survey


class IncidentRecord(Struct, frozen=True, kw_only=True):
    """An incident with its decisions, as stored; `version` is 0 before it is stored.

    `settings_version` is that of the settings by which it was last decided. `unread` are notifications that are there
    and can't be read: they are neither made again nor changed. `taken_back` is when a null last took a known value
    back, by `source.field`. `named` are the keys of other incidents to which this one's key leads as a name, each with
    the time at which that ends. `found` is false where a release wrote it last that knows no index: its people do not
    lead to it yet.
    """

    incident: Incident
    skipped: tuple[Skipped, ...] = ()
    rows: Mapping[NotificationKey, Notification] = {}
    unread: frozenset[NotificationKey] = frozenset()
    version: int = 0
    created_at: datetime | None = None
    settings_version: int = 0
    taken_back: Mapping[str, datetime] = {}
    named: Mapping[str, datetime | None] = {}
    found: bool = True


class Silence(Struct, frozen=True):
    """Addresses that get no message about any incident until then, because of a sensitive one."""

    addresses: frozenset[str]
    until: datetime


class Lifted(Struct, frozen=True):
    """The ends that an audited release puts to what an incident's people were kept from.

    `silenced` are the addresses whose silence by this incident ends. `unsafe` are those of a party that was called
    unsafe to contact. Both end at the release.
    """

    silenced: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()


NOTHING_LIFTED = Lifted()


class IncidentChange(Struct, frozen=True, kw_only=True):
    """The changes that one webhook makes to one incident: written whole or not at all.

    `unsafe` are the addresses of people who must not be contacted, each with the instant of the latest word that said
    so. A silence and an unsafe word may be stored without the rest: they only ever stop a text. `entries` are what the
    ledger gets of a release by two people. `names` are places that lead to the incident from now on. `met` are
    addresses from which a way must lead to the incident: those that are new at it, or all where its end moves far.
    `attention` is what begins or ceases to wait for somebody. `unjudged` are values that nobody judged and that are new
    at the incident.
    """

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
    unsafe: Mapping[str, datetime] = {}
    lifted: Lifted = NOTHING_LIFTED
    entries: tuple[Entry, ...] = ()
    taken_back: Mapping[str, datetime] = {}
    names: tuple[Name, ...] = ()
    met: frozenset[str] = frozenset()
    attention: Attention = CALM
    unjudged: tuple[Evidence, ...] = ()
    keep_until: datetime | None
    keep_history_until: datetime | None


class Claim(Struct, frozen=True, kw_only=True):
    """The conditions that must hold when a row is claimed, and the counts that the same transaction adds.

    `incident_version` is the version that was decided on. `cap` is 0 where there is none. `counts` is false where an
    earlier attempt was counted; `last_survey_before` is then None too. `code` is the hash of the code in the text, if
    there is one, known until `code_until`. `by_text` tells whether the survey may also be answered by text. `due_at` is
    when the row was due before its lease. `at` is the instant at which no silence may hold. `beside` is the number of
    the incident that this one waits for, with the version of its record that was decided on: 0 where there is none.
    `attention` is what ceases to wait for somebody.
    """

    incident_version: int
    at: datetime
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
    beside: tuple[str, int] | None = None
    attention: Attention = CALM
