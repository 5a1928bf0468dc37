"""The ports over AWS: made when first needed, once a container, so that importing costs nothing."""

import hmac
import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, partial
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.connection import Connection

from chalicelib import words
from chalicelib.auth import WebhookKey
from chalicelib.aws.cached import Fresh
from chalicelib.aws.lake import S3Lake
from chalicelib.aws.queue import BRIEFLY, HintQueue, Inbox
from chalicelib.aws.stores.changes import scan
from chalicelib.aws.stores.comment_releases import CommentReleaseTable
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.follow_ups import FollowUpTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.mappings import MappingTable
from chalicelib.aws.stores.records import RecordTable
from chalicelib.aws.stores.rejects import RejectTable
from chalicelib.aws.stores.restored import TableIds
from chalicelib.aws.stores.settings import SettingsTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import ContactItem, IncidentItem, SettingsItem, SurveyItem, bind, connect
from chalicelib.aws.topics import Topics
from chalicelib.boundary import count, logger, measure
from chalicelib.carriers.failures import ONCE
from chalicelib.carriers.registry import Senders
from chalicelib.carriers.tools import Carriers, Tools
from chalicelib.config import Config, from_environment
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.notifications.notification import Provider
from chalicelib.ports.carrier import Sender
from chalicelib.ports.notices import Metric, Notice

KEYS_FRESH = timedelta(minutes=5)
"""A new webhook key is known everywhere after this long; the old one is kept beside it until then."""


class WebhookKeys(Struct, frozen=True):
    """The secret that an agency rotates."""

    webhook_keys: tuple[WebhookKey, ...] = ()


def now() -> datetime:
    """Return the time. Flows are told it; nothing else looks at a clock."""
    return datetime.now(UTC)


@cache
def world() -> "Aws":
    """Return the ports of this container."""
    return Aws(from_environment(), now)


class Aws:
    """Everything that a flow may ask of the world."""

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime],
        client: Callable[..., Any] | None = None,
        connection: Connection | None = None,
    ) -> None:
        self._config, self._clock = config, clock
        self._connection = connection or connect(config.region)
        # botocore's own clients, from the session that the tables have: boto3 adds 20 ms of what no function uses.
        self._client = client or partial(self._connection.session.create_client, region_name=config.region)
        self._webhook_keys: Fresh[None, tuple[WebhookKey, ...]] = Fresh(clock, KEYS_FRESH)
        self._carriers: Fresh[None, Carriers] = Fresh(clock, KEYS_FRESH)

    @property
    def cad_domain(self) -> str:
        """Return the one address where feeds may post, since it asks them for a certificate; empty: any."""
        return self._config.cad_domain

    @property
    def webhook_keys(self) -> tuple[WebhookKey, ...]:
        """Return the keys that may post, at most five minutes old."""
        return self._webhook_keys.get(None, self._read_webhook_keys)

    @cached_property
    def survey_secret(self) -> bytes:
        """Return the key from which survey links are derived."""
        return self._key_for("survey links")

    @cached_property
    def unsubscribe_secret(self) -> bytes:
        """Return the key that signs unsubscribe links."""
        return self._key_for("unsubscribe links")

    @cached_property
    def code_secret(self) -> bytes:
        """Return the key from which the codes in texts are derived."""
        return self._key_for("text codes")

    @cached_property
    def contact_secret(self) -> bytes:
        """Return the key under which phones and emails are hashed."""
        return self._key_for("contacts")

    @cached_property
    def contacts(self) -> ContactTable:
        """Return the contacts."""
        return ContactTable(self._contact_items, lambda: self.contact_secret, self._connection)

    @cached_property
    def incidents(self) -> IncidentTable:
        """Return the incidents."""
        return IncidentTable(self._incident_items, self.contacts, self.surveys, self._connection)

    @cached_property
    def rejects(self) -> RejectTable:
        """Return what could not be taken."""
        return RejectTable(self._incident_items)

    @cached_property
    def records(self) -> RecordTable:
        """Return what those do with the tables who answer for them to courts and to persons."""
        return RecordTable(self._incident_items, self._contact_items, self.contacts)

    @cached_property
    def surveys(self) -> SurveyTable:
        """Return the surveys."""
        return SurveyTable(self._survey_items, self._connection)

    @cached_property
    def comment_releases(self) -> CommentReleaseTable:
        """Return which comments may be published."""
        return CommentReleaseTable(self._survey_items)

    @cached_property
    def follow_ups(self) -> FollowUpTable:
        """Return what somebody must look at."""
        return FollowUpTable(self._contact_items)

    @cached_property
    def desks(self) -> Topics:
        """Return who is told of it at once."""
        client = self._client("sns", config=BRIEFLY)
        return Topics(client, self._config.follow_ups_topic, self._config.standards_topic)

    def changes(self, leave_out: Callable[[str], None]) -> Iterator[Changed]:
        """Return everything that the tables hold for the lake, by scans: for people who repair a day.

        What can't be read is left out by the keys of its item.
        """
        tables = (self._incident_items, self._contact_items, self._survey_items)
        return chain.from_iterable(scan(items, leave_out) for items in tables)

    @cached_property
    def settings(self) -> SettingsTable:
        """Return the settings."""
        return SettingsTable(self._settings_items, self._connection, self._clock, self._table_ids)

    @cached_property
    def mappings(self) -> MappingTable:
        """Return the mappings of vendors' payloads."""
        return MappingTable(self._settings_items, self._connection, self._clock)

    @cached_property
    def queue(self) -> HintQueue:
        """Return the queue of hints."""
        return HintQueue(self._client("sqs", config=BRIEFLY), self._config.hints_queue)

    @cached_property
    def senders(self) -> Mapping[Provider, Sender]:
        """Return the providers by their names."""
        once, config = partial(self._client, config=ONCE), self._config
        return Senders(Tools(once, lambda: self.carriers, config.configuration_set, config.twilio_url))

    @property
    def carriers(self) -> Carriers:
        """Return the keys of providers outside AWS, at most five minutes old."""
        name = self._config.carriers_secret
        return self._carriers.get(None, lambda: msgspec.json.decode(self._secret(name), type=Carriers))

    def keep_receipt(self, body: str) -> None:
        """Leave what a provider posted for `record_receipt`."""
        self._inbox.put(self._config.receipts_queue, body)

    def keep_reply(self, body: str) -> None:
        """Leave what a person texted for `record_reply`."""
        self._inbox.put(self._config.replies_queue, body)

    def notice(self, notice: Notice, **ids: str) -> None:
        """Count and log something that people at the agency should look at."""
        count(notice, **ids)

    def measure(self, metric: Metric, value: float, kind: str = "") -> None:
        """Log a figure that CloudWatch keeps."""
        measure(metric, value, kind)

    @cached_property
    def lake(self) -> S3Lake:
        """Return the lake."""
        return S3Lake(self._client("s3"), self._config.lake_bucket)

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""
        return secrets.token_bytes(16)

    def words(self, language: str) -> Mapping[str, Any]:
        """Return the templates of a language."""
        return words.load(language)

    def back_off(self, attempt: int) -> None:
        """Wait for a random while, longer each time, half a second at most."""
        time.sleep(random.uniform(0, min(0.5, 0.02 * 2**attempt)))  # noqa: S311  not a secret

    @cached_property
    def _incident_items(self) -> type[IncidentItem]:
        return bind(IncidentItem, self._config.incidents_table, self._connection)

    @cached_property
    def _contact_items(self) -> type[ContactItem]:
        return bind(ContactItem, self._config.contacts_table, self._connection)

    @cached_property
    def _table_ids(self) -> TableIds:
        uses = ("incidents", "contacts", "surveys", "settings")
        names = {use: getattr(self._config, f"{use}_table") for use in uses}
        return TableIds(self._connection, names, self._clock)

    @cached_property
    def _survey_items(self) -> type[SurveyItem]:
        return bind(SurveyItem, self._config.surveys_table, self._connection)

    @cached_property
    def _settings_items(self) -> type[SettingsItem]:
        return bind(SettingsItem, self._config.settings_table, self._connection)

    @cached_property
    def _inbox(self) -> Inbox:
        return Inbox(self._client("sqs", config=BRIEFLY))

    def _read_webhook_keys(self) -> tuple[WebhookKey, ...]:
        keys = msgspec.json.decode(self._secret(self._config.webhook_keys_secret), type=WebhookKeys).webhook_keys
        for key in keys:
            if not key.usable:
                logger.error("webhook key unusable", extra={"key_name": key.name})
        return keys

    @cached_property
    def _root_key(self) -> bytes:
        return self._secret(self._config.root_key_secret).encode()

    def _key_for(self, purpose: str) -> bytes:
        """Derive one purpose's key from the root key, which is never rotated: a new one would orphan opt-outs."""
        return hmac.digest(self._root_key, purpose.encode(), "sha256")

    def _secret(self, name: str) -> str:
        text: str = self._secrets_manager.get_secret_value(SecretId=name)["SecretString"]
        return text

    @cached_property
    def _secrets_manager(self) -> Any:
        return self._client("secretsmanager")
