"""The page that a rehearsal leaves: each step, what was asked, what came. Ids are masked, so that it may be sent on."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain import harmless

Outcome = Literal["ok", "failed", "not tried"]

TEXT_SIMULATOR = "+14254147755"
"""AWS's own number that takes every text and passes none on (End User Messaging, Simulator phone numbers)."""

EMAIL_SIMULATOR = "success@simulator.amazonses.com"
"""AWS's own mailbox that takes every email, in the sandbox too (SES, Using the mailbox simulator)."""

_PUBLIC = (TEXT_SIMULATOR, EMAIL_SIMULATOR)
_MASKS = (
    (re.compile(r"whsec_\S+"), "KEY"),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b"), "KEY"),
    (re.compile(r"\b(user|assumed-role|federated-user)/[^\s\"',;]+"), r"\1/PERSON"),
    (re.compile(r"\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)+"), "EMAIL"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "ID"),
    (re.compile(r"\+[0-9]{8,15}\b"), "PHONE"),
    (re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])"), "ACCOUNT"),
    (re.compile(r"\b[0-9a-z]{10}(?=\.execute-api\.)"), "API"),
    (re.compile(r"\b(registration|phone|pool)-(?=[0-9a-z]*[0-9])[0-9a-z]{4,}\b"), r"\1-ID"),
    (re.compile(r"\b[0-9a-f]{16,}\b"), "ID"),
)
_MARKS: dict[Outcome, str] = {"ok": "✓", "failed": "✗", "not tried": "·"}
_SHORTEST_NAME = 3


class Step(Struct, frozen=True, kw_only=True):
    """One step of a rehearsal: what was asked of AWS, what came, a line each, and how long it took."""

    name: str
    asked: str
    outcome: Outcome
    came: tuple[str, ...]
    seconds: float = 0.0


class Rehearsal(Struct, frozen=True, kw_only=True):
    """A rehearsal that has ended; `python` is the version that made the package."""

    began_at: datetime
    ended_at: datetime
    partition: str
    region: str
    python: str
    steps: tuple[Step, ...]

    @property
    def failed(self) -> bool:
        """Tell whether a step failed."""
        return any(step.outcome == "failed" for step in self.steps)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Return a text without accounts, people, phones, addresses, keys or ids; `names` are the agency's own.

    AWS's simulators are everybody's, and stay.
    """
    for place, public in enumerate(_PUBLIC):
        text = text.replace(public, f"\x00{place}\x00")
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "AGENCY", text)
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    for place, public in enumerate(_PUBLIC):
        text = text.replace(f"\x00{place}\x00", public)
    return text


def without_ids(steps: Iterable[Step], names: Sequence[str] = ()) -> tuple[Step, ...]:
    """Return steps whose words are masked."""
    return tuple(
        Step(
            name=step.name,
            asked=masked(step.asked, names),
            outcome=step.outcome,
            came=tuple(masked(line, names) for line in step.came),
            seconds=step.seconds,
        )
        for step in steps
    )


def as_markdown(rehearsal: Rehearsal) -> str:
    """Return the page."""
    counted = Counter(step.outcome for step in rehearsal.steps)
    minutes = (rehearsal.ended_at - rehearsal.began_at).total_seconds() / 60
    told = [
        "# Rehearsal of a deployment",
        "",
        f"{rehearsal.began_at:%Y-%m-%d %H:%M} UTC, {minutes:.0f} minutes.",
        f"Partition `{rehearsal.partition}`, region `{rehearsal.region}`, Python {rehearsal.python}.",
        f"Steps that went well: {counted['ok']}. Failed: {counted['failed']}. Not tried: {counted['not tried']}.",
        "",
        "Accounts, people, phones, addresses, keys and ids are masked. Read the page before you send it on.",
        "",
        "| | step | outcome | seconds |",
        "|---|---|---|---|",
        *(
            f"| {_MARKS[step.outcome]} | {harmless.as_markdown(step.name)} | {step.outcome} | {step.seconds:.0f} |"
            for step in rehearsal.steps
        ),
    ]
    for step in rehearsal.steps:
        name, asked = harmless.as_markdown(step.name), harmless.as_markdown(step.asked)
        told += ["", f"## {_MARKS[step.outcome]} {name}", "", f"Asked: {asked}", "", "```text"]
        told += [harmless.as_line(line.replace("```", "'''")) for line in step.came] or ["(nothing)"]
        told += ["```"]
    return "\n".join(told) + "\n"
