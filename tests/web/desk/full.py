"""A desk with something on every page of it, and a picture of all that it stores."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import BuiltinFunctionType, FunctionType, MethodType

from msgspec import Struct, json
from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, digest, step
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.drafts import approved, asked, begun, scheduled
from chalicelib.domain.desk.jobs import Part
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.scenarios import Kept
from chalicelib.domain.desk.signed import Signed
from chalicelib.domain.desk.to_sign import campaign
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.silenced import ByHand
from chalicelib.domain.settings.watchers import Watchers
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.approval.publishing import publish
from chalicelib.insight.approval.releasing import release
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.keys.make import fresh_key
from chalicelib.insight.results.report import job_of, written
from chalicelib.insight.settings.written import as_toml
from tests.factories import OTHER_PHONE, PHONE, agency, caller, judged
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.insight.inside import figures
from tests.web.desk.judging import comes, strict, value
from tests.web.desk.surveyed import ALLEGES, IN_DANGER, PRAISES, WISHES, answered, proposes, wrote
from tests.web.desk.test_conversations import hear
from tests.web.desk.world import DeskWorld, key, story

EMAIL = "ana.ortiz@people.example"
ANN = Author("desk:id.springfield.example:ann", "Ann Lead")
REACHED = {"non_emergency": "303-555-0142", "sms_from": "+13035550143"}
"""Numbers other than the starter's, which the check refuses."""

AT_TERMINAL = Author("arn:aws:iam::111122223333:user/lead")
BOB = Author("desk:id.springfield.example:bob", "Bob Second")
NUISANCE, DRAFTED = value("NUISANCE", "nuisance"), value("BARKING", "barking dog")
SCENARIO = Kept(
    name="a-call",
    title="A call about noise gets its text",
    text='title = "A call about noise gets its text"\nwhy = "it must"\nexpect = []\n[[steps]]\nat = "0m"\ncall = {}\n',
    by=ANN,
    at=datetime(2026, 11, 20, 16, 0, tzinfo=UTC),
)
_PASSING = (FunctionType, BuiltinFunctionType, MethodType, type)


def full_desk(monkeypatch):
    """Return a desk with calls, a crowd, a latch, a pause, a reply, drafts, keys, proposals and what waits."""
    world = DeskWorld()
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    ours = replace(
        world.settings.agency("springfield"),
        conversation=RULES,
        watchers={Cause.DANGER: Watchers(first="+13035550140", second="duty@pd.example"), **WATCHED},
    )
    world.settings._port._agencies["springfield"] = world.city.agency = ours
    answered(world, "P26-6", WISHES, phone="+13035550160")
    answered(world, "P26-7", ALLEGES, phone="+13035550161")
    answered(world, "P26-8", IN_DANGER, phone="+13035550162")
    answered(world, "P26-9", PRAISES, "5", phone="+13035550163")
    story(world, "P26-1", parties={"1": caller(PHONE, email=EMAIL)})
    story(world, "P26-2", minutes=1, parties={str(n): caller(f"+1303555{150 + n:04}") for n in range(6)})
    story(world, "P26-3", minutes=2, parties={"1": caller(OTHER_PHONE)}, latches=frozenset({Latch.JUVENILE}))
    story(world, "P26-5", minutes=2, parties={"1": caller(OTHER_PHONE)}, latches=frozenset({Latch.JUVENILE}))
    story(world, "P26-4", minutes=0, parties={"1": caller(OTHER_PHONE)})
    release(world, key("P26-3"), "juvenile", "", ANN, "told by mistake", world.now)
    proposes(world, wrote(world, PRAISES), ANN)
    hear(world)
    strict(world, judged("incident_type", "NOISE", "noise", "dull"))
    comes(world, NUISANCE, calls=2)
    comes(world, DRAFTED, calls=1)
    world.judging.draft(
        "springfield", Draft(item=DRAFTED, meaning="barking dog", verdict="dull", judge=ANN, at=world.now)
    )
    drafted(world)
    signed(world)
    world.scenarios.keep("springfield", SCENARIO)
    reported(world)
    world.key_ring.add(fresh_key("cad-1", "cad", "springfield"))
    world.settings._port.pauses = (Pause(of="beat", which="7", author="R. Lead", reason="storm", at=world.now),)
    waits = Waiting(agency_id="springfield", cause=Cause.DANGER, about="a1", since=world.now, incident_number="P26-1")
    world.attention.note("springfield", Attention((waits,)))
    until = world.now + timedelta(days=7)
    other = world.contacts.reference(OTHER_PHONE)
    world.contacts.silence_person("springfield", other, ByHand(until=until, author="x", at=world.now, reason=""))
    return world


def drafted(world):
    """Let Ann and others have drafts: one that is written, one to review, one that is approved and one with a time."""
    known, now = world.settings.agency("springfield"), world.now
    said = replace(RULES, not_read={**RULES.not_read, "es": "{{ agency }}: aún no. Emergencia: 911."})
    present = replace(known, numbers=replace(known.numbers, **REACHED), conversation=said)
    world.settings._port._agencies["springfield"] = world.city.agency = present
    for name in ("written", "asked", "approved", "scheduled", "narrow"):
        change = {"mass_call": present.mass_call - 1} if name == "narrow" else {"short_name": f"PD {name}"}
        text = world.drafts.keep_text("springfield", _written(replace(present, **change)), now)
        one = begun(f"drafts{name[:4]}", text, f"draft {name}", present.version, ANN, now)
        if name in ("asked", "approved", "scheduled"):
            proposal = Proposal(act=_act(present, one), by=ANN.by, at=now, reason=one.comment, name=ANN.name)
            propose(world, proposal)
            one = asked(one, ANN, now, digest(proposal.act), now)
        if name in ("approved", "scheduled"):
            world.ledger.keep(step(proposal, "approved", BOB, now))
            one = approved(one, BOB, text, present.version, now, digest(proposal.act), now)
        if name == "scheduled":
            one = scheduled(one, text, now + timedelta(hours=9), present.version, now)
        world.drafts.write("springfield", one)
    louder = replace(present, mass_call=present.mass_call + 1)
    publish(world, louder, AT_TERMINAL, "louder", now, _written(louder))


def _written(agency, known={}):  # noqa: B006  remembered from desk to desk: it is most of what one costs to make
    """Return settings as TOML."""
    name = repr(agency)
    if name not in known:
        known[name] = as_toml(agency)
    return known[name]


@cache
def texts():
    """Return a report's text by language, as a job keeps it: most of what one costs is made once."""
    told = figures()
    return {language: written(compose(told, agency(), language, told.today)) for language in ("en", "es")}


def reported(world):
    """Let Ann have had the report of the newest settled quarter made."""
    job = job_of(Quarter(2026, 3), ANN, world.now)
    world.jobs.keep("springfield", replace(job, sent=True))
    result = json.encode(texts()).decode()
    world.jobs.end("springfield", job, Part(chunk="document", asked_at=job.asked_at), result)


def signed(world):
    """Let Ann have signed that a kind's campaign is registered."""
    one = campaign(world.settings.agency("springfield"), Kind.ACKNOWLEDGMENT)
    world.signed.write("springfield", Signed(name=one.name, of=one.of, by=ANN, at=world.now))


def _act(present, draft):
    words = {"comment": draft.comment, "draft": draft.id, "authors": ANN.by, "source": draft.text}
    return Act(agency_id="springfield", what="publish", words=words, of=str(present.version), ends=("words",))


def stored(world, *, without=("entries", "_searches", "calls", "_calls", "keep_all")):
    """Return a picture of all that is stored, but for the ledger's lines, counts and what was asked of ports."""
    parts = {
        "ports": world.city.ports,
        "judging": world.judging._port,
        "drafts": world.drafts._port,
        "jobs": world.jobs._port,
        "work": world.work,
        "signed": world.signed._port,
        "reports": world.reports._port,
        "scenarios": world.scenarios._port,
        "secrets": world.secrets,
        "reveals": world.archive.reveals,
        "book": world.ledger.book.entries,
    }
    return _picture(parts, frozenset(without), set())


def _picture(one, without, seen):
    if isinstance(one, Struct | Enum) or one is None or isinstance(one, str | bytes | int | float):
        return repr(one)
    if isinstance(one, _PASSING):
        return getattr(one, "__qualname__", "")
    if id(one) in seen:
        return "seen"
    seen = seen | {id(one)}
    if isinstance(one, dict):
        return sorted(
            (repr(name), repr(_picture(value, without, seen))) for name, value in one.items() if name not in without
        )
    if isinstance(one, set | frozenset):
        return sorted(map(repr, one))
    if isinstance(one, list | tuple):
        return [_picture(value, without, seen) for value in one]
    inside = getattr(one, "__dict__", None)
    return [type(one).__name__, _picture(inside, without, seen)] if inside else type(one).__name__
