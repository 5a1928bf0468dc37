"""Whatever happens in whatever order, no answer goes to somebody who may not be written to, and none goes twice."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.people.send_answer import deliver_answer
from chalicelib.flow.people.sweep_answers import sweep_answers
from chalicelib.ports.carrier import SendFailed
from chalicelib.virtual.world import MemorySender
from tests.factories import PHONE, after, caller, update
from tests.flow.people.test_conversation import Talk


class Dies(BaseException):
    """The function is gone in the middle of a call, as Lambda ends one."""


class Watching(MemorySender):
    """A provider that looks at each answer as it comes, and fails or dies as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.talk, self.mood, self.taken = None, "", Counter()

    def send(self, outgoing):
        if not outgoing.id.endswith(("-seen", "-not-read")):
            return super().send(outgoing)
        self._look(outgoing)
        mood, self.mood = self.mood, ""
        if mood in ("retry", "permanent"):
            raise SendFailed(mood, "as told")
        sent = super().send(outgoing)
        self.taken[outgoing.id] += 1
        if mood == "dies":
            raise Dies
        if mood == "ambiguous":
            raise SendFailed(mood, "as told")
        return sent

    def _look(self, outgoing):
        ports, now = self.talk.ports, self.talk.ports.queue.now
        contact = ports.contacts.load("springfield", PHONE, self.talk.agency.day(now))
        incident = ports.incidents.load(IncidentKey("springfield", "P26-1")).incident
        assert outgoing.address == PHONE
        assert contact.opted_out is not OptOutScope.ALL
        assert not contact.silent(now)
        assert not incident.holds(Latch.JUVENILE)
        assert not incident.holds(Latch.DO_NOT_CONTACT)
        assert not incident.unsafe_addresses
        assert incident.facts.incident_type == "NOISE"


NEWS = {
    "juvenile": {"latches": frozenset({Latch.JUVENILE})},
    "do not contact": {"latches": frozenset({Latch.DO_NOT_CONTACT})},
    "unsafe": {"unsafe_parties": frozenset({"1"})},
    "sensitive": {"incident_type": "DV"},
    "another phone": {"parties": {"1": caller("+13035550177")}},
}
BODIES = ("are you coming", "STOP", "START", "he has a gun", "thanks")
STEPS = st.one_of(
    st.sampled_from(BODIES).map(lambda body: ("hear", body)),
    st.sampled_from([*NEWS]).map(lambda name: ("news", name)),
    st.sampled_from(["", "retry", "permanent", "ambiguous", "dies"]).map(lambda mood: ("mood", mood)),
    st.integers(1, 30).map(lambda minutes: ("wait", minutes)),
    st.just(("press", "")),
    st.just(("see", "")),
    st.just(("sweep", "")),
)


class Story(Talk):
    """A conversation to which anything happens."""

    def __init__(self) -> None:
        watching = Watching()
        super().__init__(sms=watching)
        self.ports.senders = dict.fromkeys(self.ports.senders, watching)
        watching.talk, self.watching, self.at, self.number = self, watching, 5.0, 0

    def do(self, what, which):
        self.number += 1
        self.at += 0.05
        self.ports.tell_time(after(self.at))
        match what:
            case "hear":
                self.hear(which, self.at)
            case "news":
                told = update(after(self.at), f"u{self.number}", **NEWS[which])
                receive_updates([told], told.update_id, self.agency, self.ports, after(self.at))
            case "mood":
                self.watching.mood = which
            case "wait":
                self.at += which
            case "press" if self.exchange.replies:
                self.press(by=f"desk:id:{self.number}", minutes=self.at)
            case "see" if self.exchange.replies:
                hashed = self.exchange.replies[-1].keyed_hash
                seen = [one.at for one in self.exchange.replies]
                self.ports.conversations.see("springfield", hashed, seen, "desk:id:1", after(self.at))
            case "sweep":
                self.let_go()

    def let_go(self):
        """Let the sweep hint, and each hint come twice."""
        self.ports.tell_time(after(self.at))
        sweep_answers(self.ports, after(self.at))
        hints = [*self.ports.queue.answers] * 2
        self.ports.queue.answers.clear()
        for key in hints:
            try:
                deliver_answer(key, self.ports, after(self.at))
            except Dies:
                continue


@settings(max_examples=400, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_no_answer_goes_to_somebody_who_may_not_be_written_to_and_none_goes_twice(steps):
    story = Story()
    for what, which in steps:
        story.do(what, which)
    for _ in range(5):
        story.at += 20
        story.let_go()

    assert all(count == 1 for count in story.watching.taken.values())
    assert not [row for row in story.exchange.answers.values() if row.awaits]
    told = [row for row in story.exchange.answers.values() if row.by_itself and row.state == "sent"]
    spans = [abs(one.created_at - other.created_at) for one in told for other in told if one is not other]
    assert all(span >= timedelta(hours=24) for span in spans)


def test_the_stories_reach_an_answer_that_goes():
    story = Story()
    for step in (("hear", "are you coming"), ("press", ""), ("sweep", ""), ("hear", "STOP"), ("sweep", "")):
        story.do(*step)

    assert [one.split("-")[-1] for one in story.watching.taken] == ["seen"]
