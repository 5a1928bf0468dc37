"""The fields of an update as they were understood, with phones and emails masked."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
from msgspec import Struct, to_builtins

from chalicelib.domain.incidents.update import ALSO_AT, Update
from chalicelib.domain.phones import Phone
from chalicelib.insight.explain.words import detail
from chalicelib.insight.mask import Mask

_MASK = Mask()
SHOWN_DIGITS = 2


class FieldRead(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A field and what was understood: times in UTC and in the agency's own, phones by their last two digits.

    `from_` is the place in the vendor's own format, where a mapping read it. `note` says what is odd about the value.
    """

    field: str
    value: Any
    local: str = ""
    note: str = ""
    from_: str = msgspec.field(name="from", default="")


def fields_of(update: Update, zone: tzinfo) -> Iterator[FieldRead]:
    """Yield every field that an update sets to a value."""
    if update.incident_id:
        yield _shown("incident_id", update.incident_id, zone)
    yield _shown("as_of", update.as_of, zone)
    if update.sequence:
        yield _shown("sequence", update.sequence, zone)
    for name, value in update.facts.items():
        if value is not None:
            yield _shown(name, value, zone)
    yield from (_shown(latch.value, True, zone) for latch in sorted(update.latches))
    for place, (party_id, told) in enumerate(update.parties.items()):
        yield from _of_party(f"reporting_parties[{place}]", party_id, told, party_id in update.unsafe_parties)


def taken_back_by(update: Update) -> tuple[str, ...]:
    """Return the fields of which an update takes back what was said: their value is null, blank or an empty list."""
    facts = [name for name, value in update.facts.items() if value in (None, ())]
    parties = [
        f"reporting_parties[{place}].{name}"
        for place, told in enumerate(update.parties.values())
        for name, value in told.items()
        if value is None
    ]
    return (*facts, *parties)


def _shown(name: str, value: Any, zone: tzinfo) -> FieldRead:
    if isinstance(value, datetime):
        here = value.astimezone(zone)
        written = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return FieldRead(field=name, value=written, local=f"{here:%Y-%m-%d %H:%M:%S %Z}")
    return FieldRead(field=name, value=_without_addresses(to_builtins(value)))


def _of_party(where: str, party_id: str, told: Mapping[str, Any], unsafe: bool) -> Iterator[FieldRead]:
    yield FieldRead(field=f"{where}.party_id", value=party_id)
    for name, value in told.items():
        if isinstance(value, Phone):
            yield _phone(f"{where}.phone", value)
        elif name == "email" and value:
            yield FieldRead(field=f"{where}.email", value=_MASK.address(value))
        elif name == ALSO_AT:
            beside = "is read for silences and never written to"
            yield FieldRead(field=f"{where}.{ALSO_AT}", value=f"{len(value)} more", note=beside)
        elif value is not None:
            yield FieldRead(field=f"{where}.{name}", value=value)
    if unsafe:
        yield FieldRead(field=f"{where}.safe_to_contact", value=False)


def _phone(name: str, phone: Phone) -> FieldRead:
    masked = f"•••{phone.number[-SHOWN_DIGITS:]}" if phone.number else None
    note = f"can't be texted: {detail(phone.problem)}" if phone.problem else ""
    return FieldRead(field=name, value=masked, note=note)


def _without_addresses(value: Any) -> Any:
    """Return a value in which phones and emails that somebody typed into a text are hidden."""
    if isinstance(value, str):
        return _MASK.text(value)
    if isinstance(value, list):
        return [_without_addresses(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_addresses(item) for name, item in value.items()}
    return value
