"""Look at a post as the webhook would, update by update, and store nothing.

The webhook's own functions read it, and those of `tenfour mapping check` where a mapping does.
"""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Link, Unit
from chalicelib.domain.incidents.feed_health import tally_of
from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.cad.json_repair import without_half_characters
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable, read_updates
from chalicelib.inbound.cad.rejected import as_it_came
from chalicelib.inbound.cad.update_fields import Body, PartyBody, UpdateBody
from chalicelib.inbound.mapping.batch import read_mapped
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.insight.mapping.check import Checked
from chalicelib.insight.mapping.check import look as look_by_mapping
from chalicelib.insight.mask import Mask
from chalicelib.insight.posted.fields import FieldRead, fields_of, taken_back_by
from chalicelib.insight.posted.missing import Missing, missing_in

SOURCE = "check"
_MASK = Mask()
LONGEST_NAME = 60
MOST_IGNORED = 100
_NESTED: dict[str, type[Struct]] = {"reporting_parties": PartyBody, "linked_to": Link, "units": Unit}

NOT_KNOWN = (
    "whether an update tells anything new or would be counted as a duplicate",
    "whether a later word is known already, and what each null would take back: nothing that is stored was read",
    "whether anybody would be told: that is for the agency's settings and `tenfour explain` to say",
)


class UpdateLook(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One update as it would be understood, or why it would be rejected, and what of it would hold all the same.

    `judged` are its words about the nature, each of which people of the agency judge before anybody is told.
    """

    index: int
    incident_number: str | None
    rejected: str = ""
    understood: tuple[FieldRead, ...] = ()
    judged: tuple[str, ...] = ()
    takes_back: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Look(Struct, frozen=True, kw_only=True):
    """A whole post as it would be understood, and the status that it would get."""

    stored: bool = False
    would_answer: int
    error: str | None = None
    updates: tuple[UpdateLook, ...] = ()
    ignored: dict[str, int] = {}
    missing: tuple[Missing, ...] = ()
    not_known_here: tuple[str, ...] = NOT_KNOWN
    passed_over: int = 0


def look(
    body: bytes,
    source: Source,
    agency: Agency,
    now: datetime,
    mapper: Mapper | None = None,
    *,
    nulls_are_silent: bool = False,
) -> Look:
    """Return what would be understood of a post, in our format or by a mapping, as the key means its nulls."""
    try:
        if mapper:
            batch = read_mapped(mapper, body, SOURCE, agency.country, now)
            batch = batch.without_nulls() if nulls_are_silent else batch
            return _by_mapping(batch, look_by_mapping(mapper, body, now), source, agency, now)
        batch = read_updates(body, SOURCE, agency.country, now)
        batch = batch.without_nulls() if nulls_are_silent else batch
    except Malformed as problem:
        return Look(would_answer=400, error=str(problem))
    except Unacceptable as problem:
        return Look(would_answer=422, error=str(problem))
    ignored = [tuple(_unknown(as_it_came(raw), UpdateBody)) for raw in _raw(body)]
    looks = (replace(one, ignored=ignored[one.index][:MOST_IGNORED]) for one in _updates(batch, agency, now))
    return _whole(batch, tuple(looks), Counter(), source)


def _by_mapping(batch: Batch, checked: Checked, source: Source, agency: Agency, now: datetime) -> Look:
    """Return what a mapping makes of a post, with the place of each field in the vendor's own format."""
    lines = [{line.field: line.source for line in outcome.lines} for outcome in checked.outcomes]
    looks = tuple(
        replace(one, understood=tuple(_with_place(field, lines[one.index]) for field in one.understood))
        if one.index < len(lines)
        else one
        for one in _updates(batch, agency, now)
    )
    return _whole(batch, looks, checked.ignored, source)


def _with_place(field: FieldRead, places: Mapping[str, str]) -> FieldRead:
    return replace(field, from_=places.get(field.field.partition("[")[0], ""))


def _whole(batch: Batch, looks: tuple[UpdateLook, ...], ignored: Mapping[str, int], source: Source) -> Look:
    named = {_name(path): times for path, times in list(ignored.items())[:MOST_IGNORED]}
    missing = tuple(missing_in(batch.updates, source))
    return Look(would_answer=batch.answer, updates=looks, ignored=named, missing=missing, passed_over=batch.passed_over)


def _updates(batch: Batch, agency: Agency, now: datetime) -> Iterator[UpdateLook]:
    rejected = {one.index: one for one in batch.rejected}
    held = {update.update_id: update for update in batch.salvaged}
    taken = iter(batch.updates)
    for index in range(len(batch.updates) + len(rejected)):
        if index in rejected:
            holds = held.get(f"{SOURCE}:{index:03}")
            yield UpdateLook(
                index=index,
                incident_number=rejected[index].incident_number,
                rejected=rejected[index].error,
                notes=tuple(_holding(holds)) if holds else (),
            )
        else:
            yield _understood(index, next(taken), agency, now)


def _understood(index: int, update: Update, agency: Agency, now: datetime) -> UpdateLook:
    return UpdateLook(
        index=index,
        incident_number=update.incident_number,
        understood=tuple(fields_of(update, agency.zone)),
        judged=tuple(sorted({_MASK.text(word) for item in update.evidence for word in (item.code, item.text) if word})),
        takes_back=taken_back_by(update),
        notes=tuple(_notes(update, agency, now)),
    )


def _notes(update: Update, agency: Agency, now: datetime) -> Iterator[str]:
    """Yield what the alarms of a feed would notice, and what stops texts."""
    tally = tally_of([update], 0, agency, now)
    if tally.unlisted:
        yield "incident_type: the agency does not list it, so nobody is told anything until the agency does"
    if tally.late:
        yield "as_of: more than 5 minutes ago; a live feed tells at once"
    if tally.ahead:
        yield "as_of: ahead of our clock; set the sender's clock by NTP"
    if update.facts.get("exercise"):
        yield "exercise: a drill is stored, and nobody is told anything"
    if update.latches or update.unsafe_parties:
        yield "juvenile, do_not_contact and safe_to_contact: false hold for good, whatever comes later"


def _holding(held: Update) -> Iterator[str]:
    names = [
        *held.told,
        *(latch.value for latch in held.latches),
        *(["safe_to_contact"] if held.unsafe_parties else []),
    ]
    if held.evidence:
        names.append("each word about the nature")
    if names:
        yield f"holds although the update would be rejected: {', '.join(dict.fromkeys(names))}"


def _raw(body: bytes) -> list[msgspec.Raw]:
    return msgspec.json.decode(without_half_characters(body.removeprefix(BOM_UTF8)), type=Body).updates


def _unknown(told: Mapping[str, Any], kind: type[Struct], where: str = "") -> Iterator[str]:
    """Yield the names of fields that we don't know, and never a value."""
    for name, value in told.items():
        if name not in kind.__struct_fields__:
            yield _name(f"{where}{name}")
        elif name in _NESTED:
            entries = value if isinstance(value, list) else [value]
            place = f"{name}[]." if isinstance(value, list) else f"{name}."
            found = [
                each
                for entry in entries
                if isinstance(entry, Mapping)
                for each in _unknown(entry, _NESTED[name], place)
            ]
            yield from dict.fromkeys(found)


def _name(path: str) -> str:
    """Return the name of a field; one that is a phone or an email, or is overlong, is not written out."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in path)
    return _MASK.text(printable)[:LONGEST_NAME]
