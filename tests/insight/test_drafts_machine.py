"""Whatever people draft, review, approve and publish: nothing is published that its authors alone have seen."""

from datetime import timedelta
from inspect import signature

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from chalicelib.domain.approval import Author, digest, person_behind, signed_by
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.drafts import SOONEST, Draft
from chalicelib.domain.ledger.who import by_desk
from chalicelib.domain.settings.source import text_digest
from chalicelib.domain.settings.weaker import signers
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval import publishing
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.desk.approvals import decline
from chalicelib.insight.drafts import publish, review, write
from chalicelib.insight.drafts.due import publish_due
from chalicelib.insight.drafts.restore import restore
from chalicelib.insight.settings.written import as_toml
from chalicelib.ports.errors import Conflict
from tests.factories import demo_agency
from tests.web.desk.world import DeskWorld

OURS = demo_agency()
NAME = OURS.agency_id
ISSUER = "https://id.springfield.example"
ANA, BEN, CLEO = (Author(by_desk(ISSUER, subject), subject.title()) for subject in ("ana", "ben", "cleo"))
LEAD = Author("arn:aws:iam::111122223333:user/lead")
PEOPLE = st.sampled_from([ANA, replace(ANA, name="A. Ruiz"), BEN, LEAD])
OLD = st.sampled_from((False, False, False, False, True))
"""Whether somebody presses on the page that they opened whenever, or on one that they just opened."""

ACTS = (
    *(*("edit", "ask", "publish") * 3, *("approve",) * 6),
    *("save", "take_over", "leave", "discard", "approve_another", "give_back", "schedule", "unschedule", "sweep"),
    *("publish_at_a_terminal", "decide_at_a_terminal", "schedule", "sweep", "begin", "restore", "restore"),
)
TEXTS = [
    as_toml(replace(OURS, mass_call=OURS.mass_call + more, mode=mode, short_name=short))
    for more in (-1, 0, 1)
    for mode in ("live", "shadow")
    for short in (OURS.short_name, "Our Police")
]
REFUSED = (ValueError, LookupError, Conflict)


class Desk(RuleBasedStateMachine):
    """People with pages open since whenever, at the desk and at terminals, who press in any order."""

    def __init__(self):
        super().__init__()
        self.world = DeskWorld(OURS)
        self.now, self.pages = self.world.now, []
        self.saw, self.wrote, self.restored, self.checked = {}, {}, {}, 0
        self.present = OURS
        self.begin(ANA, 0)

    @rule(
        act=st.sampled_from(ACTS),
        who=PEOPLE,
        old=OLD,
        number=st.integers(0, 11),
        text=st.sampled_from(range(len(TEXTS))),
    )
    def press(self, act, who, old, number, text):
        """Let somebody do one thing on a page: one that they opened whenever, or one that they just opened."""
        page = self.pages[number % len(self.pages)] if old else self._opened(who)
        given = {"who": who, "page": page, "number": number, "text": text}
        act = getattr(self, act)
        act(**{name: given[name] for name in signature(act).parameters})

    def _opened(self, who):
        """Return the draft that people are at, as it is: another one where it has ended."""
        known = self.world.drafts.find(NAME, self.pages[-1].id)
        if known.ended:
            self.begin(who, len(self.world.drafts.all_of(NAME)) + 12)
        return self.world.drafts.find(NAME, self.pages[-1].id)

    def begin(self, who, number):
        self._try(write.begin, self.world.settings.latest(NAME), f"draft {number}", f"draft {number}", who)

    def save(self, page, who, text):
        draft = self._try(write.save, NAME, page, TEXTS[text], page.id, who)
        if draft:
            self.wrote.setdefault((page.id, draft.text), set()).add(person_behind(who.by))

    def edit(self, page, text):
        """Let the editor write, as who it is."""
        if page.editor:
            self.save(page, page.editor, text)

    def ask(self, page, who):
        self._try(write.ask, NAME, page, page.editor or who)

    def take_over(self, page, who):
        self._try(write.take_over, NAME, page, who)

    def leave(self, page, who):
        self._try(write.leave, NAME, page, who)

    def discard(self, page, who):
        self._try(write.discard, NAME, page, who)

    def approve(self, page, who):
        over = self.world.settings.latest(NAME).version
        if self._try(review.approve, NAME, page, page.text, over, who):
            self._has_seen(who, page.id, page.text)

    def approve_another(self, page, who, number):
        """Approve with the digest of another page."""
        other = self.pages[number % len(self.pages)].text
        if self._try(review.approve, NAME, page, other, self.world.settings.latest(NAME).version, who):
            self._has_seen(who, page.id, other)

    def give_back(self, page, who):
        self._try(review.give_back, NAME, page, page.text, "shorter", who)

    def publish(self, page, who):
        self._try(publish.publish, NAME, page, page.text, who)

    def schedule(self, page, number):
        self._try(publish.schedule, NAME, page, page.text, self.now + SOONEST + timedelta(minutes=number))

    def unschedule(self, page):
        self._try(publish.unschedule, NAME, page)

    def sweep(self, number):
        self.now += timedelta(hours=(0, 0.2, 25)[number % 3])
        publish_due(self.world, self.now)

    def publish_at_a_terminal(self, who, number):
        present = self.world.settings.latest(NAME)
        after = replace(present, mass_call=max(2, present.mass_call + number % 3 - 1))
        self._try(publishing.publish, after, who, "by command")

    def restore(self, who, number):
        """Put whatever version back, as one person in an emergency, on the page as it is."""
        present = self.world.settings.latest(NAME).version
        done = self._try(restore, NAME, present - number % 4, None, who, "the words are wrong")
        if done:
            self.restored[done.version] = present - number % 4

    def decide_at_a_terminal(self, who, number):
        one = next(iter(what_waits(self.world, NAME, self.now)), None)
        if one is None:
            return
        if number % 4 == 0:
            self._try(lambda world, at: decline(world, one, who, "no", at))
        elif self._try(second.approve, one, who):
            self._has_seen(who, one.act.words.get("draft", ""), one.act.words.get("source", ""))

    def _try(self, act, *given):
        self.now += timedelta(seconds=1)
        try:
            done = act(self.world, *given, self.now)
        except REFUSED:
            return None
        if isinstance(done, Draft):
            self.pages.append(done)
        return done

    def _has_seen(self, who, draft, text):
        self.saw.setdefault((draft, text), set()).add(person_behind(who.by))

    @invariant()
    def nothing_is_in_force_that_its_authors_alone_have_seen(self):
        for one in self.world.settings._port.kept[self.checked :]:
            source = self.world.settings.source(NAME, one.agency.version)
            before, self.present = self.present, one.agency
            if one.agency.version in self.restored:
                self._is_of_two(one, self.restored[one.agency.version], before)
                continue
            if not source or signers(before, one.agency) == 1:
                continue
            name = one.comment, text_digest(source)
            assert self.saw[name] - self.wrote.get(name, set())
            assert " and " in one.author
        self.checked = len(self.world.settings._port.kept)

    def _is_of_two(self, one, number, before):
        """Check that a restored version is one that two people published, and goes live no wider than it was."""
        there = next(each for each in self.world.settings._port.kept if each.agency.version == number)
        assert len(signed_by(there.author)) == 2
        assert replace(one.agency, version=number) == there.agency
        assert (before.mode, one.agency.mode) != ("shadow", "live")

    @invariant()
    def each_publication_by_two_has_its_three_entries_and_one_of_each(self):
        steps = [(one.proposed_at, one.digest, one.step) for one in self.world.ledger.book.entries]
        assert len(steps) == len(set(steps))
        done = {name for *name, step in map(list, steps) if step == "done" for name in [tuple(name)]}
        for at, name in done:
            assert {"proposed", "approved"} <= {step for then, which, step in steps if (then, which) == (at, name)}

    @invariant()
    def whoever_may_decide_is_told_of_each_proposal_until_somebody_has_decided(self):
        told = {one.about for one in self.world.attention.of(NAME, (Cause.APPROVAL,)) if one.waits(self.now)}
        waits = {digest(one.act): one for one in what_waits(self.world, NAME, self.now)}
        reviewed = {one.act for one in self.world.drafts.all_of(NAME) if one.state == "review"}
        at_terminal = {name for name, one in waits.items() if not one.act.words.get("draft")}
        assert at_terminal | (reviewed & waits.keys()) <= told <= waits.keys() | reviewed


Desk.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestDrafts = Desk.TestCase
