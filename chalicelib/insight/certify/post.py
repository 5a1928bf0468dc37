"""Requests of a sender, and the updates in them, as a conformance run sees them."""

import hashlib
import re
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from urllib.parse import parse_qs

from msgspec import Struct

from chalicelib.domain.incidents.update import ALSO_AT, Update
from chalicelib.domain.names import party_name
from chalicelib.inbound.cad import loosely

Place = Literal["updates", "heartbeat", "elsewhere"]
Feed = Literal["cad", "rms"]

Trouble = Literal["503", "429", "lost", "slow"]
"""Failures of the receiver on purpose."""


_UNCLEAR = re.compile(r"updates\[\d+\](?:\.\w+)?: (?:not in UTF-8|there twice|not an update)")
_SUCCESS, _SERVER_ERROR = 2, 500


class Post(Struct, frozen=True, kw_only=True, dict=True):
    """One request: where people find it, when it came, what was in it, and what it was answered.

    `signature` says what is wrong with it; blank is right, and None was not looked at. `status` is None where no answer
    is known, and 0 where none was given. `answered_after` and `gave_up_after` are seconds.
    """

    where: str
    at: datetime | None = None
    method: str = "POST"
    path: str = ""
    headers: dict[str, str] = {}
    body: bytes = b""
    status: int | None = None
    retry_after: float | None = None
    trouble: Trouble | None = None
    signature: str | None = None
    gave_up_after: float | None = None

    @property
    def feed(self) -> Feed:
        """Return which system sent it."""
        return "rms" if self.address.startswith("/rms/") or "/rms/" in self.address else "cad"

    @property
    def address(self) -> str:
        """Return the path without what is asked of it."""
        return self.path.partition("?")[0].rstrip("/")

    @property
    def place(self) -> Place:
        """Return what was posted to; a body alone is taken for updates."""
        if self.path and self.method != "POST":
            return "elsewhere"
        if not self.path or self.address.endswith("/updates"):
            return "updates"
        return "heartbeat" if self.address.endswith("/heartbeat") else "elsewhere"

    @property
    def reads_back(self) -> bool:
        """Tell whether it asks what its key posted."""
        return self.method == "GET" and self.address.endswith("/received")

    @property
    def is_look(self) -> bool:
        """Tell whether it only looks, by `?check=1` or by reading back, and tells nothing of a call."""
        asked = parse_qs(self.path.partition("?")[2], keep_blank_values=True)
        return self.reads_back or (self.place == "updates" and "check" in asked)

    @property
    def webhook_id(self) -> str:
        """Return the sender's name for the request; blank where there is none."""
        return self.headers.get("webhook-id", "")

    @cached_property
    def content_hash(self) -> str:
        """Return what names the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def failed(self) -> bool:
        """Tell whether it must be sent again: no answer, too many requests, or an error of the receiver's."""
        return self.status is not None and (self.status in (0, 429) or self.status >= _SERVER_ERROR)

    @property
    def is_taken(self) -> bool:
        """Tell whether nothing was wrong with its answer, as far as is known."""
        return self.status is None or self.status // 100 == _SUCCESS


class Told(Struct, frozen=True, kw_only=True, dict=True):
    """One update of a request: as it came, as it was read, and the webhook's word on it where it was rejected."""

    post: Post
    index: int
    told: dict[str, Any]
    update: Update | None = None
    error: str = ""

    @property
    def number(self) -> str:
        """Return the number that people read; blank where there is none."""
        return loosely.name(self.told.get("incident_number")) or ""

    @property
    def incident_id(self) -> str:
        """Return the system's own key of the call; blank where there is none."""
        return loosely.name(self.told.get("incident_id")) or ""

    @property
    def call(self) -> str:
        """Return what names the call: its key where it has one, else its number."""
        return self.incident_id or self.number

    @property
    def is_unclear(self) -> bool:
        """Tell whether its JSON can't be read for sure, whatever its fields are."""
        return bool(_UNCLEAR.fullmatch(self.error))

    @property
    def where(self) -> str:
        """Return where people find it."""
        return f"{self.post.where}, {self.number or self.incident_id or 'no number'}"

    @cached_property
    def words(self) -> dict[str, Any]:
        """Return each field that it tells, those of parties too; None takes back."""
        if self.update is None:
            return {}
        people = {
            f"party {party}: {name}": value
            for party, fields in self.update.parties.items()
            for name, value in fields.items()
            if name != ALSO_AT
        }
        return {**self.update.facts, **people}

    @property
    def instants(self) -> dict[str, datetime]:
        """Return the times of what happened; an appointment is none."""
        return {name: at for name, at in self.words.items() if name.endswith("_at") and at is not None}

    @property
    def parties(self) -> list[dict[str, Any]]:
        """Return its people as they came, those alone that have the form of one."""
        people = self.told.get("reporting_parties")
        return [party for party in people if isinstance(party, dict)] if isinstance(people, list) else []


def named_party(party: dict[str, Any]) -> str:
    """Return a party's name that may be shown: no phone and no email."""
    name = loosely.name(party.get("party_id"))
    return party_name(name) if name else ""
