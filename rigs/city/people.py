"""People with phones: some answer the survey, some open it and don't, some text STOP, some never look."""

import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.virtual.town.replies import answers

_LINK = re.compile(r"https?://\S+/s/\w+")
_LOOK_EVERY = 0.5


class Habits(Struct, frozen=True, kw_only=True):
    """Shares of people, of 1."""

    answers: float = 0.6
    only_opens: float = 0.2
    stops: float = 0.07
    chats: float = 0.05
    writes: float = 0.3


USUAL = Habits()


@contextmanager
def people(agency: Agency, carrier: str, seed: int, habits: Habits = USUAL) -> Iterator[None]:
    """Let people live with their phones until the block ends."""
    stop = threading.Event()
    crowd = _Crowd(agency, carrier, random.Random(seed), habits)  # noqa: S311  people, not secrets
    thread = threading.Thread(target=crowd.live, args=(stop.wait,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


class _Crowd:
    def __init__(self, agency: Agency, carrier: str, dice: random.Random, habits: Habits) -> None:
        self._agency, self._carrier, self._dice, self._habits = agency, carrier, dice, habits
        self._client = httpx.Client(timeout=30, trust_env=False)
        self._seen: set[str] = set()
        self._silent: set[str] = set()

    def live(self, wait: Callable[[float], bool]) -> None:
        while not wait(_LOOK_EVERY):
            for message in self._client.get(f"{self._carrier}/messages").json():
                if message["id"] not in self._seen:
                    self._seen.add(message["id"])
                    self._read(message)

    def _read(self, message: dict[str, Any]) -> None:
        link = _LINK.search(message["body"])
        drawn = self._dice.random()
        if link:
            self._consider(link[0], drawn)
        elif message["channel"] == "sms" and message["to"] not in self._silent:
            self._text_back(message["to"], drawn)

    def _consider(self, link: str, drawn: float) -> None:
        if drawn < self._habits.answers + self._habits.only_opens:
            self._client.get(link)
        if drawn < self._habits.answers:
            self._client.post(link, data=answers(self._dice, self._agency.survey.questions, self._habits.writes))

    def _text_back(self, phone: str, drawn: float) -> None:
        if drawn < self._habits.stops:
            self._silent.add(phone)
            self._say(phone, "STOP")
        elif drawn < self._habits.stops + self._habits.chats:
            self._say(phone, "ok thanks")

    def _say(self, phone: str, body: str) -> None:
        self._client.post(f"{self._carrier}/replies", json={"from": phone, "body": body})
