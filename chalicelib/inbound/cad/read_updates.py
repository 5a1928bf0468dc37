"""The CAD and RMS webhooks' body → updates."""

import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts, Link
from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.places import place_of_id
from chalicelib.domain.incidents.taken_back import TakenBack, without_nulls
from chalicelib.domain.incidents.update import ALSO_AT, STOPS, Evidence, Latch, Update
from chalicelib.domain.names import party_name
from chalicelib.domain.phones import Phone, clean_email, clean_phone, readable_emails, readable_numbers
from chalicelib.inbound.cad.json_repair import is_utf8, said_twice, without_blanks, without_half_characters
from chalicelib.inbound.cad.phones import split_phones
from chalicelib.inbound.cad.rejected import CLOCK_SKEW, EARLIEST, Rejected, as_it_came, known_fields, salvage
from chalicelib.inbound.cad.several import split_several
from chalicelib.inbound.cad.shorten import shortened
from chalicelib.inbound.cad.update_fields import ALLOWED, Body, LinkBody, PartyBody, UpdateBody

FARTHEST = timedelta(days=5 * 366)
FEWEST_DIGITS, MOST_DIGITS = 10, 12
MOST_BESIDE = 20
"""The most addresses that are read beside those of a party that can be written to."""

_INSTANTS = frozenset(name for name in Facts.__struct_fields__ if name.endswith(("_at", "_for")))
_ONCE = (
    "incident_type",
    "incident_type_description",
    "type_modifier",
    "initial_type",
    "offenses",
    "dispositions",
    "disposition",
    "reporting_parties",
    "exercise",
    *Latch,
    *STOPS,
)
"""Fields of which a second value must not hide the first: words about the nature, and what stops a text."""

_NAMES = (("incident_number", 40), ("incident_id", 64))

_ALIASES = {"disposition": "dispositions", "case_number": "case_numbers"}


class Batch(Struct, frozen=True):
    """The updates of a webhook.

    `set_aside` has the known fields of those that were rejected, and `salvaged` what in them holds all the same.
    `passed_over` counts records of which a mapping wants nothing.
    """

    updates: tuple[Update, ...]
    rejected: tuple[Rejected, ...]
    set_aside: tuple[dict[str, Any], ...]
    salvaged: tuple[Update, ...]
    passed_over: int = 0

    @property
    def answer(self) -> int:
        """Return the status of the answer: one update that was taken makes it good, or that all are passed over."""
        return 202 if self.updates or (self.passed_over and not self.rejected) else 422

    def said_by(self, source: Source) -> tuple[Update, ...]:
        """Return every update that counts, as words of CAD or of RMS."""
        return tuple(replace(update, source=source) for update in (*self.updates, *self.salvaged))

    def without_nulls(self) -> "Batch":
        """Return the batch as a system means it whose nulls say nothing."""
        return replace(self, updates=tuple(map(without_nulls, self.updates)))

    def as_sent(self, taken: Iterable[TakenBack]) -> tuple[TakenBack, ...]:
        """Return what nulls took back by the places in the webhook, which count the rejected updates too."""
        rejected = {item.index for item in self.rejected}
        sent = [place for place in range(len(self.updates) + len(rejected)) if place not in rejected]
        found = [replace(each, index=sent[each.index]) for each in taken]
        return tuple(sorted(found, key=lambda each: each.index))


class Malformed(ValueError):
    """The body is not JSON."""


class Unacceptable(ValueError):
    """The body is JSON, but not a list of 1 to 100 updates; the text names the field."""


class _Invalid(ValueError):
    """An update breaks a rule that its type alone does not show; the text starts with the field."""


class _Unclear(_Invalid):
    """Nobody can say what was meant: a field is there twice, or the letters are of an unknown encoding."""


def read_updates(body: bytes, source_id: str, country: str, now: datetime) -> Batch:
    """Read a webhook's body.

    `source_id` names the webhook: with the position it stands in for a missing `update_id`.
    Malformed and Unacceptable are about the whole body; anything else is about one update.
    """
    updates, rejected, set_aside, salvaged = [], [], [], []
    for index, raw in enumerate(_raw_updates(body.removeprefix(BOM_UTF8))):
        update_id = f"{source_id}:{index:03}"  # a later position is a later word
        try:
            updates.append(_read_update(raw, update_id, country, now))
        except (ValueError, RecursionError) as problem:
            told = as_it_came(raw)
            held = salvage(told, update_id, country, now)
            problem = problem if is_utf8(raw) else _Unclear(": not in UTF-8")
            whole = None if isinstance(problem, _Unclear) else _short_update(told, update_id, country, now)
            if whole:
                updates.append(_with_what_holds(whole, held) if held else whole)
                continue
            known = known_fields(raw)
            number, own_id = (_short(known.get(name), most) for name, most in _NAMES)
            rejected.append(Rejected(index, number, f"updates[{index}]{_in_words(problem)}", own_id))
            set_aside.append(known)
            salvaged.append(held)
    return Batch(tuple(updates), tuple(rejected), tuple(set_aside), tuple(filter(None, salvaged)))


def _short(name: Any, most: int) -> str | None:
    return name[:most] if isinstance(name, str) and name.isprintable() else None


def holds_updates(body: bytes) -> bool:
    """Tell whether a body is of updates, be they valid or not."""
    try:
        told = msgspec.json.decode(without_half_characters(body.removeprefix(BOM_UTF8)))
    except (msgspec.MsgspecError, RecursionError):
        return False
    return isinstance(told, dict) and bool(told.get("updates"))


def _short_update(told: dict[str, Any], update_id: str, country: str, now: datetime) -> Update | None:
    """Return an update of which only lists and free texts were too long, or None."""
    try:
        return _read_update(Raw(msgspec.json.encode(shortened(told))), update_id, country, now)
    except (ValueError, RecursionError):
        return None


def _with_what_holds(update: Update, held: Update) -> Update:
    """Return a shortened update with the words, latches, unsafe parties and addresses that stood behind a limit."""
    return replace(
        update,
        words=update.words | (held.words - update.evidence),
        unsafe_parties=update.unsafe_parties | held.unsafe_parties,
        reached=held.reached,
    )


def _raw_updates(body: bytes) -> list[Raw]:
    try:
        return msgspec.json.decode(without_half_characters(body), type=Body).updates
    except msgspec.ValidationError as problem:
        _require_json(body)
        raise Unacceptable(_in_words(problem).lstrip(".").removeprefix(": ")) from problem
    except (ValueError, RecursionError) as problem:
        raise Malformed("the body is not JSON in UTF-8") from problem


def _require_json(body: bytes) -> None:
    """Raise Malformed for what stopped being JSON after it had stopped being a list of updates."""
    try:
        msgspec.json.decode(body)
    except (ValueError, RecursionError) as problem:
        raise Malformed("the body is not JSON in UTF-8") from problem


def _read_update(raw: Raw, fallback_id: str, country: str, now: datetime) -> Update:
    twice = said_twice(raw, _ONCE)
    if twice:
        raise _Unclear(f".{twice}: there twice")
    raw = without_blanks(raw)
    told = msgspec.json.decode(raw, type=dict[str, Raw])
    first, others = split_several(told)
    people, beside = split_phones(told.get("reporting_parties", Raw(b"null")), country)
    if first or beside:
        told = told | first | ({"reporting_parties": people} if beside else {})
        raw = Raw(msgspec.json.encode(told))
    body = msgspec.json.decode(raw, type=UpdateBody)
    facts = {name: _tidy(getattr(body, name)) for name in told if name in Facts.__struct_fields__}
    for alias, name in _ALIASES.items():
        if alias in told and not facts.get(name):
            single = _tidy(getattr(body, alias))
            facts[name] = None if single is None else (single,)
    for name in _INSTANTS & facts.keys():
        latest = now + (FARTHEST if name == "scheduled_for" else CLOCK_SKEW)
        facts[name] = facts[name] and _plausible(name, facts[name], latest)
    seen = frozenset(body.first_seen or ())
    facts = {name: value for name, value in facts.items() if value is not None or name not in seen}
    parties = body.reporting_parties or ()
    if body.incident_number is None and body.incident_id is None:
        raise _Invalid(".incident_number: required, or incident_id")
    if body.linked_to:
        facts["linked_to"] = _link(body.linked_to)
    return Update(
        incident_number=body.incident_number or "",
        incident_id=body.incident_id or "",
        as_of=_plausible("as_of", body.as_of, now + CLOCK_SKEW),
        update_id=_tidy(body.update_id) or fallback_id,
        sequence=body.sequence or 0,
        facts=facts,
        parties=_read_parties(parties, told.get("reporting_parties"), country, beside),
        latches=frozenset(latch for latch in Latch if getattr(body, latch)),
        words=_beside_list(body, facts) | others,
        unsafe_parties=frozenset(party_name(party.party_id) for party in parties if party.safe_to_contact is False),
        first_seen=seen & facts.keys(),
        as_of_now=body.as_of_now or False,
    )


def _link(told: LinkBody) -> Link:
    if told.incident_number is None and told.incident_id is None:
        raise _Invalid(".linked_to.incident_number: required, or incident_id")
    own_id = told.incident_id or ""
    return Link(told.incident_number or place_of_id(own_id), told.relation, own_id)


def _beside_list(body: UpdateBody, facts: dict[str, Any]) -> frozenset[Evidence]:
    """Return the words of a single disposition that the list of them does not have."""
    single = _tidy(body.disposition)
    known = single is None or single in (facts.get("dispositions") or ())
    return frozenset() if known else frozenset({Evidence("dispositions", text=single)})


def _tidy(value: Any) -> Any:
    """Return a value without spaces around its texts; a blank one, or an empty list, says no more than null does."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, tuple):
        return tuple(tidied for item in value if (tidied := _tidy(item)) is not None) or None
    return value


def _plausible(name: str, at: datetime, latest: datetime) -> datetime:
    if not EARLIEST <= at <= latest:
        raise _Invalid(f".{name}: expected between {EARLIEST:%Y-%m-%d} and {latest:%Y-%m-%dT%H:%M:%SZ}")
    return at.astimezone(UTC)


def _read_parties(
    parties: tuple[PartyBody, ...], raw: Raw | None, country: str, others: Mapping[int, frozenset[str]]
) -> dict[str, dict[str, Any]]:
    if raw is None or not parties:
        return {}
    read: dict[str, dict[str, Any]] = {}
    told_of_each = msgspec.json.decode(raw, type=list[dict[str, Raw]])
    for position, (party, told) in enumerate(zip(parties, told_of_each, strict=True)):
        name = party_name(party.party_id)
        if name in read:
            raise _Invalid(f".reporting_parties[{position}].party_id: there twice")
        read[name] = dict(_cleaned(party, told.keys(), country, others.get(position, frozenset())))
    return read


def _cleaned(
    party: PartyBody, told: Collection[str], country: str, others: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    for name in ("role", "contact_kind", "language"):
        if name in told:
            yield name, getattr(party, name)
    phone = None if party.phone is None else clean_phone(party.phone, country)
    email = clean_email(party.email) if party.email else None
    if "phone" in told:
        yield "phone", phone
    if "email" in told:
        yield "email", email
    beside = _beside(party, phone, email, country) | others - {phone and phone.number}
    if beside:
        yield ALSO_AT, tuple(sorted(beside))[:MOST_BESIDE]


def _beside(party: PartyBody, phone: Phone | None, email: str | None, country: str) -> frozenset[str]:
    """Return what can be read in a party's phone and email, and is not the whole of either, as it was cleaned."""
    called, mailed = party.phone or "", party.email or ""
    found = frozenset[str]()
    several = len(called) > MOST_DIGITS and sum(map(str.isdigit, called)) > MOST_DIGITS
    if called and (several or not (phone and phone.number)):
        found |= readable_numbers(called, country)
    if "@" in called or ("@" in mailed and not email):
        found |= readable_emails(f"{called} {mailed}")
    if sum(map(str.isdigit, mailed)) >= FEWEST_DIGITS:
        found |= readable_numbers(mailed, country)
    return found


def _name(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]


def _in_words(problem: Exception) -> str:
    """Return `path: what was expected`, from msgspec's `Expected … - at `$.path``."""
    if isinstance(problem, _Invalid):
        return str(problem)
    if not isinstance(problem, msgspec.ValidationError):
        return ": not an update"
    message, _, path = str(problem).replace("`", "").partition(" - at $")
    missing = re.fullmatch(r"Object missing required field (\w+)", message)
    if missing:
        return f"{path}.{missing[1]}: required"
    if message.startswith("Invalid enum value"):
        return f"{path}: {message}: expected one of {', '.join(ALLOWED.get(_name(path), ()))}"
    return f"{path}: {'Expected printable characters only' if 'matching regex' in message else message}"
