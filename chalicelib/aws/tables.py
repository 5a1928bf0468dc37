"""The tables: only this knows keys and indexes. `infra/stack/tables.json` declares the same (a test compares).

    incidents  pk agency#number        sk incident | notification#kind#recipient#ordinal | history#instant#webhook
                                           | audit#instant#author
               pk !rejected#agency     sk instant#webhook
               pk !audit#agency        sk instant#author
               pk !signature#digest    sk used
    contacts   pk agency#keyed hash    sk profile | day#date | silence#incident | survey | consent#instant | answers
               pk !replies#agency      sk reply#instant#keyed hash
               pk !follow-ups#agency#desk  sk name
               pk !resting#agency      sk hash of a survey's token
               pk !heard#agency#name   sk heard
    surveys    pk hash of the token | card#hash of the token | code#hash of the code | wrong#agency#minute
                   | release#agency#comment
    ledger     pk agency               sk instant#digest#step
    settings   pk agency               sk version#number | current | feed | now | spent | under_hold
                                          | mapping#name[#number] | vocabulary#digest#part
               pk number#phone         sk agency

Sort keys are chosen so that one range holds just what one reader needs. Intake reads `incident` and what follows
it, without the history. `deliver` reads `day#today` and what follows it. The watch over a feed reads from `feed`
to `now`.
"""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, PynamoDBConnectionError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.ports.errors import Conflict

SHARDS = 4
"""Partitions of the due index: at 1,000 writes a second each, far above any agency's worst minute."""

INCIDENT = "incident"
PROFILE = "profile"
CONSENT = "consent#"
ANSWERS = "answers"
SURVEY = "survey"
CARD = "card#"
RELEASE = "release#"
FOLLOW_UPS = "!follow-ups#"
RESTING = "!resting#"
CURRENT = "current"
FEED = "feed"
NOW = "now"
SPENT = "spent"
UNDER_HOLD = "under_hold"
AGENCY = "agency"
VERSION = "version#"
MAPPING = "mapping#"
VOCABULARY = "vocabulary#"

M = TypeVar("M", bound=Model)

Add = Callable[[TransactWrite], None]
"""One write of a transaction."""


class DueIndex(GlobalSecondaryIndex["IncidentItem"]):  # type: ignore[no-untyped-call]
    """Rows that must be looked at, by the instant: sparse, keys only."""

    class Meta:
        """How pynamodb wants to be told."""

        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    send_at = UnicodeAttribute(range_key=True)


class IncidentItem(Model):
    """An incident, one of its notifications, or one webhook's word about it."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    send_at = UnicodeAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires = TTLAttribute(null=True)
    due = DueIndex()


class ContactItem(Model):
    """All that we know of the person behind an address."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    opted_out = UnicodeAttribute(null=True)
    bounced_at = UnicodeAttribute(null=True)
    consent_at = UnicodeAttribute(null=True)
    landline_at = UnicodeAttribute(null=True)
    surveyed_at = UnicodeAttribute(null=True)
    sent = NumberAttribute(null=True)
    until = UnicodeAttribute(null=True)
    silent_until = UnicodeAttribute(null=True)
    unsafe_at = UnicodeAttribute(null=True)
    safe_until = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    calls = UnicodeSetAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires = TTLAttribute(null=True)


class SurveyItem(Model):
    """One survey or card; or the code of a text, or the wrong ones of a minute, which have no document."""

    pk = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(null=True)
    tries = NumberAttribute(null=True)
    answered_at = UnicodeAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires = TTLAttribute(null=True)


class LedgerItem(Model):
    """One step of an act that takes two people: written once, never changed."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute()


class SettingsItem(Model):
    """A published version, the pointer to the current one, what holds or is remembered now, or a mapping."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    document = UnicodeAttribute(null=True)
    added = UnicodeAttribute(null=True)
    agency_id = UnicodeAttribute(null=True)
    pauses = UnicodeAttribute(null=True)
    breakers = UnicodeAttribute(null=True)
    waves = UnicodeAttribute(null=True)
    tables = UnicodeAttribute(null=True)
    feed_heard_at = UnicodeAttribute(null=True)
    feed_told_at = UnicodeAttribute(null=True)
    feed_updates = NumberAttribute(null=True)
    feed_rejected = NumberAttribute(null=True)
    feed_typed = NumberAttribute(null=True)
    feed_unlisted = NumberAttribute(null=True)
    feed_late = NumberAttribute(null=True)
    feed_ahead = NumberAttribute(null=True)
    author = UnicodeAttribute(null=True)
    comment = UnicodeAttribute(null=True)
    published_at = UnicodeAttribute(null=True)
    judgements = UnicodeAttribute(null=True)
    judged_parts = NumberAttribute(null=True)


def connect(region: str) -> Connection:
    """Return a connection that gives up long before the Lambda does; endpoints come from the environment."""
    return Connection(region=region, connect_timeout_seconds=1, read_timeout_seconds=4, max_retry_attempts=3)


def bind(model: type[M], table_name: str, connection: Connection) -> type[M]:
    """Return the model over a table's real name and the shared connection.

    One client for all tables: each of its own would load botocore's model again, 30 ms a table.
    """
    meta = type("Meta", (), {"table_name": table_name, "region": connection.region})
    bound: type[M] = type(model)(model.__name__, (model,), {"Meta": meta, "__module__": model.__module__})  # type: ignore[misc]
    table = bound._get_connection()  # noqa: SLF001  the model has no public way to its table
    connection.add_meta_table(table.get_meta_table())
    table.connection = connection
    return bound


def incident_pk(key: IncidentKey) -> str:
    """Return the partition of an incident."""
    return f"{key.agency_id}#{key.incident_number}"


def notification_sk(key: NotificationKey) -> str:
    """Return a notification's place within its incident's partition."""
    return f"notification#{key.kind}#{key.recipient}#{key.ordinal}"


def follow_ups_pk(agency_id: str, desk: str) -> str:
    """Return the partition of what a desk must look at."""
    return f"{FOLLOW_UPS}{agency_id}#{desk}"


def incident_key(pk: str) -> IncidentKey:
    """Read an incident's key back; an agency's id holds no `#`."""
    return IncidentKey(*pk.split("#", 1))


def notification_key(pk: str, sk: str) -> NotificationKey:
    """Read a notification's key back; a kind and an ordinal hold no `#`."""
    incident = incident_key(pk)
    _, kind, rest = sk.split("#", 2)
    recipient, ordinal = rest.rsplit("#", 1)
    return NotificationKey(incident.agency_id, incident.incident_number, Kind(kind), recipient, int(ordinal))


def due_shard(pk: str) -> str:
    """Return the part of the due index in which an incident's rows are."""
    return str(zlib.crc32(pk.encode()) % SHARDS)


def instant(at: datetime) -> str:
    """Write an instant so that texts sort as instants do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime:
    """Read what `instant` wrote."""
    return datetime.fromisoformat(text)


def condition_failed(error: PynamoDBConnectionError | TransactWriteError) -> bool:
    """Tell whether a write was refused because its condition does not hold."""
    return bool(_codes(error) & {"ConditionalCheckFailed", "ConditionalCheckFailedException"})


def collided(error: PynamoDBConnectionError | TransactWriteError) -> bool:
    """Tell whether a write met another one at the same item: nothing is known but that it did not happen.

    Neither botocore nor pynamodb tries such a write again.
    """
    return bool(
        _codes(error) & {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
    )


def as_conflict(error: PynamoDBConnectionError | TransactWriteError) -> Exception:
    """Return Conflict for a write that somebody else's was in the way of, else the error itself."""
    return Conflict() if condition_failed(error) or collided(error) else error


def save_over(item: Model, unmoved: Condition) -> None:
    """Write an item where this holds of the one that it replaces; Conflict."""
    try:
        item.save(unmoved)
    except PutError as error:
        raise as_conflict(error) from error


def still_at(items: type["IncidentItem"], version: int) -> Condition:
    """Return the condition that an item is of this version still, or not there where it is 0."""
    return items.version == version if version else items.pk.does_not_exist()


def _codes(error: PynamoDBConnectionError | TransactWriteError) -> set[str | None]:
    reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else ()
    return {reason.code for reason in reasons if reason} | {error.cause_response_code}
