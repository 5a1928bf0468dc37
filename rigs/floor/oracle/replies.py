"""People who text back: what each text asks for, by hand from `docs/agency/consent.md`, and what may answer it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from rigs.floor.oracle.people import Consents


class Meaning(NamedTuple):
    """What a text asks for, and whether it speaks of danger."""

    intent: str
    danger: bool = False


TEXTS = {
    "STOP": Meaning("stop"),
    "QUIT": Meaning("stop"),
    "Stop. I moved.": Meaning("stop"),
    "please stop texting me": Meaning("stop"),
    "Dejen de mandarme mensajes": Meaning("stop"),
    "Stop texting me. My ex is back and he has a gun": Meaning("stop", danger=True),
    "no more surveys": Meaning("no surveys"),
    "START": Meaning("start"),
    "YES": Meaning("yes"),
    "HELP": Meaning("help"),
    "the noise has stopped": Meaning("other"),
    "thanks, see you": Meaning("other"),
    "4": Meaning("other"),
    "5 thanks so much": Meaning("other"),
    "hes outside": Meaning("other", danger=True),
}
_CONFIRMED = frozenset({"stop", "no surveys", "start", "help"})
AGAIN = timedelta(hours=1)


class Reply(NamedTuple):
    """A text that is being answered; `quiet` says that nothing may be written to the person."""

    phone: str
    meaning: Meaning
    before: str
    quiet: bool
    live: bool
    at: datetime


class Answers:
    """The answers to what people text."""

    def __init__(self, consents: Consents) -> None:
        self._consents = consents
        self._now: Reply | None = None
        self._answered = 0
        self._lately: dict[tuple[str, str], datetime] = {}

    def begins(self, reply: Reply) -> None:
        """Hear a text."""
        self._now, self._answered = reply, 0
        self._consents.said(reply.phone, reply.meaning.intent)

    def judge(self, address: str, body: str) -> list[str]:
        """Return why an answer may not be this one."""
        reply = self._now
        if reply is None or reply.phone != address:
            return ["an answer to nobody's text"]
        self._answered += 1
        intent = "start" if reply.meaning.intent == "yes" and reply.before else reply.meaning.intent
        after_stop = reply.before == "all" and intent not in ("start", "help")
        bars = {
            "a second answer to one text": self._answered > 1,
            "an answer in shadow": not reply.live,
            "an answer after STOP": not reply.meaning.danger and after_stop,
            "an answer to somebody who must hear nothing": not reply.meaning.danger
            and reply.quiet
            and intent not in _CONFIRMED,
            "an answer to danger without 911": reply.meaning.danger and "911" not in body,
        }
        return [name for name, holds in bars.items() if holds]

    def ends(self) -> list[str]:
        """Return which answer was owed, and did not come."""
        reply, self._now = self._now, None
        if reply is None:
            return []
        what = "danger" if reply.meaning.danger else reply.meaning.intent
        known = self._lately.get((reply.phone, what))
        self._lately[reply.phone, what] = reply.at
        lately = known is not None and reply.at - known < AGAIN
        stopped = reply.meaning.intent == "stop" and reply.before != "all"
        due = reply.live and not lately and (reply.meaning.danger or stopped)
        return [f"no answer to {reply.meaning}"] if due and not self._answered else []
