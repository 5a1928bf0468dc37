"""What a sandbox key posts is an exercise about nobody: no text, no silence and no address comes of it."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.incidents.update import ALSO_AT, Update
from chalicelib.inbound.cad.read_updates import Batch

_ADDRESSES = frozenset({"phone", "email", ALSO_AT})


def as_exercise(batch: Batch) -> Batch:
    """Return a batch whose updates are all exercises, without a phone or an email of anybody."""
    return replace(batch, updates=tuple(map(_exercise, batch.updates)), salvaged=tuple(map(_exercise, batch.salvaged)))


def _exercise(update: Update) -> Update:
    facts = {**update.facts, "exercise": True}
    parties = {name: _nobody(told) for name, told in update.parties.items()}
    return replace(update, facts=facts, parties=parties, reached={})


def _nobody(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in _ADDRESSES}
