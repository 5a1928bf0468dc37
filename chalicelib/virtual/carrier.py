"""The state of a simulated carrier: messages that it took, its behaviour by address, and what people text back."""

import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Behaviour = Literal["deliver", "fail", "landline", "throttle", "timeout", "accept_then_drop", "optout", "block"]
Answer = Literal["usual", "slow", "late", "page", "trouble", "gateway"]
"""How a request is answered: late is after the sender gave up, a page is not what the protocol says.

With trouble and gateway the message was not taken, and the answer does not say so.
"""

EVERYBODY = "*"


class Network(Struct, kw_only=True, forbid_unknown_fields=True):
    """How receipts come: so many seconds late, each twice, the last one first."""

    delay: Annotated[float, Meta(ge=0, le=600)] = 0
    duplicate: bool = False
    disorder: bool = False


class TakenMessage(Struct, kw_only=True):
    """A message that the carrier took; `reference` is the sender's own name for it, `asked` the whole request."""

    id: str
    provider: str
    channel: Literal["sms", "email"]
    to: str
    body: str
    subject: str = ""
    reference: str
    at: str
    sender: str
    callback: str = ""
    unsubscribe: str = ""
    asked: dict[str, Any] = {}
    status: str = "accepted"


class InboundText(Struct, kw_only=True):
    """A text that a person sent."""

    sender: str
    body: str
    at: str


class Carrier:
    """The state of the simulated carriers; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[TakenMessage] = []
        self._texts: list[InboundText] = []
        self._behaviours: dict[str, tuple[Behaviour, int | None]] = {}
        self._answers: dict[str, list[Answer]] = {}
        self._errors: list[str] = []
        self.network = Network()

    def set_behaviour(self, to: str, behaviour: Behaviour, times: int | None) -> None:
        """Behave so towards an address, or towards everybody, for so many messages or from now on."""
        with self._lock:
            self._behaviours[to] = behaviour, times

    def behaviour(self, to: str) -> Behaviour:
        """Return how to behave towards an address this time."""
        with self._lock:
            who = to if to in self._behaviours else EVERYBODY
            behaviour, times = self._behaviours.get(who, ("deliver", None))
            if times is not None:
                if times <= 1:
                    del self._behaviours[who]
                else:
                    self._behaviours[who] = behaviour, times - 1
            return behaviour

    def set_answer(self, to: str, answer: Answer, times: int) -> None:
        """Answer the next requests about an address, or about everybody, so."""
        with self._lock:
            self._answers[to] = [answer] * times

    def answer(self, to: str) -> Answer:
        """Return how to answer this time."""
        with self._lock:
            left = self._answers.get(to) or self._answers.get(EVERYBODY)
            return left.pop() if left else "usual"

    def set_error(self, code: str) -> None:
        """Answer the next request with an error by its code."""
        with self._lock:
            self._errors.append(code)

    def error(self) -> str | None:
        """Return the error with which to answer this time."""
        with self._lock:
            return self._errors.pop(0) if self._errors else None

    def take(self, **message: Any) -> TakenMessage:
        """Keep a message that was accepted."""
        taken = TakenMessage(**{"id": str(uuid.uuid4()), "at": _now(), **message})
        with self._lock:
            self._messages.append(taken)
        return taken

    def hear(self, sender: str, body: str) -> InboundText:
        """Keep a text that a person sent."""
        text = InboundText(sender=sender, body=body, at=_now())
        with self._lock:
            self._texts.append(text)
        return text

    def messages(self, to: str | None = None) -> Sequence[TakenMessage]:
        """Return what was taken, oldest first, for everybody or for one address."""
        with self._lock:
            return [message for message in self._messages if to in (None, message.to)]

    def last_text_to(self, phone: str) -> TakenMessage | None:
        """Return the text that a phone last got: the one that its owner answers to."""
        return next(reversed(self.messages(phone)), None)

    def threads(self) -> list[dict[str, Any]]:
        """Return each phone's and mailbox's messages and answers in the order of time, the newest thread first."""
        threads: dict[str, list[dict[str, str]]] = {}
        with self._lock:
            for message in self._messages:
                threads.setdefault(message.to, []).append(
                    {
                        "from": "agency",
                        "body": message.body,
                        "subject": message.subject,
                        "at": message.at,
                        "status": message.status,
                        "unsubscribe": message.unsubscribe,
                        "reference": message.reference,
                    }
                )
            for text in self._texts:
                threads.setdefault(text.sender, []).append({"from": "person", "body": text.body, "at": text.at})
        for entries in threads.values():
            entries.sort(key=lambda entry: entry["at"])
        newest_first = sorted(threads.items(), key=lambda item: item[1][0]["at"], reverse=True)
        return [{"address": address, "entries": entries} for address, entries in newest_first]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
