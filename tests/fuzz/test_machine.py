"""The whole domain against a model: whatever is told, sent, answered and waited for, in whatever order.

The model knows nothing of rows: it keeps the updates that were told, and what each person really got.
"""

from collections import defaultdict
from datetime import timedelta
from functools import reduce

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.notifications.notification import GONE, MAY_REPEAT, MOST_STEPS, MOVES, State
from chalicelib.domain.notifications.permit import Conditions, Go, Refuse, Wait, permit
from chalicelib.domain.notifications.plan import Planned, Skipped, plan
from chalicelib.domain.notifications.receipt import Receipt, apply
from chalicelib.domain.notifications.reconcile import as_planned, reconcile, why_not
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.retry import claimed, failed, lease_over, taken
from chalicelib.domain.people.contact import Contact, OptOutScope
from tests.factories import NOW, agency
from tests.fuzz.many import EXAMPLES, many
from tests.strategies import updates

REFERENCES = st.sampled_from(["m-1", "m-2", ""])
TOLD = st.sampled_from([State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED])
FINISHED = frozenset(state for state, moves in MOVES.items() if not moves)


class Domain(RuleBasedStateMachine):
    """One incident, and everything that can happen to it."""

    told = Bundle("told")

    def __init__(self):
        super().__init__()
        self.agency, self.now = agency(), NOW
        self.record = IncidentRecord(incident=self._fresh(), version=1, created_at=NOW)
        self.said, self.releases = [], []
        self.contact = Contact()
        self.got, self.in_doubt = defaultdict(int), set()
        self.finished, self.decided = {}, ()

    def _fresh(self):
        return Incident(agency_id="springfield", incident_number="P26-1")

    def _decide(self, incident):
        self.decided = plan(incident, self.agency)
        reconciled = reconcile(self.record.rows, self.decided, self.agency, self.now)
        self._keep(*reconciled.changed, incident=incident, skipped=reconciled.skipped)

    def _keep(self, *rows, **changes):
        stored = {**self.record.rows, **{row.key: row for row in rows}}
        told = {"incident": self.record.incident, "skipped": self.record.skipped, **changes}
        self.record = IncidentRecord(rows=stored, version=self.record.version + 1, created_at=NOW, **told)

    @rule(target=told, update=updates)
    def tell(self, update):
        self.said.append(update)
        self._decide(self.record.incident.merge(update))
        return update

    @rule(update=told)
    def tell_again(self, update):
        before = self.record.incident
        self._decide(before.merge(update))

        assert self.record.incident == before

    @rule(seconds=st.integers(1, 4 * 3600))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(scope=st.sampled_from([None, *OptOutScope]), sent=st.integers(0, 7), landline=st.booleans())
    def know(self, scope, sent, landline):
        self.contact = Contact(opted_out=scope, sent_today=sent, landline=landline)

    @rule(what=st.sampled_from(["sensitive", "juvenile", "do_not_contact", "mass_call"]))
    def release(self, what):
        self._decide(self.record.incident.release(Release(what=what, author="x", reason="y", at=self.now)))

    @rule(data=st.data(), outcome=st.sampled_from(["taken", "lost", "permanent", "retry", "ambiguous", "crash"]))
    def deliver(self, data, outcome):
        due = sorted((row for row in self.record.rows.values() if row.awaits), key=lambda row: row.key)
        if not due:
            return
        row = data.draw(st.sampled_from(due))
        self.now = max(self.now, row.send_at)
        if row.state is not State.SCHEDULED:
            self._give_up(row)
            return
        wanted = {item.key: item for item in plan(self.record.incident, self.agency) if isinstance(item, Planned)}
        if row.key not in wanted:
            skipped = [item for item in plan(self.record.incident, self.agency) if isinstance(item, Skipped)]
            self._keep(row.moved(State.CANCELLED, self.now, why_not(row.key, skipped)))
            return
        row = as_planned(row, wanted[row.key], self.agency)
        match permit(row, self.record, self.contact, self.agency, Conditions((), self.now), self.now):
            case Refuse(reason):
                assert reason
                self._keep(row.moved(State.SUPPRESSED, self.now, reason))
            case Wait(until, reason):
                assert until > self.now
                self._keep(row.moved(State.SCHEDULED, self.now, reason, send_at=until))
            case Go():
                self._send(row, outcome)

    def _give_up(self, row):
        after = lease_over(row, self.now) if row.state is State.SENDING else None
        self._keep(after or row.moved(State.SCHEDULED, self.now, "no_receipt", send_at=self.now))

    def _send(self, row, outcome):
        assert self.now < row.expires_at
        assert self.contact.opted_out is not OptOutScope.ALL
        assert not self.got[row.key] or (row.key.kind in MAY_REPEAT and row.key in self.in_doubt)
        row = claimed(row, traceable=True, now=self.now, day=self.now.date())
        if outcome in ("taken", "lost", "crash"):
            self.got[row.key] += 1
        match outcome:
            case "taken":
                row = taken(row, "end_user_messaging", f"m-{row.attempts}", self.now)
            case "lost":
                row = failed(row, "ambiguous", "timed_out", self.now)
            case "permanent" | "retry" | "ambiguous":
                row = failed(row, outcome, "refused", self.now)
        if outcome in ("lost", "ambiguous", "crash"):
            self.in_doubt.add(row.key)
        self._keep(row)

    @rule(
        data=st.data(),
        state=st.sampled_from([State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED]),
        reference=REFERENCES,
    )
    def hear_of(self, data, state, reference):
        tried = sorted((row for row in self.record.rows.values() if row.attempts), key=lambda row: row.key)
        if not tried:
            return
        row = data.draw(st.sampled_from(tried))
        told = Receipt(
            notification=row.key,
            state=state,
            reason="x",
            at=self.now,
            provider="end_user_messaging",
            reference=reference,
        )
        once = apply(told, row)
        if once:
            assert apply(told, once) is None or once.state is not State.DELIVERED
            self._keep(once)

    @invariant()
    def the_incident_is_what_was_said_in_whatever_order(self):
        told = reduce(Incident.merge, sorted(self.said, key=str), self._fresh())
        plain = reduce(Incident.merge, self.said, self._fresh())

        assert told == plain
        assert plain.facts == self.record.incident.facts
        assert plain.parties == self.record.incident.parties

    @invariant()
    def latches_hold_until_they_are_released(self):
        for update in self.said:
            for latch in update.latches:
                held = self.record.incident.holds(latch)
                assert held or self.record.incident.released(latch.value, update.as_of)

    @invariant()
    def what_is_finished_does_not_move(self):
        for key, row in self.record.rows.items():
            if key in self.finished:
                assert row == self.finished[key]
            elif row.state in FINISHED:
                self.finished[key] = row

    @invariant()
    def a_row_has_a_place_and_an_end(self):
        for row in self.record.rows.values():
            assert row.expires_at > row.created_at
            assert len(row.steps) <= MOST_STEPS
            assert row.address in self.record.incident.all_addresses
            assert (row.state in FINISHED) == (row.finished_at is not None)
            assert row.state not in GONE or row.attempts

    @invariant()
    def every_decision_is_a_row_or_a_reason(self):
        skipped = {(item.kind, item.recipient, item.ordinal) for item in self.record.skipped}
        for item in self.decided:
            if isinstance(item, Planned):
                key = item.key
                assert key in self.record.rows or (key.kind, key.recipient, key.ordinal) in skipped
            else:
                assert (item.kind, item.recipient, item.ordinal) in skipped

    def teardown(self):
        """Let what is left run out: no row waits for ever."""
        for _ in range(400):
            due = [row for row in self.record.rows.values() if row.awaits]
            if not due:
                return
            self.now = max(self.now, min(row.send_at for row in due))
            row = min(due, key=lambda one: (one.send_at, one.key))
            if row.state is not State.SCHEDULED:
                self._give_up(row)
            elif self.now >= row.expires_at:
                self._keep(row.moved(State.SUPPRESSED, self.now, "expired"))
            else:
                self._keep(row.moved(State.SCHEDULED, self.now, "paused", send_at=row.expires_at))
        raise AssertionError("a row waits for ever")


def test_the_domain_is_as_its_model(tried):
    tried["the domain against its model"] += EXAMPLES // 3
    run_state_machine_as_test(
        Domain, settings=settings(many, max_examples=max(10, EXAMPLES // 3), stateful_step_count=30)
    )
