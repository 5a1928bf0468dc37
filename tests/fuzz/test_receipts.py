"""Providers' events in any order: finality, price and choices count as their own pages say, whatever came before.

Meanings: AWS End User Messaging SMS user guide, "Event types". Amazon SES developer guide, "Complaint object".
"""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.carriers.events import read_receipt
from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import apply
from chalicelib.domain.people.consent import Person, unsubscribe_token
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.flow.people.unsubscribe import unsubscribe
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, PHONE, agency, row
from tests.fuzz.many import many

REFUSED = ["TEXT_UNREACHABLE", "TEXT_CARRIER_UNREACHABLE", "TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED", "TEXT_TTL_EXPIRED"]
ENDS = {"TEXT_DELIVERED": State.DELIVERED} | dict.fromkeys(REFUSED, State.UNDELIVERED)
prices = st.none() | st.integers(0, 90_000).map(lambda millionths: millionths / 1_000_000)
final = st.tuples(st.sampled_from([*ENDS, "TEXT_SUCCESSFUL"]), st.just(True), prices)
early = st.tuples(st.sampled_from([*REFUSED, "TEXT_SENT", "TEXT_SUCCESSFUL"]), st.just(False), prices)


def as_event(kind, is_final, price, place):
    sent = row()
    at = int((NOW + timedelta(seconds=place)).timestamp() * 1000)
    told = {"eventType": kind, "eventTimestamp": at, "messageId": "m-1", "isFinal": is_final}
    priced = {} if price is None else {"totalMessagePrice": price}
    return json.dumps({**told, **priced, "context": {CORRELATION: sent.key.id}})


@many
@given(st.lists(final | early, max_size=8))
def test_only_a_final_event_ends_a_text_and_every_price_counts(tried, events):
    tried["events that are final or not"] += 1
    told = row(state=State.SENT, attempts=1, sent_at=NOW, provider="end_user_messaging", reference="m-1")
    for place, event in enumerate(events):
        told = apply(read_receipt(as_event(*event, place)), told) or told
    ends = (ENDS[kind] for kind, is_final, _ in events if is_final and kind in ENDS)

    assert told.state is next(ends, State.SENT)
    assert told.cost == max((price for *_, price in events if price is not None), default=None)


FEEDBACK = ["abuse", "fraud", "other", "not-spam", "auth-failure", "virus", None]
odd = st.text(max_size=12) | st.integers() | st.none() | st.lists(st.text(max_size=3), max_size=2)


@many
@given(
    st.sampled_from(FEEDBACK),
    st.sampled_from(["Complaint", "Bounce", "Delivery"]),
    st.dictionaries(st.sampled_from(["feedbackId", "userAgent", "complainedRecipients", "newer"]), odd, max_size=3),
)
def test_a_complaint_that_is_taken_back_opts_nobody_out(tried, feedback, kind, more):
    tried["complaints of every type"] += 1
    told = {"timestamp": NOW.isoformat(), "complaintFeedbackType": feedback, **more}
    mail = {"messageId": "m", "timestamp": NOW.isoformat(), "tags": {CORRELATION: [row().key.id]}}
    receipt = read_receipt(json.dumps({"eventType": kind, "mail": mail, kind.lower(): told}))

    assert receipt.opted_out == (kind == "Complaint" and feedback not in ("not-spam", "auth-failure", "virus"))
    assert kind == "Bounce" or receipt.state is State.DELIVERED


MAIL = "a@people.example"
STEPS = ["bounce", "all", "surveys", "none"]


@many
@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_bounce_chooses_nothing_and_no_choice_is_widened_by_it(tried, steps):
    """docs/agency/consent.md: a bounce ends one mailbox, and only their own words end a person's messages."""
    tried["bounces among choices"] += 1
    world, chosen, bounced = MemoryPorts(agency()), None, False
    token = unsubscribe_token(world.unsubscribe_secret, Person("springfield", world.contacts.reference(MAIL)))
    for place, step in enumerate(steps):
        at = NOW + timedelta(minutes=place)
        if step == "bounce":
            world.contacts.note_bounce("springfield", MAIL, at, "general")
            bounced = True
            continue
        unsubscribe(token, {"choice": step}, "en", world, at)
        bounced = bounced and step != "none"
        chosen = None if step == "none" else OptOutScope.ALL if chosen == "all" else OptOutScope(step)
    mailbox = world.contacts.load("springfield", MAIL, NOW.date())
    phone = world.contacts.load("springfield", PHONE, NOW.date()).also(mailbox)

    assert (mailbox.opted_out, mailbox.bounced) == (chosen, bounced)
    assert phone.opted_out == chosen
    assert not phone.bounced
