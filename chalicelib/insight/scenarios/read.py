"""A scenario's file → what happens, and what must come of it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path as File
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.pause import PauseOf
from chalicelib.insight.settings.locate import Path, lines, nearest
from chalicelib.insight.settings.syntax import not_text, not_toml
from chalicelib.virtual.carrier import EVERYBODY, Behaviour

INCIDENT = "P26-1"
START = "2026-11-21 11:00"
ACTIONS = ("call", "update", "rms", "reply", "answer", "pause", "resume", "release", "carrier", "feed", "sending")

_UNKNOWN = re.compile(r"Object contains unknown field (\w+)")
_MISSING = re.compile(r"Object missing required field (\w+)")

Words = Annotated[str, Meta(min_length=1)]
States = Literal[
    "", "scheduled", "sending", "sent", "delivered", "undelivered", "failed", "cancelled", "suppressed", "unknown",
    "skipped",
]  # fmt: skip


class InvalidScenario(ValueError):
    """A scenario that can't be played; the text names the line."""


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a scenario: a name that it does not know is a mistake."""


class Reply(_Part, frozen=True, kw_only=True):
    """Somebody texts back."""

    sender: str = field(name="from")
    body: str


class Answer(_Part, frozen=True, kw_only=True):
    """Somebody answers the survey that their link leads to."""

    to: str = "1"
    incident_number: str = INCIDENT
    marks: dict[str, int]


class PauseOrResume(_Part, frozen=True, kw_only=True):
    """A supervisor's step: a stop, or its end."""

    of: PauseOf
    which: str = ""


class Let(_Part, frozen=True, kw_only=True):
    """A step in which a person releases held messages."""

    what: Releasable
    incident_number: str = INCIDENT
    party_id: str = ""


class Carrier(_Part, frozen=True, kw_only=True):
    """How carriers treat an address from now on, or for so many messages."""

    to: str = EVERYBODY
    does: Behaviour
    times: Annotated[int, Meta(ge=1)] | None = None


class Step(_Part, frozen=True, kw_only=True):
    """One thing that happens."""

    at: str
    call: dict[str, Any] | None = None
    update: dict[str, Any] | None = None
    rms: dict[str, Any] | None = None
    reply: Reply | None = None
    answer: Answer | None = None
    pause: PauseOrResume | None = None
    resume: PauseOrResume | None = None
    release: Let | None = None
    carrier: Carrier | None = None
    feed: Literal["silent", "heard"] | None = None
    sending: Literal["broken", "mended"] | None = None

    def __post_init__(self) -> None:
        """Refuse a step that says nothing, or two things at once."""
        if sum(getattr(self, name) is not None for name in ACTIONS) != 1:
            raise ValueError(f"a step has `at` and one of: {', '.join(ACTIONS)}")

    @property
    def action(self) -> str:
        """Return the name of what happens."""
        return next(name for name in ACTIONS if getattr(self, name) is not None)


class Expect(_Part, frozen=True, kw_only=True):
    """One notification that went, or did not go for a reason."""

    kind: Kind
    to: str | None = None
    incident_number: str = INCIDENT
    state: States = ""
    reason: str = ""
    at: str = ""
    by: Channel | None = None
    says: str = ""


class Scenario(_Part, frozen=True, kw_only=True):
    """A story: settings, what happens, and all that goes out."""

    title: Words
    why: Words
    start: str = START
    until: str = ""
    settings: dict[str, Any] = {}
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    expect: tuple[Expect, ...]


class Sheet(Struct, frozen=True):
    """A scenario with the line on which each of its parts begins."""

    scenario: Scenario
    lines: Mapping[Path, int]

    def problem(self, path: Path, message: str) -> InvalidScenario:
        """Return what is wrong with a part, with its line."""
        return InvalidScenario(f"line {nearest(self.lines, path)}: {message}")


def read_scenario(file: File) -> Sheet:
    """Read a scenario; OSError, InvalidScenario."""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        found = not_text(file, content, problem)
        raise InvalidScenario(f"line {found.line}: {found.message} ({found.hint})") from problem
    return read_text(text)


def read_text(text: str) -> Sheet:
    """Read the text of a scenario; InvalidScenario."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        found = not_toml(File("scenario.toml"), text, problem)
        raise InvalidScenario(f"line {found.line}: {found.message} ({found.hint})") from problem
    try:
        return Sheet(msgspec.convert(data, Scenario), lines(text))
    except msgspec.ValidationError as problem:
        raise _in_words(str(problem), lines(text)) from problem


def _in_words(said: str, places: Mapping[Path, int]) -> InvalidScenario:
    """Return what msgspec says of a scenario with its line, in words that need no Python."""
    message, _, written = said.replace("`", "").partition(" - at $")
    path = path_of(written)
    unknown, missing = _UNKNOWN.fullmatch(message), _MISSING.fullmatch(message)
    if unknown:
        path, message = (*path, unknown[1]), f"there is nothing of the name {unknown[1]} here"
    elif missing:
        message = f"{missing[1]} is missing"
    where = f"{written.lstrip('.')}: " if written else ""
    return InvalidScenario(f"line {nearest(places, path)}: {where}{message}")


def path_of(text: str) -> Path:
    """Read `.steps[2].reply` as the path to a value."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"\w+", text))
