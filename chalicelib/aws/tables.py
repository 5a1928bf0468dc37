"""The tables: only this knows keys and indexes. `infra/stack/tables.json` declares the same (a test compares).

    incidents  pk agency#number        sk incident | notification#kind#recipient#ordinal | history#instant#webhook
                                           | audit#instant#author | name[#key of the incident that bears it]
               pk !rejected#agency     sk instant#webhook
               pk !audit#agency        sk instant#author
               pk !signature#digest    sk used
               pk !received#agency#key sk instant#webhook
    contacts   pk agency#keyed hash    sk profile | day#date | silence#incident | survey | consent#instant | answers
                                           | call#instant#number
               pk !attention#agency    sk cause#about
               pk !stopped#agency      sk keyed hash
               pk !replies#agency      sk reply#instant#keyed hash
               pk !talk#agency#keyed hash  sk instant[#answer]
               pk !unread#agency       sk instant#keyed hash
               pk !canned#agency       sk keyed hash#instant#answer
               pk !own-texts#agency    sk name of a text to somebody's own phone
               pk !follow-ups#agency#desk  sk name
               pk !praise#agency           sk instant#name of praise among them
               pk !comments#agency#list    sk day#comment of one to decide on, or decided on
               pk !closed#agency#desk      sk instant#name of one that somebody saw to
               pk !resting#agency      sk hash of a survey's token
               pk !protected#agency    sk keyed hash
               pk !heard#agency#name   sk heard
    surveys    pk hash of the token | card#hash of the token | code#hash of the code | wrong#agency#minute
                   | release#agency#comment
    ledger     pk agency               sk instant#digest#step
               pk agency#noted[#what#what | #by#hash]  sk instant#digest
    sessions   pk session#hash of the cookie  sk session | own-phone
               pk person#hash of who it is    sk hash of the cookie
               pk begun#hash of the state     sk begun
               pk own-texts#hash of who it is | own-texts#agency  sk day#what
               pk searches#hash of who it is  sk agency#hour
               pk job#agency#name      sk job | part#chunk | result#chunk
               pk jobs#agency          sk instant#name of a job that somebody asked for
    settings   pk agency               sk version#number | current | feed | now | spent | under_hold | searchable
                                          | mapping#name[#number] | vocabulary#digest#part | source#digest
               pk number#phone         sk agency
               pk site#host            sk agency
               pk !desk                sk agency
               pk !agencies            sk agency#agency | compared
               pk !unjudged#agency     sk short name of a value
               pk !judging#agency      sk short name of a value
               pk !drafts#agency       sk name of a draft
               pk !draft-texts#agency  sk digest
               pk !scheduled           sk agency#name of a draft
               pk !signed#agency       sk name of what is signed
               pk !scenarios#agency    sk name of a scenario
               pk !reports#agency      sk version#quarter.number | text#digest#language

Sort keys are chosen so that one range holds just what one reader needs. Intake reads `incident` and what follows
it, without the history. `deliver` reads `day#today` and what follows it. The watch over a feed reads from `feed`
to `now`. A person's calls come before the days, so that `deliver` does not read them.

The index `recent` has each incident and each notification under `agency#day#shard`, by `instant#number` of when it
began. Neither changes, so a write moves nothing. The names are short: an item of a kilobyte costs half as much.
"""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, PynamoDBConnectionError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.aws.items import Count, Expiry, Item, Tables
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.ports.errors import Conflict

SHARDS = 4
"""Partitions of the due index: at 1,000 writes a second each, far above any agency's worst minute."""

INCIDENT = "incident"
NAME = "name"
NOTIFICATION = "notification#"
PROFILE = "profile"
CONSENT = "consent#"
ANSWERS = "answers"
SURVEY = "survey"
CARD = "card#"
RELEASE = "release#"
FOLLOW_UPS = "!follow-ups#"
PRAISE = "!praise#"
CLOSED = "!closed#"
COMMENTS = "!comments#"
RESTING = "!resting#"
ATTENTION = "!attention#"
CALL = "call#"
STOPPED = "!stopped#"
PROTECTED = "!protected#"
CURRENT = "current"
FEED = "feed"
NOW = "now"
SPENT = "spent"
PAGING = "paging"
UNDER_HOLD = "under_hold"
SEARCHABLE = "searchable"
AGENCY = "agency"
DESK = "!desk"
AGENCIES = "!agencies"
VERSION = "version#"
MAPPING = "mapping#"
VOCABULARY = "vocabulary#"
SOURCE = "source#"
UNJUDGED = "!unjudged#"
JUDGING = "!judging#"
DRAFTS = "!drafts#"
DRAFT_TEXTS = "!draft-texts#"
SCHEDULED = "!scheduled"
SIGNED = "!signed#"
SCENARIOS = "!scenarios#"
REPORTS = "!reports#"

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


class RecentIndex(GlobalSecondaryIndex["IncidentItem"]):  # type: ignore[no-untyped-call]
    """Incidents and notifications by the instant at which they began, with what lists show of them."""

    class Meta:
        """How pynamodb wants to be told."""

        index_name = "recent"
        projection = IncludeProjection(["state", "reason", "incident_type", "beat", "expires"])

    day = UnicodeAttribute(hash_key=True)
    began = UnicodeAttribute(range_key=True)


class IncidentItem(Item):
    """An incident, one of its notifications, or one webhook's word about it."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = Count(null=True)
    due_shard = UnicodeAttribute(null=True)
    send_at = UnicodeAttribute(null=True)
    webhook_id = UnicodeAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires = Expiry(null=True)
    day = UnicodeAttribute(null=True)
    began = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    incident_type = UnicodeAttribute(null=True)
    beat = UnicodeAttribute(null=True)
    due = DueIndex()
    recent = RecentIndex()


class ContactItem(Item):
    """All that we know of the person behind an address."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    opted_out = UnicodeAttribute(null=True)
    bounced_at = UnicodeAttribute(null=True)
    consent_at = UnicodeAttribute(null=True)
    landline_at = UnicodeAttribute(null=True)
    surveyed_at = UnicodeAttribute(null=True)
    sent = Count(null=True)
    until = UnicodeAttribute(null=True)
    silent_until = UnicodeAttribute(null=True)
    unsafe_at = UnicodeAttribute(null=True)
    safe_until = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    calls = UnicodeSetAttribute(null=True)
    taken_by = UnicodeAttribute(null=True)
    taken_at = UnicodeAttribute(null=True)
    version = Count(null=True)
    document = UnicodeAttribute(null=True)
    expires = Expiry(null=True)


class SurveyItem(Item):
    """One survey or card; or the code of a text, or the wrong ones of a minute, which have no document.

    `message` names the notification that has a code.
    """

    pk = UnicodeAttribute(hash_key=True)
    version = Count(null=True)
    tries = Count(null=True)
    answered_at = UnicodeAttribute(null=True)
    message = UnicodeAttribute(null=True)
    document = UnicodeAttribute(null=True)
    expires = Expiry(null=True)


class LedgerItem(Item):
    """One step of an act that takes two people, or a look or an act of one: written once, never changed."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute()


class SessionItem(Item):
    """A session at the desk, its person's phone, its name beside its person, a sign-in, counts, or a job."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    acted_at = UnicodeAttribute(null=True)
    tries = Count(null=True)
    document = UnicodeAttribute(null=True)
    expires = Expiry(null=True)


class SettingsItem(Item):
    """A published version, the pointer to it, what holds or is remembered now, a mapping, or a value to judge."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = Count(null=True)
    document = UnicodeAttribute(null=True)
    added = UnicodeAttribute(null=True)
    agency_id = UnicodeAttribute(null=True)
    pauses = UnicodeAttribute(null=True)
    breakers = UnicodeAttribute(null=True)
    waves = UnicodeAttribute(null=True)
    tables = UnicodeAttribute(null=True)
    feed_heard_at = UnicodeAttribute(null=True)
    feed_told_at = UnicodeAttribute(null=True)
    feed_updates = Count(null=True)
    feed_rejected = Count(null=True)
    feed_typed = Count(null=True)
    feed_unlisted = Count(null=True)
    feed_late = Count(null=True)
    feed_ahead = Count(null=True)
    author = UnicodeAttribute(null=True)
    comment = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    published_at = UnicodeAttribute(null=True)
    judgements = UnicodeAttribute(null=True)
    judged_parts = Count(null=True)
    calls = Count(null=True)
    since = UnicodeAttribute(null=True)
    heard_at = UnicodeAttribute(null=True)
    batch = UnicodeAttribute(null=True)
    example_0 = UnicodeAttribute(null=True)
    example_1 = UnicodeAttribute(null=True)
    example_2 = UnicodeAttribute(null=True)
    expires = Expiry(null=True)


def connect(region: str) -> Connection:
    """Return a connection that gives up long before the Lambda does; endpoints come from the environment."""
    return Tables(region=region, connect_timeout_seconds=1, read_timeout_seconds=4, max_retry_attempts=3)


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
    return f"{NOTIFICATION}{key.kind}#{key.recipient}#{key.ordinal}"


def follow_ups_pk(agency_id: str, desk: str) -> str:
    """Return the partition of what a desk must look at."""
    return f"{FOLLOW_UPS}{agency_id}#{desk}"


def closed_pk(agency_id: str, desk: str) -> str:
    """Return the partition in which what a desk saw to stands by its time: no words, and no event for the lake."""
    return f"{CLOSED}{agency_id}#{desk}"


def praise_pk(agency_id: str) -> str:
    """Return the partition in which an agency's praise stands by its time: no words, and no event for the lake."""
    return f"{PRAISE}{agency_id}"


def attention_pk(agency_id: str) -> str:
    """Return the partition of what waits for somebody."""
    return f"{ATTENTION}{agency_id}"


def replies_pk(agency_id: str) -> str:
    """Return the partition of what people texted back to an agency."""
    return f"!replies#{agency_id}"


def reply_sk(at: datetime, keyed_hash: str) -> str:
    """Return the place of one of them."""
    return f"reply#{instant(at)}#{keyed_hash}"


def talk_pk(agency_id: str, keyed_hash: str) -> str:
    """Return the partition of a person's conversation: the desk may write there, and not among their choices."""
    return f"!talk#{agency_id}#{keyed_hash}"


def unread_pk(agency_id: str) -> str:
    """Return the partition of those that nobody has seen."""
    return f"!unread#{agency_id}"


def canned_pk(agency_id: str) -> str:
    """Return the partition of the answers that are due."""
    return f"!canned#{agency_id}"


def own_texts_pk(agency_id: str) -> str:
    """Return the partition of the texts to people's own phones, which hold neither."""
    return f"!own-texts#{agency_id}"


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
