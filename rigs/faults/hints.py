"""The real queue of hints, with its delays on a clock that jumps."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.desk.own_text import Order
from chalicelib.domain.people.canned import CannedKey
from chalicelib.ports.queue import Hint, Queue
from tenfour.common.reach import client


class Hints:
    """Hints go through SQS without a delay; when each was to come out is kept beside it."""

    def __init__(self, aws: str, url: str, clock: Callable[[], datetime]) -> None:
        self._sqs, self._url, self._clock = client("sqs", aws), url, clock
        self._due: dict[str, deque[datetime]] = defaultdict(deque)
        self.left = False

    def through(self, queue: Queue) -> "Through":
        """Return the port `Queue` of one container."""
        return Through(queue, self)

    def note(self, hint: Hint) -> None:
        """Remember when a hint that is about to be left is to come out."""
        self._due[hint.key.id].append(self._clock() + timedelta(seconds=hint.delay))
        self.left = True

    def come(self) -> Iterator[tuple[str, datetime]]:
        """Yield what SQS has, and when each was to come out; one that SQS has twice comes at once."""
        while self.left:
            asked: dict[str, Any] = {"QueueUrl": self._url, "MaxNumberOfMessages": 10}
            found = self._sqs.receive_message(**asked).get("Messages", [])
            self.left = len(found) == asked["MaxNumberOfMessages"]
            entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(found)]
            if entries:
                self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
            for one in found:
                due = self._due[one["Body"]]
                yield one["Body"], due.popleft() if due else self._clock()


class Through:
    """The port `Queue`: leaves hints in SQS, to come out at once."""

    def __init__(self, queue: Queue, hints: Hints) -> None:
        self._queue, self._hints = queue, hints

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints; QueueUnavailable."""
        for hint in hints:
            self._hints.note(hint)
        self._queue.hint([Hint(hint.key, 0, hint.chain) for hint in hints])

    def hint_answer(self, key: CannedKey, delay: int) -> None:
        """Leave a hint about an answer; QueueUnavailable."""
        self._queue.hint_answer(key, delay)

    def order(self, order: Order) -> None:
        """Leave a text to somebody's own phone; QueueUnavailable."""
        self._queue.order(order)
