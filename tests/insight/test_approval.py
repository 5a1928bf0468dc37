"""Acts that take two people, over the ports in memory: who may approve, what voids it, and what needs nobody else."""

from datetime import timedelta

import pytest
from msgspec import json
from msgspec.structs import replace

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.approval import Author, NotApproved, Proposal, Unidentified, digest, shown, waiting
from chalicelib.domain.duration import Duration
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import ChangedSince, release_hold
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval import ledger, publishing, releasing
from chalicelib.insight.approval.releasing import Unfit, ended_by, release
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, OTHER_PHONE, after, agency, call, caller, update

ANN, BEN = "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ben"
ROOT = "arn:aws:iam::111122223333:root"
STRICTER = agency(silence=Duration(days=180))
WEAKER = agency(silence=Duration(days=30))
SPRINGFIELD = "springfield"


def session(name):
    return f"arn:aws:sts::111122223333:assumed-role/records/{name}"


class Versions:
    """Published versions in memory, as the table of settings has them."""

    def __init__(self, ledger, conditions):
        self.all, self._proposed, self._ledger, self._conditions = {}, {}, ledger, conditions

    def __getattr__(self, name):
        return getattr(self._conditions, name)

    def agency(self, agency_id, at_least=0):
        return max((one[0] for one in self.all.values()), key=lambda one: one.version, default=None)

    def version(self, agency_id, number):
        return self.all[number][0] if number in self.all else None

    def publish(self, settings, author, comment, at, *, over=None, entries=(), source=""):
        if over not in (None, len(self.all)):
            raise Conflict
        for entry in entries:
            self._ledger().keep(entry)
        published = replace(settings, version=len(self.all) + 1)
        self.all[published.version] = published, author, comment
        return published

    def source(self, agency_id, number):
        return ""

    def source_named(self, agency_id, digest):
        return ""

    def propose(self, settings, source=""):
        name = f"{settings.mode} {settings.silence}"
        self._proposed[name] = settings
        return {"document": name}

    def proposed(self, agency_id, words):
        return self._proposed[words["document"]]


class World(MemoryPorts):
    """A stack whose people are Ann and Ben."""

    def __init__(self, published=None):
        super().__init__(agency(), beating=True)
        self.tell_time(NOW)
        self.caller, self.gone = ANN, False
        self.versions = Versions(lambda: self.ledger, self.settings)
        if published:
            self.versions.publish(published, "R. Lead", "first", NOW)

    @property
    def ledger(self):
        if self.gone:
            raise NoLedger
        return self.book


class Stack:
    """What commands reach: the world, with its settings as published versions."""

    def __init__(self, published=agency()):
        self.world = World(published)

    def __getattr__(self, name):
        return getattr(self.world, name)

    @property
    def settings(self):
        return self.world.versions


@pytest.fixture
def stack():
    return Stack()


def approved(stack, proposal, who=BEN, at=None, address=""):
    return second.approve(stack, proposal, Author(who), at or after(1), address)


def test_settings_that_end_a_protection_wait_and_the_second_person_publishes_them(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)

    assert isinstance(waits, Proposal)
    assert waits.act.ends == ("silence gets shorter: 90d becomes 30d",)
    assert stack.settings.agency(SPRINGFIELD).version == 1
    assert second.words_of(stack, waits).endswith("live, over version 1, changing silence: less")
    assert "version 2" in approved(stack, waits)
    settings, author, comment = stack.settings.all[2]
    assert (settings.silence, shown(author), comment) == (Duration(days=30), "user/ann and user/ben", "less")
    assert [(one.step, one.by) for one in stack.book.entries] == [("proposed", ANN), ("approved", BEN), ("done", BEN)]


@pytest.mark.parametrize("who", [ANN, ROOT])
def test_who_proposed_it_and_who_is_nobody_can_not_approve(stack, who):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)

    with pytest.raises((NotApproved, Unidentified)):
        approved(stack, waits, who)
    assert stack.settings.agency(SPRINGFIELD).version == 1


def test_two_sessions_of_a_role_are_one_person(stack):
    waits = publishing.publish(stack, WEAKER, Author(session("ann")), "less", NOW)

    with pytest.raises(NotApproved, match="two sessions of a role are one"):
        approved(stack, waits, session("ben"))


def test_other_settings_in_force_void_the_proposal(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)
    publishing.publish(stack, STRICTER, Author(ANN), "more", after(1))

    with pytest.raises(NotApproved, match="has changed since"):
        approved(stack, waits, at=after(2))
    assert stack.settings.agency(SPRINGFIELD).silence == STRICTER.silence


def test_a_proposal_is_for_a_day(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)

    with pytest.raises(NotApproved, match="longer than 24 hours"):
        approved(stack, waits, at=NOW + timedelta(hours=24))
    assert ledger.what_waits(stack, SPRINGFIELD, NOW + timedelta(hours=24)) == ()
    assert isinstance(publishing.publish(stack, WEAKER, Author(ANN), "less", NOW + timedelta(hours=24)), Proposal)


def test_the_same_act_waits_once_and_is_done_once(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)

    assert publishing.publish(stack, WEAKER, Author(ANN), "less", after(1)) == waits
    assert ledger.what_waits(stack, SPRINGFIELD, after(1)) == (waits,)
    name = digest(waits.act)
    assert ledger.find(stack, SPRINGFIELD, name[:12], after(1)) == waits
    for wrong in (name[:4], "0" * 32, "", name + "0"):
        with pytest.raises(ledger.NotWaiting):
            ledger.find(stack, SPRINGFIELD, wrong, after(1))
    approved(stack, waits)
    with pytest.raises(NotApproved):
        approved(stack, waits)
    assert stack.settings.agency(SPRINGFIELD).version == 2


def test_an_earlier_version_that_protects_less_waits_too():
    stack = Stack(WEAKER)
    publishing.publish(stack, agency(), Author(ANN), "more", NOW)

    waits = publishing.rollback(stack, SPRINGFIELD, 1, Author(ANN), "too much", after(1))
    assert isinstance(waits, Proposal)
    assert waits.reason == "back to 1: too much"


def test_the_first_settings_in_shadow_take_one_person_and_live_ones_two():
    stack = Stack(None)

    live = publishing.publish(stack, agency(), Author(ANN), "first", NOW)
    assert isinstance(live, Proposal)
    assert isinstance(publishing.publish(stack, agency(mode="shadow"), Author(ANN), "first", NOW), Agency)
    with pytest.raises(NotApproved):  # it was proposed as the first version
        approved(stack, live)


@pytest.mark.parametrize("who", [ANN, ROOT, session("ann")])
def test_the_brake_takes_one_person_whoever_it_is_although_the_ledger_is_gone(stack, who):
    stack.world.gone = True

    assert publishing.publish(stack, STRICTER, Author(who), "more", NOW).version == 2
    assert publishing.publish(stack, replace(STRICTER, mode="shadow"), Author(who), "stop", NOW).version == 3
    with pytest.raises((NoLedger, Unidentified)):
        publishing.publish(stack, WEAKER, Author(who), "less", NOW)
    assert stack.settings.agency(SPRINGFIELD).mode == "shadow"


# Releases.


@pytest.fixture
def held(stack):
    """Return a stack with a sensitive incident of two people, one of whom is not safe to contact."""
    told = call("DV", parties={"1": caller(), "2": caller(OTHER_PHONE)}, unsafe_parties=frozenset({"1"}))
    receive_updates([told], "a", agency(), stack.world, NOW)
    return stack


KEY = IncidentKey(SPRINGFIELD, "P26-1")


def releases(stack):
    return [(shown(one.author), one.reason) for one in stack.incidents.load(KEY).incident.releases]


def test_a_release_says_first_what_it_ends(held):
    assert [line.partition(";")[0].partition(",")[0] for line in ended_by(held, KEY, "sensitive", "")] == [
        "P26-1 is held as sensitive",
        "its silence of 2 phones and emails",
    ]
    assert ended_by(held, KEY, "unsafe", "1")[1].startswith(
        "the word that it is not safe to contact 1 phone or email, on"
    )
    assert len(ended_by(held, KEY, "do_not_contact", "")) == 1
    assert ended_by(held, KEY, "mass_call", "") == ()


def test_a_release_waits_for_the_second_person(held):
    waits = release(held, KEY, "sensitive", "", Author(ANN), "a street's name", NOW)

    assert releases(held) == []
    assert second.words_of(held, waits) == "release sensitive of P26-1: a street's name"
    with pytest.raises(NotApproved):
        approved(held, waits, ANN)
    assert approved(held, waits) == "released: sensitive of P26-1"
    assert releases(held) == [("user/ann and user/ben", "a street's name")]


def test_a_new_word_about_the_incident_voids_a_release_and_a_repeated_one_does_not(held):
    waits = release(held, KEY, "sensitive", "", Author(ANN), "a street's name", NOW)
    again = call("DV", parties={"1": caller(), "2": caller(OTHER_PHONE)}, at=after(1))
    receive_updates([again], "b", agency(), held.world, after(1))
    assert second._deed(waits).present(held, waits.act, "", after(1)) == waits.act

    new = update(after(2), "u3", type_modifier="WEAPON")
    receive_updates([new], "c", agency(), held.world, after(2))
    with pytest.raises(NotApproved, match="has changed since"):
        approved(held, waits, at=after(3))
    with pytest.raises(ChangedSince):  # it comes between the second look and the write
        release_hold(KEY, releasing._release(waits.act, ANN, after(3)), held, after(3), (), waits.act.of)
    assert releases(held) == []


def test_nothing_is_proposed_that_holds_nothing(held):
    with pytest.raises(LookupError, match="nothing is held as juvenile"):
        release(held, KEY, "juvenile", "", Author(ANN), "x", NOW)
    with pytest.raises(LookupError, match="has no incident P26-9"):
        release(held, IncidentKey(SPRINGFIELD, "P26-9"), "sensitive", "", Author(ANN), "x", NOW)
    assert held.book.entries == []


def test_a_mass_call_is_let_go_by_one_person_without_the_ledger(stack):
    parties = {str(number): caller(f"+1303555{100 + number:04}") for number in range(6)}
    receive_updates([call("NOISE", parties=parties)], "a", agency(), stack.world, NOW)
    stack.world.gone = True

    assert release(stack, KEY, "mass_call", "", Author(ANN), "a power cut", after(1)) is None
    assert releases(stack) == [("user/ann", "a power cut")]


@pytest.mark.parametrize(("what", "party"), [("everything", ""), ("unsafe", ""), ("sensitive", "1")])
def test_a_release_that_makes_no_sense_reaches_no_table(what, party):
    with pytest.raises(Unfit):
        release(None, KEY, what, party, Author(ANN), "x", NOW)


def test_what_a_later_release_proposed_is_left_to_that_one(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)
    unknown = replace(waits, act=replace(waits.act, what="thaw"))

    with pytest.raises(NotApproved, match="does not know the act 'thaw'"):
        approved(stack, unknown)


def test_an_act_that_is_decided_on_at_the_same_moment_is_done_once(stack):
    waits = publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)

    class Slow(type(second.DEEDS["publish"])):
        def present(self, aws, act, address, at):
            found = super().present(aws, act, address, at)
            for name in ("approved", "done"):
                aws.ledger.keep(replace(aws.book.entries[0], step=name, by="arn:aws:iam::111122223333:user/cy"))
            return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(second, "DEEDS", {"publish": Slow()})
        with pytest.raises(NotApproved, match="at the same moment"):
            approved(stack, waits)
    assert stack.settings.agency(SPRINGFIELD).version == 1
    assert waiting(stack.book.entries, after(1)) == ()


def test_an_entry_is_read_as_it_was_written(stack):
    publishing.publish(stack, WEAKER, Author(ANN), "less", NOW)
    (entry,) = stack.book.entries

    assert json.decode(json.encode(entry), type=type(entry)) == entry
