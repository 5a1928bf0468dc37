"""Keys: with which keys vendors post, add one, let it read back, and remove it. A key's secret is shown once."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from msgspec import Struct

from chalicelib.auth import WebhookKey
from chalicelib.domain.ledger.addresses import has_address
from chalicelib.domain.ledger.noted import part
from chalicelib.domain.ledger.what import What
from chalicelib.insight.keys.make import READS_BACK, fresh_key, is_header, shown_secret, ways_of
from chalicelib.insight.keys.ring import KeyRing, KeysChanged, KeyTaken, Ring
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.noting import noted, noted_after
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.wiring import KEYS_FRESH

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LONGEST = 200
MINUTES = KEYS_FRESH.seconds // 60


class Shown(Struct, frozen=True, kw_only=True):
    """A key as the page has it: no secret. `shared` says that other agencies have it, too."""

    name: str
    feed: str
    ways: tuple[str, ...]
    sandbox: bool
    null: str
    reads_until: datetime | None
    shared: bool


class Typed(Struct, frozen=True, kw_only=True):
    """A new key as somebody filled it in."""

    name: str = ""
    feed: str = "cad"
    way: str = "signature"
    header: str = "x-api-key"
    null: str = "takes_back"
    sandbox: bool = False


def keys(visit: Visit) -> Answer:
    """List the agency's keys."""
    return _listed(visit)


def add_key(visit: Visit) -> Answer:
    """Add a key, once it is noted, and show its secret in the answer: it is kept nowhere else for people to read."""
    ring, form = visit.world.key_ring, visit.asked.form
    typed = _typed(visit)
    problem = _problem(visit, typed)
    if ring is None or problem:
        return _listed(visit, problem, typed, 422 if problem else 200)
    made = _made(visit, typed)
    about = f"{part('key', typed.name)}: added"
    try:
        noted(visit, What.KEYS_CHANGED, about, partial(ring.add, made, form.get("version", "")))
    except KeysChanged:
        return _listed(visit, visit.say("keys.changed"), typed, 409)
    except KeyTaken:
        return _listed(visit, visit.say("keys.taken", name=typed.name), typed, 422)
    return page(
        visit,
        "key_made.html",
        title=visit.say("keys.made", name=made.name),
        secret=shown_secret(made),
        way=typed.way,
        feed=made.feed,
        sandbox=typed.sandbox,
        minutes=MINUTES,
    )


def key(visit: Visit) -> Answer:
    """Show one key and what can be done with it, before it is done."""
    name, ring = visit.asked.query.get("name", "")[:_LONGEST], _ring(visit)
    found = next((each for each in _ours(visit, ring) if each.name == name), None) if ring else None
    if ring is None or found is None:
        return _listed(visit, visit.say("keys.gone") if name and ring else "", status=404 if name and ring else 200)
    return page(
        visit,
        "key.html",
        title=visit.say("keys.one", name=found.name),
        key=found,
        version=ring.version,
        minutes=MINUTES,
        days=READS_BACK.days,
    )


def change_key(visit: Visit) -> Answer:
    """Do with a key what was pressed. What it may less is done first; what it may more is noted first."""
    form, ring = visit.asked.form, visit.world.key_ring
    act = choice(form, "act", _ACTS)
    name, seen = form.get("name", "")[:_LONGEST], form.get("version", "")
    known = _ring(visit)
    found = next((each for each in _ours(visit, known) if each.name == name), None) if known else None
    if ring is None or known is None:
        return _listed(visit)
    if found is None:
        return _listed(visit, visit.say("keys.gone"), status=409)
    if found.shared and act != "remove":
        return _listed(visit, visit.say("keys.shared_reading"), status=409)
    try:
        _do(visit, ring, act, found, seen or known.version)
    except KeysChanged:
        return _listed(visit, visit.say("keys.changed"), status=409)
    except KeyTaken:
        return _listed(visit, visit.say("keys.gone"), status=409)
    return moved(visit, visit.agency_path("keys"))


def _do(visit: Visit, ring: KeyRing, act: str, key: Shown, seen: str) -> None:
    about, what = part("key", key.name), What.KEYS_CHANGED
    ours, name = visit.ours.agency_id, key.name
    if act == "remove":
        noted_after(visit, what, f"{about}: removed", partial(ring.leave, name, ours, seen))
    elif act == "unread":
        noted_after(visit, what, f"{about}: may not read back", partial(ring.read_back, name, None, seen))
    else:
        until = visit.now + READS_BACK
        does: Callable[[], None] = partial(ring.read_back, name, until, seen)
        noted(visit, what, f"{about}: may read back for {READS_BACK.days} days", does)


def _listed(visit: Visit, problem: str = "", typed: Typed | None = None, status: int = 200) -> Answer:
    ring = _ring(visit)
    return page(
        visit,
        "keys.html",
        status,
        title=visit.say("keys.title"),
        problem=problem,
        by_command=visit.world.key_ring is None,
        keys=_ours(visit, ring) if ring else None,
        version=ring.version if ring else "",
        typed=typed or Typed(),
        minutes=MINUTES,
        days=READS_BACK.days,
    )


def _ring(visit: Visit) -> Ring | None:
    ring = visit.world.key_ring
    return read_or_none(ring.look, "read the keys of feeds") if ring else None


def _ours(visit: Visit, ring: Ring) -> list[Shown]:
    """Return the agency's own keys, without secrets; those of others are nobody's business here."""
    ours = visit.ours.agency_id
    return [_shown(visit, each, ours) for each in ring.keys if ours in each.posts_to]


def _shown(visit: Visit, key: WebhookKey, ours: str) -> Shown:
    reads = key.received_until if key.received_until and key.received_until > visit.now else None
    return Shown(
        name=key.name,
        feed=key.feed,
        ways=ways_of(key),
        sandbox=ours in key.sandbox,
        null=key.null,
        reads_until=reads,
        shared=bool({*key.posts_to} - {ours}),
    )


def _typed(visit: Visit) -> Typed:
    form = visit.asked.form
    given = {name: form[name].strip()[:_LONGEST] for name in ("name", "feed", "way", "header", "null") if name in form}
    return Typed(**given, sandbox=bool(form.get("sandbox")))


def _problem(visit: Visit, typed: Typed) -> str:
    """Return what is wrong with what somebody typed, or nothing."""
    if not _NAME.fullmatch(typed.name) or has_address(typed.name):
        return visit.say("keys.bad_name")
    if typed.way == "header" and not is_header(typed.header):
        return visit.say("keys.bad_header")
    wrong = [visit.say(label) for name, label, values in _OFFERED if getattr(typed, name) not in values]
    return visit.say("keys.bad_choice", fields=", ".join(wrong)) if wrong else ""


_ACTS = ("remove", "unread", "read")
_WAYS = ("signature", "bearer", "basic", "header")
_OFFERED = (
    ("feed", "keys.of", ("cad", "rms")),
    ("way", "keys.opens", _WAYS),
    ("null", "keys.null", ("takes_back", "silence")),
)
"""Fields that offer something: the name, the label's words, and what they offer."""


def _made(visit: Visit, typed: Typed) -> WebhookKey:
    return fresh_key(
        typed.name,
        "rms" if typed.feed == "rms" else "cad",
        visit.ours.agency_id,
        next(way for way in ("signature", "bearer", "basic", "header") if way == typed.way),
        header_name=typed.header,
        sandbox=typed.sandbox,
        received_until=None if typed.sandbox else visit.now + READS_BACK,
        null="silence" if typed.null == "silence" else "takes_back",
    )
