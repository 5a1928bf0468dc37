"""The ports over AWS: made when first needed, once a container, so that importing costs nothing."""

import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from pynamodb.connection import Connection

from chalicelib import words
from chalicelib.auth import WebhookKey
from chalicelib.aws.cached import Cached
from chalicelib.aws.database import Database
from chalicelib.aws.lake import S3Lake
from chalicelib.aws.queue import BRIEFLY, HintQueue, Inbox
from chalicelib.aws.secrets import Secrets
from chalicelib.aws.stores.ledger import LedgerCopies
from chalicelib.aws.tables import connect
from chalicelib.aws.topics import Topics
from chalicelib.boundary import count, logger, measure, report
from chalicelib.carriers.failures import ONCE
from chalicelib.carriers.registry import Senders
from chalicelib.carriers.tools import Carriers, Tools
from chalicelib.config import Config, from_environment
from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.carrier import Sender
from chalicelib.ports.notices import SHARED, Metric, Notice
from chalicelib.ports.queue import Queue

if TYPE_CHECKING:
    from chalicelib.domain.desk.jobs import Work
    from chalicelib.domain.surveys.name_words import Lexicon
    from chalicelib.identity.provider import OpenIdProvider
    from chalicelib.insight.figures.source import LakeSource
    from chalicelib.insight.keys.ring import KeyRing

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


class Aws(Database):
    """Everything that a flow may ask of the world: the stores, and what follows here.

    A rig says here which way to AWS it goes, who it is, and which queue or senders stand in the place of AWS's own.
    Nothing is replaced afterwards.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime],
        client: Callable[..., Any] | None = None,
        connection: Connection | None = None,
        *,
        queue: Queue | None = None,
        senders: Mapping[Provider, Sender] | None = None,
        caller: Callable[[], str] | None = None,
    ) -> None:
        connection = connection or connect(config.region)
        super().__init__(
            config.tables,
            connection,
            clock,
            lambda: self.contact_secret,
            config.ledger_table,
            config.sessions_table,
        )
        self.config = config
        # botocore's own clients, from the session that the tables have: boto3 adds 20 ms of what no function uses.
        self._client = client or partial(connection.session.create_client, region_name=config.region)
        self._secrets = Secrets(partial(self._client, "secretsmanager", config=BRIEFLY), config.root_key_secret)
        self._webhook_keys: Cached[None, tuple[WebhookKey, ...]] = Cached(clock, KEYS_FRESH)
        self._carriers: Cached[None, Carriers] = Cached(clock, KEYS_FRESH)
        self._other_queue, self._other_senders, self._other_caller = queue, senders, caller

    @property
    def caller(self) -> str:
        """Return who we are, as AWS says it of the credentials at hand: an ARN."""
        if self._other_caller is not None:
            return self._other_caller()
        return str(self._client("sts").get_caller_identity()["Arn"])

    @property
    def cad_domain(self) -> str:
        """Return the one address where feeds may post, since it asks them for a certificate; empty: any."""
        return self.config.cad_domain

    @property
    def webhook_keys(self) -> tuple[WebhookKey, ...]:
        """Return the keys that may post, at most five minutes old; the last known while they can't be read."""
        return self._webhook_keys.get_or_last(None, self._read_webhook_keys, self._keys_are_old("webhook keys"))

    @cached_property
    def key_ring(self) -> "KeyRing | None":
        """Return the keys that may post, to be changed at the desk; None where the stack keeps them from it."""
        from chalicelib.insight.keys.ring import KeyRing  # noqa: PLC0415  of the desk alone

        if self.config.desk_keys != "true":
            return None
        return KeyRing(self._client("secretsmanager", config=BRIEFLY), self.config.webhook_keys_secret)

    @property
    def carriers(self) -> Carriers:
        """Return the keys of providers outside AWS, at most five minutes old; the last known while none can be read."""
        secret = self.config.carriers_secret
        old = self._keys_are_old("carriers")
        return self._carriers.get_or_last(None, lambda: self._secrets.document(secret, Carriers), old)

    @cached_property
    def survey_secret(self) -> bytes:
        """Return the key from which survey links are derived."""
        return self._secrets.key_for("survey links")

    @cached_property
    def unsubscribe_secret(self) -> bytes:
        """Return the key that signs unsubscribe links."""
        return self._secrets.key_for("unsubscribe links")

    @cached_property
    def code_secret(self) -> bytes:
        """Return the key from which the codes in texts are derived."""
        return self._secrets.key_for("text codes")

    @cached_property
    def contact_secret(self) -> bytes:
        """Return the key under which phones and emails are hashed."""
        return self._secrets.key_for("contacts")

    @cached_property
    def queue(self) -> Queue:
        """Return the queue of hints."""
        if self._other_queue is not None:
            return self._other_queue
        return HintQueue(self._client("sqs", config=BRIEFLY), self.config.hints_queue)

    @cached_property
    def senders(self) -> Mapping[Provider, Sender]:
        """Return the providers by their names."""
        if self._other_senders is not None:
            return self._other_senders
        once, config = partial(self._client, config=ONCE), self.config
        return Senders(Tools(once, lambda: self.carriers, config.configuration_set, config.twilio_url))

    @cached_property
    def desks(self) -> Topics:
        """Return the topics that tell staff at once."""
        client = self._client("sns", config=BRIEFLY)
        return Topics(client, self.config.follow_ups_topic, self.config.standards_topic)

    @cached_property
    def desk_provider(self) -> "OpenIdProvider":
        """Return the agency's identity provider, as the secret `DeskProvider` names it, at most five minutes old."""
        from chalicelib.identity.provider import Client, OpenIdProvider  # noqa: PLC0415  of the desk alone

        known: Cached[None, Client] = Cached(self._clock, KEYS_FRESH)
        secret, old = self.config.desk_secret, self._keys_are_old("identity provider")
        return OpenIdProvider(
            lambda: known.get_or_last(None, lambda: self._secrets.document(secret, Client), old), self._clock
        )

    @property
    def lexicon(self) -> "Lexicon":
        """Return the words by which names in comments are found."""
        from chalicelib.insight.surveys.lexicon import lexicon  # noqa: PLC0415  of the desk alone

        return lexicon()

    @cached_property
    def lake(self) -> S3Lake:
        """Return the lake."""
        return S3Lake(self._client("s3"), self.config.lake_bucket)

    @cached_property
    def lake_source(self) -> "LakeSource":
        """Return what answers the lake's SQL: Athena, where the desk's jobs and comments ask."""
        from chalicelib.insight.figures.athena import Athena  # noqa: PLC0415  of the desk's jobs and comments alone

        return Athena(self._client("athena"), self.config.lake_workgroup, self.config.lake_database)

    @cached_property
    def ledger_copies(self) -> LedgerCopies:
        """Return the bucket with a copy of each entry of the ledger."""
        return LedgerCopies(self._client("s3"), self.config.ledger_copies)

    def keep_receipt(self, body: str) -> None:
        """Leave a provider's receipt for `record_receipt`."""
        self._inbox.put(self.config.receipts_queue, body)

    def keep_reply(self, body: str) -> None:
        """Leave a person's text for `record_reply`."""
        self._inbox.put(self.config.replies_queue, body)

    def leave_work(self, work: "Work") -> None:
        """Leave a chunk of a job for the desk's function."""
        from chalicelib.domain.desk.jobs import as_work  # noqa: PLC0415  of the desk alone

        self._inbox.put(self.config.desk_jobs, as_work(work))

    def notice(self, notice: Notice, **ids: str) -> None:
        """Count and log something that people at the agency should look at."""
        count(notice, SHARED.get(notice, ""), **ids)

    def leave_out(self, place: str) -> None:
        """Count something stored that this release can't read."""
        self.notice(Notice.LEFT_OUT, place=place)

    def measure(self, metric: Metric, value: float, kind: str = "") -> None:
        """Log a figure that CloudWatch keeps."""
        measure(metric, value, kind)

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""
        return secrets.token_bytes(16)

    def words(self, agency: Agency, language: str) -> Mapping[str, Any]:
        """Return the templates of a language, as the people of an agency read them."""
        return words.load(language, text_to_911=agency.text_to_911)

    def back_off(self, attempt: int) -> None:
        """Wait for a random while, longer each time, half a second at most."""
        time.sleep(random.uniform(0, min(0.5, 0.02 * 2**attempt)))  # noqa: S311  not a secret

    @cached_property
    def _inbox(self) -> Inbox:
        return Inbox(self._client("sqs", config=BRIEFLY))

    def _keys_are_old(self, secret: str) -> Callable[[Exception], None]:
        """Return what tells people that a secret can't be read, and that what was read last serves meanwhile."""

        def tell(error: Exception) -> None:
            report(error, f"read {secret}")
            self.notice(Notice.KEYS_OLD, secret=secret)

        return tell

    def _read_webhook_keys(self) -> tuple[WebhookKey, ...]:
        keys = self._secrets.document(self.config.webhook_keys_secret, WebhookKeys).webhook_keys
        for key in keys:
            if not key.usable:
                logger.error("webhook key unusable", extra={"key_name": key.name})
        return keys
