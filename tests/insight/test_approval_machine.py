"""Whatever people propose and approve, at once or in turn: nothing is done that its proposer alone has seen."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from chalicelib.domain.approval import AND, Author, digest, person_behind
from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.ledger.who import by_desk
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.approval.releasing import release
from chalicelib.insight.desk.approvals import decline
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, OTHER_PHONE, agency, call, caller, update

ISSUER = "https://id.springfield.example"
ACCOUNT = "111122223333"
PEOPLE = st.sampled_from(
    [
        Author(by_desk(ISSUER, "7"), "Dana Ruiz"),
        Author(by_desk(ISSUER, "7"), "D. Ruiz, who changed her name"),
        Author(by_desk(ISSUER, "8"), "Dana Ruiz"),
        Author(f"arn:aws:iam::{ACCOUNT}:user/ann"),
        Author(f"arn:aws:sts::{ACCOUNT}:assumed-role/lead/one"),
        Author(f"arn:aws:sts::{ACCOUNT}:assumed-role/lead/two"),
        Author(f"arn:aws:iam::{ACCOUNT}:root"),
        Author("Dana Ruiz"),
    ]
)
KEY = IncidentKey("springfield", "P26-1")
KINDS = st.sampled_from(("sensitive", "juvenile", "do_not_contact"))
REASONS = st.sampled_from(("a street's name", "told by mistake"))
REFUSED = (ValueError, LookupError, Conflict)
"""An act of the very instant of one that was declined is a conflict, too: the page says that the desk is busy."""


class Approvals(RuleBasedStateMachine):
    """People who propose and approve while dispatch goes on talking; somebody may look first and press much later."""

    waits = Bundle("waits")
    looked = Bundle("looked")

    def __init__(self):
        super().__init__()
        self.now, self.told, self.done, self.declined = NOW, 0, [], []
        self.world = MemoryPorts(agency(), beating=True)
        self.world.tell_time(NOW)
        latches = frozenset({Latch.JUVENILE, Latch.DO_NOT_CONTACT})
        told = call("DV", parties={"1": caller(), "2": caller(OTHER_PHONE)}, latches=latches)
        receive_updates([told], "a", agency(), self.world, NOW)

    @property
    def ledger(self):
        return self.world.book

    def __getattr__(self, name):
        return getattr(self.__dict__["world"], name)

    @rule(target=waits, who=PEOPLE, what=KINDS, reason=REASONS)
    def propose(self, who, what: Releasable, reason):
        try:
            return release(self, KEY, what, "", who, reason, self.now)
        except REFUSED:
            return multiple()

    @rule(target=looked, one=waits, who=PEOPLE)
    def look(self, one, who):
        """Let somebody open the page: all checks pass, and nothing is pressed yet."""
        try:
            return one, second.ready(self, one, who, self.now)
        except REFUSED:
            return multiple()

    @rule(seen=looked)
    def press_what_was_ready(self, seen):
        """Let somebody press at the moment after their checks, whatever others did meanwhile."""
        one, who = seen
        self._do(one, lambda: second._deed(one).do(self, one, who, "", self.now))

    @rule(one=waits, who=PEOPLE)
    def approve(self, one, who):
        before = len(self.done)
        self._do(one, lambda: second.approve(self, one, who, self.now))
        assert one not in self.declined or len(self.done) == before

    @rule(one=waits, who=PEOPLE)
    def decline(self, one, who):
        """Let somebody decline it, or take their own back: nobody's approval counts from then on."""
        try:
            decline(self, one, who, "it is a child", self.now)
        except REFUSED:
            return
        assert one not in what_waits(self, "springfield", self.now)
        self.declined.append(one)

    @rule(word=st.sampled_from(("WEAPON", "NOISE", "")), more=st.booleans())
    def dispatch_says_more(self, word, more):
        self.told += 1
        parties = {"3": caller("+13035550177")} if more else {}
        new = update(self.now, f"u{self.told}", type_modifier=word or None, parties=parties)
        receive_updates([new], f"w{self.told}", agency(), self.world, self.now)

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours, minutes=1)
        self.world.tell_time(self.now)

    @invariant()
    def each_release_has_two_people_and_each_proposal_one_end(self):
        releases = self.world.incidents.load(KEY).incident.releases
        done = [one for one in self.ledger.entries if one.step == "done"]
        proposed = {(one.proposed_at, one.digest): one for one in self.ledger.entries if one.step == "proposed"}

        assert len(self.done) == len(done) == len({(one.proposed_at, one.digest) for one in done})
        for entry in done:
            first = proposed[entry.proposed_at, entry.digest]
            assert person_behind(first.by) != person_behind(entry.by)
            assert digest(entry.act) == first.digest == entry.digest
        for one in releases:
            assert len(one.author.split(AND)) == 2

    def _do(self, one, act):
        state = second._deed(one)
        try:
            present = state.present(self, one.act, "", self.now)
        except LookupError:
            present = None
        try:
            act()
        except REFUSED:
            return
        assert present == one.act  # what was done is what was proposed, and what would have been done now
        self.done.append(one)


Approvals.TestCase.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
TestApprovals = Approvals.TestCase
