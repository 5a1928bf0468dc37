"""Every command, and a terminal on which people's words stay words.

`COMMANDS` must name each command that the program has: a new one without a line here fails.
"""

import io
import json
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
import typer.main
from msgspec.structs import replace

from chalicelib.auth import WebhookKey
from chalicelib.aws.stores.mappings import PublishedMapping
from chalicelib.aws.stores.settings import Published
from chalicelib.domain.approval import Proposal, digest
from chalicelib.domain.desk.going_live import GoingLive
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.insight.certify.report import Report
from chalicelib.insight.explain.calls import Call
from chalicelib.insight.explain.story import Explained
from chalicelib.insight.figures.rebuild import Rebuilt
from chalicelib.insight.figures.source import Result
from chalicelib.insight.ledger.line import Line
from chalicelib.insight.ledger.read import Page
from chalicelib.insight.mapping.check import Checked
from chalicelib.insight.people.contact import Standing, Texted
from chalicelib.insight.records.on_request import Held
from chalicelib.insight.records.subject import Person
from chalicelib.insight.settings.calls import NoVersion
from chalicelib.insight.settings.diff import Comparison
from chalicelib.insight.settings.in_force import Unfit
from chalicelib.insight.settings.worklist import Worklist
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.insight.status.read import Status
from chalicelib.insight.surveys import comments
from chalicelib.virtual.extract import Unreadable
from chalicelib.virtual.world import MemoryPorts
from feed.config import Feed, Folder
from feed.folder import FolderFailed
from feed.status import Status as FeedStatus
from tenfour.common.errors import CityFailed
from tenfour.common.paths import AGENCIES, ROOT
from tenfour.main import cli
from tenfour.stack.change import ChangeSet
from tenfour.stack.deploy import Deployed
from tenfour.stack.finding import Finding
from tests.command import tenfour
from tests.factories import NOW, PHONE, agency
from tests.horrors.horrors import ALL, SOUND, acts, squeezed
from tests.horrors.made import made

ANN = "arn:aws:iam::111122223333:user/ann"
OURS = agency(name=ALL, short_name=ALL)
WHY = ("--reason", "request 26-104")
DEMO = AGENCIES / "demo.toml"
MAP = ROOT / "infra" / "maps" / "aegis.toml"
WIDE = 6_000
"""Columns of the terminal: no word is broken, so that it can be looked for."""

SAYS_NOTHING_OF_OTHERS = {("keys", "show"), ("package",), ("lake", "document"), ("feed", "run")} | {
    ("contact", "protect", word) for word in ("put", "take-off", "list")
}
"""What these print is ours alone. They are tried by what they refuse."""


def commands(command, name=()):
    for sub, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*name, sub))
    if not hasattr(command, "commands"):
        yield name


def takes_json(name):
    command = typer.main.get_command(cli)
    for part in name:
        command = command.commands[part]
    return any("--json" in option.opts and option.is_flag for option in command.params)


class Horrid:
    """A stack that answers with horrors whatever it is asked for."""

    caller = ANN

    def __init__(self):
        memory = MemoryPorts(OURS)
        self.contacts, self.incidents = memory.contacts, memory.incidents
        self.settings = SimpleNamespace(
            agency=lambda _: OURS,
            agencies=lambda: ["springfield"],
            history=lambda _: [replace(made(Published, agency=OURS), comment=horror) for horror in SOUND],
        )
        self.mappings = SimpleNamespace(
            published=lambda _: [made(PublishedMapping, words) for words in SOUND], publish=lambda *_: 3
        )
        self.surveys = SimpleNamespace(keep_card=raising(ERROR))
        self.lake, self.chance, self.ledger = None, lambda: bytes(16), memory.ledger

    def changes(self, unreadable):
        unreadable(ALL)
        return ()


class Lake:
    def query(self, _sql):
        names = ("id", "asked_on", "about", "language", "comment", "state", "agency_id")
        return Result(names, tuple((*(horror,) * 6, "springfield") for horror in SOUND))


@contextmanager
def lake(*_):
    yield Lake()


def proposal(*_more, **_named):
    return made(Proposal)


def raising(problem):
    def refuse(*_more, **_named):
        raise problem

    return refuse


def giving(value):
    return lambda *_more, **_named: value


def listed(kind, **given):
    return [made(kind, horror, **given) for horror in SOUND]


def deploying(place, wanted, talk):
    talk.found(made(Finding))
    talk.agree(made(ChangeSet))
    talk.tell(ALL)
    return made(Deployed, address="https://x.example")


RING = SimpleNamespace(read=giving(listed(WebhookKey)), add=giving(None), remove=giving(None), read_back=giving(None))
PLACE = SimpleNamespace(stack=ALL, account=ALL, region=ALL)
FEED = made(Feed, view=None, http=None, eido=None, folder=Folder(path="."))
ERROR = CityFailed(ALL)
HASH = digest(made(Proposal).act)[:12]

COMMANDS = {
    ("deploy",): (
        ["--yes"],
        {
            "tenfour.stack.place.open_place": giving(PLACE),
            "tenfour.stack.deploy.agencies_of": giving(()),
            "tenfour.stack.deploy.send_by_twilio": giving(False),
            "tenfour.stack.package.package": giving(None),
            "tenfour.stack.deploy.Wanted": giving(None),
            "tenfour.stack.deploy.deploy": deploying,
        },
    ),
    ("package",): (
        ["--out", ALL[:40].replace("\0", "").replace("/", "")],
        {"tenfour.stack.package.package": raising(OSError(ALL))},
    ),
    ("destroy",): (
        ["--yes"],
        {"tenfour.stack.place.open_place": giving(PLACE), "tenfour.stack.destroy.keepers": raising(ERROR)},
    ),
    ("approve",): (
        [HASH, "--yes"],
        {
            "chalicelib.insight.approval.ledger.find": proposal,
            "chalicelib.insight.approval.approve.words_of": giving(ALL),
            "tenfour.commands.approve.second_person": giving(ANN),
            "chalicelib.insight.approval.approve.ready": giving(None),
            "chalicelib.insight.approval.approve.approve": giving(ALL),
        },
    ),
    ("status",): ([], {"chalicelib.insight.status.read.read": giving(made(Status))}),
    ("explain",): (
        ["P26-1"],
        {
            "chalicelib.insight.explain.read.read": giving((made(Explained), OURS.zone)),
            "chalicelib.insight.explain.calls.named": giving(listed(Call)[:1]),
        },
    ),
    ("certify",): (["{demo}"], {"tenfour.certify.run.recorded": giving(made(Report))}),
    ("shadow-report",): (
        ["--generate", "3", "--settings", "{demo}", "--out", "{folder}"],
        {
            "tenfour.rehearse.shadow_make.find": giving(SimpleNamespace(agency=OURS, unreadable=listed(Unreadable))),
            "chalicelib.insight.shadow.past.report": giving(made(ShadowReport, hours=tuple(range(24)))),
        },
    ),
    ("going-live",): ([], {"chalicelib.insight.going_live.read": giving(made(GoingLive))}),
    ("replay",): (
        ["{demo}", "--columns", "{demo}"],
        {
            "tenfour.rehearse.replay.load_map": giving(None),
            "tenfour.rehearse.replay._settings": giving(OURS),
            "tenfour.rehearse.replay._read": giving(([], listed(Unreadable))),
        },
    ),
    ("hold",): (["--list"], {"chalicelib.insight.records.on_request.holds": giving(listed(Held))}),
    ("report",): (["--quarter", "2026Q3"], {"tenfour.figures.report.make": raising(ValueError(ALL))}),
    ("query",): (
        ["comments_unreleased"],
        {
            "tenfour.figures.source.opened": lake,
        },
    ),
    ("settings", "check"): (["{horrid}"], {}),
    ("settings", "preview"): (["{demo}"], {"tenfour.commands.settings.settings_in": giving(OURS)}),
    ("settings", "diff"): (
        ["1"],
        {
            "chalicelib.insight.settings.calls.side": giving(OURS),
            "tenfour.settings.diff_show.told": giving([]),
            "tenfour.settings.diff_show.compare": giving(made(Comparison)),
        },
    ),
    ("settings", "judge"): (
        ["{demo}", "--by", ALL, "--by", "B"],
        {"tenfour.settings.judging.waiting": giving(made(Worklist))},
    ),
    ("settings", "publish"): (
        ["{demo}", "--comment", "x"],
        {"chalicelib.insight.approval.publishing.publish": proposal},
    ),
    ("settings", "history"): ([], {}),
    ("settings", "rollback"): (["1", "--comment", "x"], {"chalicelib.insight.approval.publishing.rollback": proposal}),
    ("settings", "restore"): (
        ["1", "--yes"],
        {"chalicelib.insight.drafts.restore.restorable": raising(NoVersion(ALL))},
    ),
    ("settings", "pause"): (["--type", ALL], {"chalicelib.insight.settings.in_force.must_exist": raising(Unfit(ALL))}),
    ("settings", "resume"): (["--type", ALL], {"chalicelib.insight.settings.in_force.resume": giving((made(Pause),))}),
    ("settings", "release"): (
        ["P26-1", "--what", "sensitive", *WHY],
        {"chalicelib.insight.approval.releasing.release": proposal},
    ),
    ("keys", "list"): ([], {"tenfour.commands.keys._ring": giving(RING)}),
    ("keys", "add"): ([ALL], {"tenfour.commands.keys._ring": giving(RING)}),
    ("keys", "show"): (["no key"], {"tenfour.commands.keys._ring": giving(RING)}),
    ("keys", "read-back"): ([ALL], {"tenfour.commands.keys._ring": giving(RING)}),
    ("keys", "remove"): ([ALL], {"tenfour.commands.keys._ring": giving(RING)}),
    ("mapping", "check"): (
        ["{map}", "--sample", "{demo}"],
        {"chalicelib.insight.mapping.check.check": giving(made(Checked))},
    ),
    ("mapping", "publish"): (["{map}", "--comment", "x", "--name", ALL], {}),
    ("mapping", "list"): ([], {}),
    ("feed", "run"): (["{demo}"], {}),
    ("feed", "check"): (
        ["{demo}"],
        {
            "feed.look.read_feed": giving(FEED),
            "feed.look.load_mapper": giving(SimpleNamespace(mapping=SimpleNamespace(paths=()))),
            "feed.look.secret_of": giving(b""),
            "feed.look.losses": giving(tuple(SOUND)),
            "feed.look._of_folder": raising(FolderFailed(ALL)),
            "feed.look.Post": giving(
                SimpleNamespace(
                    skew=timedelta(0), beat=giving(SimpleNamespace(is_success=False, status_code=403, text=ALL))
                )
            ),
        },
    ),
    ("feed", "status"): (
        ["{demo}"],
        {
            "feed.config.read_feed": giving(SimpleNamespace(state="x")),
            "feed.status.status": giving(made(FeedStatus, asides=tuple((NOW, horror, horror) for horror in SOUND))),
        },
    ),
    ("contact", "opt-out"): (
        [PHONE, *WHY],
        {"chalicelib.insight.people.contact.opt_out": giving((ALL, OptOutScope.ALL))},
    ),
    ("contact", "opt-in"): ([PHONE, *WHY], {"chalicelib.insight.people.contact.opt_in": giving(ALL)}),
    ("contact", "show"): ([PHONE], {"chalicelib.insight.people.contact.show": giving(made(Standing))}),
    ("contact", "replies"): ([], {"chalicelib.insight.people.contact.replies": giving(listed(Texted))}),
    ("contact", "protect", "put"): ([PHONE, *WHY], {}),
    ("contact", "protect", "take-off"): ([PHONE, *WHY], {}),
    ("contact", "protect", "list"): ([], {}),
    ("contact", "reconcile"): (
        ["--list", ALL],
        {
            "tenfour.commands.contact._messaging": giving(None),
            "chalicelib.insight.records.reconcile.reconcile": raising(ERROR),
        },
    ),
    ("survey", "card"): (["--out", "{folder}", "--label", "x"], {}),
    ("survey", "follow-ups", "list"): ([], {"chalicelib.insight.surveys.follow_ups.listed": giving(listed(FollowUp))}),
    ("survey", "follow-ups", "answer"): (
        [ALL, "--note", "x"],
        {"chalicelib.insight.surveys.follow_ups.answer": giving(None)},
    ),
    ("survey", "comments", "list"): ([], {"tenfour.figures.source.opened": lake}),
    ("survey", "comments", "release"): (
        ["x"],
        {
            "tenfour.figures.source.opened": lake,
            "chalicelib.insight.surveys.comments.release": raising(comments.MayName(ALL)),
        },
    ),
    ("survey", "comments", "hold"): (
        ["x"],
        {
            "tenfour.figures.source.opened": lake,
            "chalicelib.insight.surveys.comments.hold": raising(comments.UnknownComment(ALL)),
        },
    ),
    ("records", "export"): (
        ["P26-1", *WHY, "--out", "{out}"],
        {"chalicelib.insight.records.on_request.export_incident": raising(ERROR)},
    ),
    ("records", "audit"): ([], {"tenfour.commands.records.read": giving(Page(tuple(listed(Line)), ALL))}),
    ("records", "purge"): (
        ["--from", "2026-01-01", "--to", "2026-01-31", *WHY],
        {"chalicelib.insight.approval.purging.propose_purge": proposal},
    ),
    ("records", "index"): ([], {"chalicelib.insight.records.index.index": raising(ERROR)}),
    ("person", "export"): (
        [PHONE, *WHY, "--out", "{out}"],
        {
            "tenfour.commands.person.found_person": giving(Person(OURS, ALL, ALL)),
            "chalicelib.insight.records.on_request.export": giving({"incidents": SOUND}),
        },
    ),
    ("person", "erase"): (
        [PHONE, *WHY],
        {
            "tenfour.commands.person.found_person": giving(Person(OURS, ALL, ALL)),
            "chalicelib.insight.approval.erasing.propose_erasure": proposal,
        },
    ),
    ("lake", "rebuild"): (
        ["2026-11-20"],
        {
            "chalicelib.insight.figures.rebuild.check": giving(None),
            "chalicelib.insight.figures.rebuild.rebuild": giving(listed(Rebuilt)),
        },
    ),
    ("lake", "document"): ([], {"tenfour.figures.document.write": giving([])}),
}


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a command against the stack of horrors, with whatever else it takes."""
    horrid = tmp_path / "horrid.toml"
    horrid.write_text(
        "".join(f"{toml(horror)} = {toml(horror)}\n" for horror in dict.fromkeys(SOUND)), encoding="utf-8"
    )
    places = {"demo": DEMO, "map": MAP, "horrid": horrid, "out": tmp_path / "out.json", "folder": tmp_path}

    def run_it(name, more=()):
        words, patches = COMMANDS[name]
        stack = Horrid()
        monkeypatch.setenv("COLUMNS", str(WIDE))
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        for target in ("tenfour.common.reach.reach", "tenfour.common.reached.reach"):
            monkeypatch.setattr(target, giving(stack))
        for target in ("tenfour.common.reach.which_agency", "tenfour.common.reached.which_agency"):
            monkeypatch.setattr(target, giving(OURS))
        monkeypatch.setattr("tenfour.commands.approve.which_agency_id", giving("springfield"))
        monkeypatch.setattr("chalicelib.insight.status.read.ringing_alarms", giving(SOUND))
        monkeypatch.setattr("tenfour.common.account.boto3.client", giving(None))
        for target, value in patches.items():
            monkeypatch.setattr(target, value)
        done = tenfour(*name, *(places.get(word.strip("{}"), word) for word in words), *more)
        return done.stdout + done.stderr

    return run_it


def toml(words):
    """Return a text as TOML writes one."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def test_every_command_is_here():
    assert COMMANDS.keys() == set(commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_a_command_prints_text_and_nothing_that_acts(run, name):
    said = run(name)

    assert acts(said) == []
    said.encode()
    if name not in SAYS_NOTHING_OF_OTHERS:
        assert "[/bold]" in squeezed(said), said[:2000]


def test_the_calls_of_a_phone_are_printed_as_text(run, monkeypatch):
    words, patches = COMMANDS["explain",]
    several = {**patches, "chalicelib.insight.explain.calls.named": giving(listed(Call))}
    monkeypatch.setitem(COMMANDS, ("explain",), (words, several))

    said = run(("explain",))

    assert acts(said) == []
    assert "[/bold]" in said


AS_JSON = [name for name in COMMANDS if takes_json(name)]


@pytest.mark.parametrize("name", AS_JSON, ids=" ".join)
def test_json_says_all_and_acts_on_no_terminal(run, name):
    said = run(name, ("--json",))

    assert acts(said) == []
