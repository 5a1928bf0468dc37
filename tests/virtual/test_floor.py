"""Some messages never go, under any valid settings and any updates in any order."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.reply import Reply, is_answer
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.insight.settings.shape import convert
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.world import MemorySender, senders
from tests.virtual.floor_oracle import Oracle, counted
from tests.virtual.floor_stories import STARTS, agencies, stories

EXAMPLES, STORIES_EACH = 4 * settings().max_examples, 8
"""Four times as many as other rules get: 1,600 stories in every run, 9,600 in `make fuzz`."""


class Witness(MemorySender):
    """A provider that lets the oracle see each message in the moment in which it goes."""

    def __init__(self, look):
        super().__init__()
        self._look = look

    def send(self, outgoing):
        self._look(outgoing)
        return super().send(outgoing)


class Tale(VirtualCity):
    """A city to which a story happens; what goes out is judged as it goes."""

    def __init__(self, agency, raw, start):
        super().__init__(agency)
        self.ports.sms = self.ports.email = Witness(self.look)
        self.ports.senders = senders(self.ports.sms, self.ports.email)
        self.now = start.astimezone(UTC)
        self.oracle = Oracle(raw)
        self.ports.tell_time(self.now)

    def look(self, outgoing):
        if not is_answer(outgoing.id):  # nobody is told anything by it: they wrote first
            self.oracle.judge(outgoing, self.ports.queue.now)

    def wait(self, minutes):
        """Let time pass; after half an hour nothing of ours runs, as in an outage, until the next event."""
        self.run_until(self.now + timedelta(minutes=min(minutes, 32)))
        self.now += timedelta(minutes=minutes)
        self.ports.tell_time(self.now)

    def play_story(self, story):
        """Let the events of a story happen, and then the days after it."""
        for order, (minutes, event) in enumerate(story):
            self.wait(minutes)
            getattr(self, f"_{event[0]}")(order, *event[1:])
        for minutes in (62, 780, 600, 3000):
            self.wait(minutes)
        self.run_until(self.now + timedelta(minutes=2))

    def _update(self, order, number, as_of, fragments):
        body = {"incident_number": number, "as_of": self._at(as_of), "update_id": f"u{order:03}"}
        for fragment in fragments:
            body |= {name: self._value(value) for name, value in fragment.items() if name != "reporting_parties"}
        parties = [party for fragment in fragments for party in fragment.get("reporting_parties", ())]
        if parties:
            grouped = groupby(sorted(parties, key=lambda one: one["party_id"]), key=lambda one: one["party_id"])
            body["reporting_parties"] = [
                {name: value for one in same for name, value in one.items()} for _, same in grouped
            ]
        batch = read_updates(msgspec.json.encode({"updates": [body]}), f"w{order}", "US", self.now)
        self.oracle.hear(body, rejected=bool(batch.rejected))
        receive_updates((*batch.updates, *batch.salvaged), f"w{order}", self.agency, self.ports, self.now)
        if batch.updates:
            self.ports.settings.note_feed(self.agency.agency_id, self.now)
            self.oracle.heard_at = self.now

    def _reply(self, order, phone, words):
        take_reply(Reply(sender=phone, number=self.agency.numbers.sms_from, body=words, at=self.now), self.ports)
        self.oracle.reply(phone, words)

    def _pause(self, order, pause):
        kept = [known for known in self.ports.settings.pauses if (known.of, known.which) != pause]
        new = Pause(of=pause[0], which=pause[1], author="S. Visor", reason="a test", at=self.now)
        self.ports.settings.pauses = (*kept, new)
        self.oracle.pauses |= {pause}

    def _resume(self, order, pause):
        kept = [known for known in self.ports.settings.pauses if (known.of, known.which) != pause]
        self.ports.settings.pauses = tuple(kept)
        self.oracle.pauses -= {pause}

    def _feed(self, order, lives):
        self.ports.settings.beating = self.oracle.beating = lives
        self.ports.settings.note_feed(self.agency.agency_id, self.now)
        self.oracle.heard_at = self.now

    def _at(self, minutes):
        return (self.now + timedelta(minutes=minutes)).isoformat()

    def _value(self, value):
        if isinstance(value, tuple):
            return None if value[1] is None else self._at(value[1])
        return value


@pytest.mark.hypothesis
@pytest.mark.long
def test_the_floor_holds():
    seen = Counter()

    @settings(max_examples=EXAMPLES)
    @given(
        agencies, st.lists(st.tuples(st.sampled_from(STARTS), stories), min_size=STORIES_EACH, max_size=STORIES_EACH)
    )
    def check(raw, told):
        agency, _ = convert(raw)
        assume(agency)
        for start, story in told:
            tale = Tale(agency, raw, datetime.fromisoformat(start).replace(tzinfo=agency.zone))
            tale.play_story(story)
            seen.update(counted(tale.oracle.sent))
            seen["stories"] += 1

    check()

    # A property about what is never sent is worth something only if much is.
    assert seen["stories"] >= EXAMPLES * STORIES_EACH * 0.9
    assert all(seen[kind] > 8 for kind in Kind), seen
