"""Commands write the ledger: what widens is not done without it, and a brake never waits for it."""

import re
from contextlib import nullcontext

import pytest
from msgspec.structs import replace

from chalicelib.auth import WebhookKey
from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.insight.explain.calls import Call
from chalicelib.insight.records.reconcile import Differences, Listed
from chalicelib.ports.errors import NotNoted
from chalicelib.virtual.ledger import MemoryLedger
from chalicelib.virtual.world import MemoryPorts
from tenfour.common.paths import AGENCIES, ROOT
from tests.command import tenfour
from tests.factories import NOW, PHONE, agency

ANN = "arn:aws:iam::111122223333:user/ann"
KEY = WebhookKey(name="springfield-cad-1", feed="cad", agencies=("springfield",), secret="whsec_eA==")
CALL = Call(incident_number="P26-1", key="P26-1", received_at=None, incident_type="", beat="", went=0)
WHY = ("--reason", "request 26-104")


class Down(MemoryLedger):
    """A ledger that takes nothing."""

    def note(self, _noted):
        raise NotNoted("ThrottlingException")


class Settings:
    """Settings in memory that can be paused, and say so."""

    def __init__(self, memory):
        self._memory = memory

    def __getattr__(self, name):
        return getattr(self._memory, name)

    def pause(self, _agency_id, pause):
        self._memory.pauses = (*self._memory.pauses, pause)

    def resume(self, _agency_id, of, which, at=None):
        before = self._memory.pauses
        same = [one for one in before if (one.of, one.which) == (of, which) and at in (None, one.at)]
        self._memory.pauses = tuple(one for one in before if one not in same)
        return bool(same)


class Stack(MemoryPorts):
    """A stack of an agency, with one pause."""

    caller, without = ANN, False

    def __init__(self):
        super().__init__(agency())
        self.settings = Settings(self.settings)
        self.settings.pause("springfield", Pause(of="kind", which="delay", author=ANN, reason="", at=None))

    @property
    def ledger(self):
        if self.without:
            raise NoLedger
        return self.book

    @property
    def paused(self):
        return [(one.of, one.which) for one in self.settings.pauses]


@pytest.fixture
def stack(monkeypatch):
    made = Stack()
    monkeypatch.setattr("tenfour.common.reached.reach", lambda _: made)
    monkeypatch.setattr("tenfour.common.reached.which_agency", lambda *_: agency())
    return made


class Ring:
    """The keys of a stack, in memory."""

    def __init__(self):
        self.keys = [KEY]

    def read(self):
        return tuple(self.keys)

    def add(self, fresh):
        self.keys.append(fresh)

    def read_back(self, name, until):
        self.keys = [replace(key, received_until=until) if key.name == name else key for key in self.keys]

    def remove(self, name):
        self.keys = [key for key in self.keys if key.name != name]


@pytest.fixture
def ring(monkeypatch):
    made = Ring()
    monkeypatch.setattr("tenfour.commands.keys._ring", lambda _: made)
    return made


def noted(stack):
    return [(one.what, one.about, one.by, one.ticket) for one in stack.book.notes]


def person_of(stack):
    return f"person {stack.contacts.reference(PHONE).keyed_hash[:12]}"


def test_acts_are_noted_with_who_did_them_and_the_ticket(stack):
    assert tenfour("settings", "pause", "--kind", "survey", *WHY).returncode == 0
    assert tenfour("settings", "resume", "--kind", "delay").returncode == 0
    assert tenfour("contact", "opt-out", PHONE, "--reason", f"call {PHONE} back").returncode == 0
    assert tenfour("contact", "opt-in", PHONE, *WHY).returncode == 0
    assert tenfour("contact", "show", PHONE).returncode == 0

    who = person_of(stack)
    assert noted(stack) == [
        (What.PAUSED, "kind survey", ANN, "request 26-104"),
        (What.RESUMED, "kind delay", ANN, ""),
        (What.OPTED_OUT, who, ANN, ""),
        (What.OPTED_IN, who, ANN, "request 26-104"),
        (What.SEARCHED, who, ANN, ""),
    ]


def test_changes_and_looks_at_keys_are_noted_by_the_names_of_the_keys_and_never_by_what_opens(stack, ring):
    assert tenfour("keys", "add", "springfield-cad-2").returncode == 0
    shown = tenfour("keys", "show", "springfield-cad-1")
    assert (shown.returncode, shown.stdout) == (0, f"{KEY.secret}\n")
    assert tenfour("keys", "read-back", "springfield-cad-1", "--days", "3").returncode == 0
    assert tenfour("keys", "remove", "springfield-cad-1").returncode == 0

    assert [key.name for key in ring.keys] == ["springfield-cad-2"]
    assert [(what, about) for what, about, *_ in noted(stack)] == [
        (What.KEYS_CHANGED, "key springfield-cad-2: added"),
        (What.LOOKED, "key springfield-cad-1"),
        (What.KEYS_CHANGED, "key springfield-cad-1: may read back for 3 days"),
        (What.KEYS_CHANGED, "key springfield-cad-1: removed"),
    ]


def test_a_key_is_removed_while_the_ledger_is_down(stack, ring):
    stack.book = Down()
    done = tenfour("keys", "remove", KEY.name)

    assert (done.returncode, ring.keys) == (0, [])
    assert "this is done, and the ledger did not take it" in done.stderr


def test_what_somebody_saw_to_and_let_out_is_noted(stack, monkeypatch):
    monkeypatch.setattr("chalicelib.insight.surveys.follow_ups.answer", lambda *_: None)
    monkeypatch.setattr("tenfour.figures.source.opened", lambda *_: nullcontext())
    decided = []
    monkeypatch.setattr("chalicelib.insight.surveys.comments.release", lambda *_: decided.append("released") or ())
    monkeypatch.setattr("chalicelib.insight.surveys.comments.hold", lambda *_: decided.append("held"))
    assert tenfour("survey", "follow-ups", "answer", "f1", "--note", "called back").returncode == 0
    assert tenfour("survey", "comments", "release", "7K2-M4P").returncode == 0
    assert tenfour("survey", "comments", "hold", "7K2-M4P", "9XX-222").returncode == 0

    assert decided == ["released", "held"]
    assert [(one.what, one.about, one.count) for one in stack.book.notes] == [
        (What.REVIEWED, "follow-up f1", 0),
        (What.RELEASED, "comment 7K2-M4P", 1),
        (What.REVIEWED, "comments in surveys, kept out of reports", 2),
    ]


def test_without_a_ledger_no_comment_is_released_and_each_is_held(stack, monkeypatch):
    stack.book = Down()
    monkeypatch.setattr("tenfour.figures.source.opened", lambda *_: nullcontext())
    decided = []
    monkeypatch.setattr("chalicelib.insight.surveys.comments.release", lambda *_: decided.append("released") or ())
    monkeypatch.setattr("chalicelib.insight.surveys.comments.hold", lambda *_: decided.append("held"))
    released, held = (tenfour("survey", "comments", verb, "7K2-M4P") for verb in ("release", "hold"))

    assert (released.returncode, held.returncode, decided) == (2, 0, ["held"])
    assert "nothing is released, because the ledger does not take it" in released.stderr


class Messaging:
    """A provider's list of opt-outs, in memory."""

    def __init__(self):
        self.listed = {PHONE}

    def put_opted_out_number(self, OptOutListName, OptedOutNumber):  # noqa: N803  as the provider names them
        self.listed.add(OptedOutNumber)

    def delete_opted_out_number(self, OptOutListName, OptedOutNumber):  # noqa: N803
        self.listed.discard(OptedOutNumber)


@pytest.mark.parametrize("down", [False, True])
def test_lists_of_opt_outs_agree_with_a_note_and_nobody_comes_off_without_one(stack, monkeypatch, down):
    stack.book = Down() if down else stack.book
    client = Messaging()
    theirs, ours = "+13035550177", "+13035550178"
    found = Differences(0, (Listed(theirs, NOW),), (ours,), (PHONE,))
    monkeypatch.setattr("tenfour.commands.contact._messaging", lambda _: client)
    monkeypatch.setattr("chalicelib.insight.records.reconcile.reconcile", lambda *_, **__: (found, []))
    monkeypatch.setattr("tenfour.common.reached.which_agency", lambda *_: agency())
    done = tenfour("contact", "reconcile", "--list", "stops")

    assert stack.contacts.history("springfield", theirs)[-1].opted_out is OptOutScope.ALL
    assert done.returncode == (2 if down else 0), done.stderr
    assert client.listed == ({PHONE, ours} if down else {ours})
    if not down:
        assert [(one.what, one.about, one.count) for one in stack.book.notes] == [
            (What.OPTED_OUT, "list stops", 2),
            (What.OPTED_IN, "list stops", 1),
        ]


def test_a_call_of_which_nobody_told_is_paused_with_a_warning(stack):
    done = tenfour("settings", "pause", "--incident", "P26-9")

    assert (done.returncode, stack.paused[-1]) == (0, ("incident", "P26-9"))
    assert "nobody told of this call yet; it is paused all the same" in done.stderr
    assert "nobody told" not in tenfour("settings", "pause", "--kind", "survey").stderr


def test_a_brake_works_while_the_ledger_is_down_and_says_that_it_is_not_noted(stack):
    stack.book = Down()
    done = tenfour("settings", "pause", *WHY)

    assert done.returncode == 0
    assert ("agency", "") in stack.paused
    assert "this is done, and the ledger did not take it: ThrottlingException" in done.stderr
    assert tenfour("contact", "opt-out", PHONE, *WHY).returncode == 0


def test_a_brake_works_on_a_stack_that_has_no_ledger(stack):
    stack.without = True

    assert tenfour("settings", "pause", *WHY).returncode == 0
    assert ("agency", "") in stack.paused


@pytest.mark.parametrize("without", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        ("settings", "resume", "--kind", "delay"),
        ("contact", "opt-in", PHONE, *WHY),
        ("contact", "show", PHONE),
        ("explain", PHONE),
        ("contact", "replies"),
        ("survey", "follow-ups", "list"),
        ("survey", "comments", "list"),
        ("survey", "card", "--out", "{out}"),
        ("explain", "P26-1"),
        ("settings", "preview", "{demo}", "--of", "P26-1"),
        ("mapping", "publish", "{map}", "--comment", "x"),
        ("keys", "add", "springfield-cad-2"),
        ("keys", "show", "springfield-cad-1"),
        ("keys", "read-back", "springfield-cad-1"),
        ("query", "comments_unreleased"),
        ("records", "audit", "--csv", "{out}"),
    ],
    ids=" ".join,
)
def test_what_widens_is_not_done_while_the_ledger_is_down(stack, ring, monkeypatch, tmp_path, words, without):
    stack.book, stack.without = Down(), without
    monkeypatch.setattr("tenfour.common.reach.reach", lambda _: stack)
    monkeypatch.setattr("tenfour.common.reach.which_agency", lambda *_: agency())
    monkeypatch.setattr("chalicelib.insight.explain.calls.named", lambda *_: [CALL])
    out = tmp_path / "out.csv"
    places = {"{out}": out, "{demo}": AGENCIES / "demo.toml", "{map}": ROOT / "infra" / "maps" / "aegis.toml"}
    done = tenfour(*(str(places.get(word, word)) for word in words))

    assert done.returncode == 2
    assert "the ledger does not take it" in done.stderr or (without and "has no ledger" in done.stderr)
    assert stack.paused == [("kind", "delay")]
    assert not out.exists()
    assert ring.keys == [KEY]


def test_words_of_danger_are_shown_while_the_ledger_is_down(stack):
    stack.book = Down()
    done = tenfour("survey", "follow-ups", "list", "--desk", "alerts")

    assert (done.returncode, done.stdout) == (0, "nothing waits for alerts\n")
    assert "the ledger did not take it" in done.stderr


def test_nobody_types_who_they_are():
    code = [path for room in ("tenfour", "chalicelib") for path in (ROOT / room).rglob("*.py")]

    assert len(code) > 400
    assert not [path for path in code if re.search(r"[\"']--(author|by-whom|as-person|user)\b", path.read_text())]


def test_a_file_for_the_public_has_no_reasons_and_nobody_in_it_and_is_noted(stack, tmp_path):
    assert tenfour("contact", "opt-out", PHONE, *WHY).returncode == 0
    stack.records = type("Records", (), {"audits": lambda *_: iter(())})()
    out = tmp_path / "public.csv"
    done = tenfour("records", "audit", "--csv", str(out), "--public")

    assert done.returncode == 0, done.stderr
    _, line = out.read_text().splitlines()
    assert line.endswith("somebody of the agency stopped messages to a person")
    assert noted(stack)[-1] == (What.EXPORTED_LEDGER, "", ANN, "")
    assert "26-104" not in out.read_text()
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("audit", "--from", "yesterday"), "--from: 'yesterday' is no day such as 2026-11-01"),
        (("audit", "--to", "9999-12-31"), "--to: '9999-12-31' is no day"),
        (("purge", "--from", "2026-01-01"), "an order has --from, --to and --reason"),
        (("purge", "--from", "2026-01-02", "--to", "2026-01-01", *WHY), "the first day comes first"),
        (("purge", "--yes"), "nothing of that time may be purged"),
    ],
)
def test_what_can_not_be_asked_is_one_line(stack, words, said):
    done = tenfour("records", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
