"""Hints in SQS: which row to look at, and after how many seconds."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.desk.own_text import Order, as_word
from chalicelib.domain.people.canned import CannedKey
from chalicelib.ports.errors import QueueUnavailable
from chalicelib.ports.queue import Hint

MOST_IN_BATCH = 10
LONGEST_DELAY = 900
"""Both are limits of SQS. A longer delay is cut: the hint comes early, and the sweep leaves another in time."""

BRIEFLY = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2}, parameter_validation=False)
"""Hints may be lost: a webhook's answer does not wait for them, and `deliver` does not outlive its lease.

The service checks the parameters, and no person writes any of them.
"""


CHAIN = "chain"
"""The message attribute of a hint that follows from other hints."""


def chain_of(records: Sequence[Mapping[str, Any]]) -> int:
    """Return how many hints the longest chain in a batch of SQS records has; a hint that says nothing begins one."""
    told = (record.get("messageAttributes", {}).get(CHAIN, {}).get("stringValue", "0") for record in records)
    return max(map(int, told), default=0)


class Inbox:
    """Queues of what came in by HTTP: once it is there it is durable, and its sender may be told so."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put(self, url: str, body: str) -> None:
        """Leave one message; BotoCoreError or ClientError where that fails."""
        self._client.send_message(QueueUrl=url, MessageBody=body)


class HintQueue:
    """The port `Queue` over SQS."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints, ten a call; QueueUnavailable where any of them was not taken."""
        for start in range(0, len(hints), MOST_IN_BATCH):
            batch = hints[start : start + MOST_IN_BATCH]
            entries = [{"Id": str(place), **_message(hint)} for place, hint in enumerate(batch)]
            try:
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise QueueUnavailable(str(error)) from error
            if answer.get("Failed"):
                raise QueueUnavailable(answer["Failed"][0]["Code"])

    def hint_answer(self, key: CannedKey, delay: int) -> None:
        """Leave a hint about an answer; QueueUnavailable where that fails."""
        self._leave(key.id, min(delay, LONGEST_DELAY))

    def order(self, order: Order) -> None:
        """Leave a text to somebody's own phone; QueueUnavailable where that may have failed."""
        self._leave(as_word(order), 0)

    def _leave(self, body: str, delay: int) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay)
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(str(error)) from error


def _message(hint: Hint) -> dict[str, Any]:
    message = {"MessageBody": hint.key.id, "DelaySeconds": min(hint.delay, LONGEST_DELAY)}
    attribute = {CHAIN: {"DataType": "Number", "StringValue": str(hint.chain)}}
    return {**message, "MessageAttributes": attribute} if hint.chain else message
