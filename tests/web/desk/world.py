"""A desk over memory: its ports, people of every role, and a browser that is only words."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

from botocore.exceptions import ClientError, EndpointConnectionError
from chalice.app import Request
from msgspec.structs import replace

from chalicelib.aws.document import encode
from chalicelib.aws.stores.history import Heard, Story
from chalicelib.aws.stores.settings import Published
from chalicelib.domain.desk.jobs import as_work
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.session import Session
from chalicelib.domain.ledger.noted import check
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.source import alike, text_digest
from chalicelib.domain.surveys.name_words import Lexicon
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.desk.jobs import work_on
from chalicelib.insight.keys.ring import KeyRing
from chalicelib.ports.desk import ProviderDown
from chalicelib.ports.errors import Conflict, NotNoted
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.drafts import MemoryDrafts
from chalicelib.virtual.jobs import MemoryJobs
from chalicelib.virtual.judging import MemoryJudging
from chalicelib.virtual.ledger import MemoryLedger
from chalicelib.virtual.provider import ISSUER, MemoryProvider
from chalicelib.virtual.reports import MemoryReports
from chalicelib.virtual.scenarios import MemoryScenarios
from chalicelib.virtual.signed import MemorySigned
from chalicelib.virtual.world import MemorySettings
from chalicelib.web.desk import cookies, door
from tenfour.figures.local import LocalLake
from tests.factories import agency, call

HOST = "desk.springfield.example"
ROLES = {f"tenfour-{role}": (role,) for role in Role}
SPRINGFIELD = agency(name="Springfield Police Department", desk=Desk(roles=ROLES))
SHELBYVILLE = replace(
    agency(agency_id="shelbyville", name="Shelbyville Police", short_name="Shelbyville PD"),
    desk=Desk(roles={f"other-{role}": (role,) for role in Role}),
)
ORDINARY = "officer was kind and helpful thank you please call me back it is about the report they were slow to tell"
LEXICON = Lexicon(frozenset({"ruiz"}), frozenset(ORDINARY.split()))
AGENCIES = (SPRINGFIELD, SHELBYVILLE)


class DeskSettings(MemorySettings):
    """Settings with what the desk alone asks for."""

    def signed(self, agency_id, number):
        for one in self.kept:
            if (one.agency.agency_id, one.agency.version) == (agency_id, number):
                return one.author, one.at
        return ("D. Okafor", datetime(2026, 11, 20, 16, 2, tzinfo=UTC))

    def history(self, agency_id, most=None, until=10**8):
        """Return what was published, newest first; the first version is as old as the desk."""
        kept = [one for one in reversed(self.kept) if one.agency.agency_id == agency_id]
        there = [one for one in kept if one.agency.version <= until]
        return iter(there[:most])

    def latest(self, agency_id):
        return self.agency(agency_id)

    def version(self, agency_id, number):
        known = self.agency(agency_id)
        return known if known and known.version == number else super().version(agency_id, number)

    def propose(self, agency, source=""):
        words = {"document": encode(replace(agency, version=0)), "judgements": agency.judgements.digest}
        digest = text_digest(source) if source else ""
        self.texts, self.kept_proposals = {**self.texts, digest: source}, {**self.kept_proposals, str(words): agency}
        return {**words, "source": digest} if source else words

    def proposed(self, agency_id, words):
        return self.kept_proposals[str({name: words[name] for name in ("document", "judgements")})]

    def source(self, agency_id, number):
        return self.sources.get((agency_id, number), "")

    def source_named(self, agency_id, digest):
        return self.texts.get(digest, "")

    def publish(self, agency, author="", comment="", at=None, *, over=None, entries=(), source=""):
        before = self.agency(agency.agency_id)
        if over not in (None, before.version):
            raise Conflict
        if entries:
            self.book.keep_all(entries)
        published = replace(agency, version=before.version + 1)
        super().publish(published)
        self.published = (*self.published, (author, comment, tuple(entries)))
        self.kept = (*self.kept, Published(published, author, comment, at))
        known = self.sources.get((agency.agency_id, before.version), "") if alike(before, agency) else ""
        self.sources = {**self.sources, (agency.agency_id, published.version): source or known}
        return published

    published = kept = ()
    sources, texts, kept_proposals = ({} for _ in range(3))
    book = None

    def pause(self, agency_id, pause):
        self.pauses = (*(one for one in self.pauses if (one.of, one.which) != (pause.of, pause.which)), pause)

    def resume(self, agency_id, of, which, at=None):
        left = tuple(one for one in self.pauses if (one.of, one.which) != (of, which) or at not in (None, one.at))
        stood, self.pauses = left != self.pauses, left
        return stood

    def hold(self, agency_id, keyed_hash, hold):
        others = {name: each for name, each in self.under_hold.items() if name != keyed_hash}
        self.under_hold = {**others, keyed_hash: hold} if hold else others


class Kept:
    """A ledger that keeps what it is given, or is down."""

    def __init__(self, calls, book) -> None:
        self.entries, self.down, self._calls, self.book = [], False, calls, book

    def note(self, *noted):
        self._calls["ledger.note"] += 1
        if self.down:
            raise NotNoted
        for one in noted:
            check(one)
        self.entries.extend(noted)

    def keep(self, entry):
        self._calls["ledger.keep"] += 1
        if self.down:
            raise NotNoted
        self.book.keep(entry)

    def since(self, agency_id, at):
        self._calls["ledger.since"] += 1
        return self.book.since(agency_id, at)

    @property
    def steps(self):
        """Return the steps of acts that take two people."""
        return [(one.step, one.act.what) for one in self.book.entries]

    def noted(self, *asked, **more):
        self._calls["ledger.noted"] += 1
        memory = MemoryLedger()
        memory.notes = self.entries
        return memory.noted(*asked, **more)

    def proposed_between(self, *asked):
        self._calls["ledger.proposed_between"] += 1
        return iter(())

    @property
    def said(self):
        return [(one.what, one.about) for one in self.entries]


class Audited:
    """A book of what was done with records, in which nothing was done."""

    def audits(self, *asked):
        return iter(())

    def contact_items(self, *asked):
        return iter(())

    def keep_replies(self, *asked):
        pass

    def keep_rest(self, *asked):
        pass

    def keep_rejected(self, *asked):
        pass


class Sent:
    """What feeds sent and nobody could take, and the mappings that are in force."""

    def __init__(self) -> None:
        self.errors, self.mappings = [], []

    def newest_errors(self, agency_id, most):
        return iter(self.errors[:most])

    def in_force(self, agency_id):
        return iter(self.mappings)


class MemorySecrets:
    """Secrets Manager with one secret, whose versions and labels behave as AWS documents it."""

    def __init__(self) -> None:
        self.versions, self.current, self.down = {"v1": '{"webhook_keys": []}'}, "v1", False

    def get_secret_value(self, **_said):
        if self.down:
            raise EndpointConnectionError(endpoint_url="https://secrets.example")
        return {"SecretString": self.versions[self.current], "VersionId": self.current}

    def put_secret_value(self, **said):
        assert said["VersionStages"] != ["AWSCURRENT"]
        version = f"v{len(self.versions) + 1}"
        self.versions[version] = said["SecretString"]
        return {"VersionId": version}

    def update_secret_version_stage(self, **said):
        if self.current != said["RemoveFromVersionId"]:
            told = {"Error": {"Code": "InvalidParameterException", "Message": "attached to another version"}}
            raise ClientError(told, "UpdateSecretVersionStage")
        self.current = said["MoveToVersionId"]


class Counted:
    """A port that counts what it is asked."""

    def __init__(self, port, name, calls) -> None:
        self._port, self._name, self._calls = port, name, calls

    def __getattr__(self, name):
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def counted(*args, **kwargs):
            self._calls[f"{self._name}.{name}"] += 1
            return found(*args, **kwargs)

        return counted


class Archive:
    """Incidents with the stories that memory does not keep."""

    def __init__(self, incidents) -> None:
        self._incidents, self.heard, self.reveals = incidents, {}, {}

    def __getattr__(self, name):
        return getattr(self._incidents, name)

    def heard_of(self, key):
        return self.heard.get(key, [])

    def story(self, key):
        return Story(record=self._incidents.load(key), heard=tuple(self.heard.get(key, ())))

    def note_reveal(self, key, reveal, keep_until):
        self.reveals.setdefault(key, []).append(reveal)


@cache
def answered(folder, sql):
    """Return what a folder that stays as it is answers: many tests ask one lake the same."""
    return LocalLake(folder).query(sql)


class Lake:
    """A lake on this machine that counts what it is asked; empty until a test has written a folder and says so."""

    def __init__(self) -> None:
        self.folder, self.asked = Path("/nowhere"), []

    def holds(self, folder):
        self.folder = folder

    def query(self, sql):
        self.asked.append(sql)
        return answered(self.folder, sql)

    def queries(self, sqls):
        return [self.query(sql) for sql in sqls]


class Provider(MemoryProvider):
    """An identity provider that may be down."""

    down = False

    def describe(self):
        if self.down:
            raise ProviderDown("no answer")
        return super().describe()


class DeskWorld:
    """The world as the desk sees it."""

    def __init__(self, *agencies) -> None:
        agencies = agencies or AGENCIES
        self.city = VirtualCity(agencies[0])
        ports = self.city.ports
        ports.settings.__class__ = DeskSettings
        ports.settings.book = ports.book
        ports.settings._agencies.update({one.agency_id: one for one in agencies})
        self.calls = Counter()
        self.settings = Counted(ports.settings, "settings", self.calls)
        self.archive = Archive(ports.incidents)
        self.incidents = Counted(self.archive, "incidents", self.calls)
        self.attention = Counted(ports.attention, "attention", self.calls)
        self.recent = Counted(ports.recent, "recent", self.calls)
        self.sessions = Counted(ports.sessions, "sessions", self.calls)
        self.drafts = Counted(MemoryDrafts(), "drafts", self.calls)
        self.jobs, self.work = Counted(MemoryJobs(lambda: self.now), "jobs", self.calls), []
        self.scenarios = Counted(MemoryScenarios(), "scenarios", self.calls)
        self.reports = Counted(MemoryReports(), "reports", self.calls)
        self.signed = Counted(MemorySigned(), "signed", self.calls)
        self.judging = Counted(MemoryJudging(), "judging", self.calls)
        self.follow_ups = Counted(ports.follow_ups, "follow_ups", self.calls)
        self.comments = Counted(ports.comments, "comments", self.calls)
        self.contacts = Counted(ports.contacts, "contacts", self.calls)
        self.surveys, self.survey_secret = ports.surveys, ports.survey_secret
        self.lake_source = Lake()
        self.sent = self.rejects = self.mappings = Sent()
        self.secrets = MemorySecrets()
        self.key_ring = KeyRing(self.secrets, "webhook-keys")
        self.ledger, self.desk_provider, self.records = Kept(self.calls, ports.book), Provider(), Audited()
        self.conversations = Counted(ports.conversations, "conversations", self.calls)
        self.own_texts, self.code_secret = Counted(ports.own_texts, "own_texts", self.calls), ports.code_secret
        self.senders, self.queue, self.words = ports.senders, ports.queue, ports.words
        self.config = SimpleNamespace(desk_domain=HOST)
        self.now = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
        self.searchable = SimpleNamespace(since=lambda _: self.now)
        self.lexicon = LEXICON
        self.chance, self.back_off, self.measure = ports.chance, ports.back_off, ports.measure

    def leave_work(self, work):
        """Keep a chunk of a job, as the queue does."""
        self.work.append(as_work(work))

    def do_work(self, tries=1):
        """Let the desk's function do all that waits, and return what became of it."""
        waits, self.work = self.work, []
        return [work_on(self, body, tries) for body in waits]

    def signed_in(self, *roles, where="tenfour", cookie=None, agencies=(), **changes):
        """Return the cookie of somebody with these roles, whose session is open."""
        cookie = cookie or f"cookie-{where}-{'-'.join(roles) or 'nobody'}"
        session = Session(
            hash=hashed(cookie),
            issuer=ISSUER,
            subject=f"subject-{'-'.join(roles)}",
            name="Dana Ruiz",
            groups={"roles": tuple(f"{where}-{role}" for role in roles)},
            began_at=self.now,
            acted_at=self.now,
            signed_in_at=self.now,
        )
        self.sessions.open(replace(session, **changes), self.now + timedelta(hours=12), agencies)
        return cookie


def request(method, path, *, cookie="", query=None, form=None, headers=None, prefix=""):
    """Return a request as API Gateway hands it over."""
    parts = [part for part in path.removeprefix("/desk").split("/") if part]
    names = ("first", "second", "third")
    given = {"host": HOST, **({"cookie": f"{cookies.SESSION}={cookie}"} if cookie else {})}
    if method == "POST":
        given |= {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    given = {name: value for name, value in {**given, **(headers or {})}.items() if value is not None}
    return Request(
        {
            "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
            "headers": given,
            "pathParameters": dict(zip(names, parts, strict=False)) or None,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": "/".join(["/desk", *(f"{{{name}}}" for name in names[: len(parts)])]),
                "path": f"{prefix}{path}",
            },
            "body": urlencode(form or {}) if method == "POST" else None,
            "stageVariables": None,
        }
    )


def asked(world, method, path, **more):
    """Return the desk's answer to a request."""
    return door.answer(request(method, path, **more), lambda: world)


def story(world, number="P26-1", call_type="NOISE", minutes=30, **more):
    """Let dispatch tell of a call some minutes ago, and the city live until now."""
    at = world.now - timedelta(minutes=minutes)
    told = call(call_type, at=at, incident_number=number, **more)
    world.archive.heard[IncidentKey("springfield", number)] = [Heard(at, "webhook-1", (told,))]
    world.city.ports.tell_time(at)
    receive_updates([told], told.update_id, world.city.agency, world.city.ports, at)
    world.city.run_until(world.now)


def key(number):
    """Return where a call of Springfield's is."""
    return IncidentKey("springfield", number)
