"""What another release stored, or what is damaged: it is read without what is strange, or left out alone."""

import json
from datetime import timedelta
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.cached import TRY_AGAIN, Cached
from chalicelib.aws.document import decode, encode, plain
from chalicelib.aws.stores.incidents import StoredIncident
from chalicelib.aws.stream import read_records
from chalicelib.domain.incidents.feed_health import FeedBook
from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.notifications.breaker import Breaker
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.wave import Wave
from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.reply import Answered, KeptReply
from chalicelib.domain.settings.budget import Spent
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.apart import apart
from tests.factories import NOW, call, incident, row
from tests.fuzz.many import many
from tests.fuzz.test_parsers import mutated, values
from tests.horrors.made import made

KINDS = [Notification, Update, Survey, FollowUp, CommentRelease, Card, Wave, Breaker, Spent, FeedBook, Pause]
STORED = [made(kind, "words") for kind in (*KINDS, LegalHold, KeptReply, Consent, Answered)]
STORED += [StoredIncident(incident(call(), call("THEFT", at=NOW + timedelta(1))), (), NOW, 3, {"cad.beat": NOW})]
NEWER = "added_by_a_newer_release"


def with_newer(told, kind, draw):
    """Return a document in which any object may have a field that no release of today knows."""
    kind = next((part for part in get_args(kind) if isinstance(part, type) and part is not type(None)), kind)
    if isinstance(told, list):
        return [with_newer(one, kind, draw) for one in told]
    if not isinstance(told, dict) or not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return told
    hints = get_type_hints(kind)
    known = {name: with_newer(one, hints[name], draw) for name, one in told.items()}
    return known | draw(st.just({}) | values.map(lambda value: {NEWER: value}))


@many
@given(st.sampled_from(STORED), st.data())
def test_a_field_that_a_newer_release_added_changes_nothing(tried, value, data):
    """CONTRIBUTING.md: what is added to a stored shape, the release before passes over."""
    tried["stored documents with unknown fields"] += 1
    kind = type(value)
    newer = with_newer(json.loads(plain(encode(value))), kind, data.draw)

    assert decode(msgspec.json.encode(newer).decode(), kind) == decode(encode(value), kind)


def stored(sort_key, document):
    keys = {"pk": {"S": "springfield#P26-1"}, "sk": {"S": sort_key}}
    return {"eventName": "MODIFY", "dynamodb": {"NewImage": {**keys, "document": {"S": document}}}}


GOOD = encode(row())
PLACES = ["notification#apology#1#0", "notification#delay#1#0", "incident", "history#x#y", "history#", "new#1"]
damaged = mutated([GOOD.encode(), b"zAAAA", b"{", b"[]", b'{"key": 5}', b"[" * 3000]).map(
    lambda body: body.decode(errors="replace")
)


@many
@given(st.lists(st.none() | st.tuples(st.sampled_from(PLACES), damaged), max_size=8))
def test_a_record_that_can_not_be_read_costs_no_other_its_place(tried, records):
    tried["records of unknown kinds or damaged"] += 1
    left_out = []
    good = stored("notification#acknowledgment#1#0", GOOD)
    told = [good if one is None else stored(*one) for one in records]
    found = list(read_records(told, left_out.append))

    assert found.count(row()) >= records.count(None)
    assert len(found) + len(left_out) <= len(records)


@many
@given(st.lists(st.tuples(st.text(max_size=4), st.booleans()), max_size=8, unique_by=lambda one: one[0]))
def test_one_agencys_trouble_is_not_its_neighbours(tried, agencies):
    tried["agencies of which some fail"] += 1
    failing, acted = {name for name, fails in agencies if fails}, []

    def act(name):
        acted.append(name)
        if name in failing:
            raise ValueError
        return name

    names = [name for name, _ in agencies]
    if failing:
        with pytest.raises(ExceptionGroup) as found:
            apart(names, act)
        assert {note for one in found.value.exceptions for note in one.__notes__} == failing
    else:
        assert apart(names, act) == names
    assert acted == names


steps = st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=12)


@many
@given(steps)
def test_what_was_read_last_serves_while_it_can_not_be_read(tried, told):
    """SECURITY: the last known keys serve, with an alarm; new ones count within the age that is given."""
    tried["secrets that can't be read"] += 1
    age, now, read_at, failed_at, alarms = timedelta(minutes=5), NOW, None, NOW - timedelta(1), []
    kept = Cached(lambda: now, age)
    for seconds, fails in told:
        now, before = now + timedelta(seconds=seconds), len(alarms)

        def read(fails=fails, at=now):
            if fails:
                raise OSError
            return at

        try:
            served = kept.get_or_last("keys", read, alarms.append)
        except OSError:
            assert fails
            assert read_at is None
            continue
        assert served in (now, read_at)
        failed_at = now if len(alarms) > before else failed_at
        assert now - served <= age or now - failed_at <= TRY_AGAIN
        read_at = served
    assert len(alarms) <= sum(fails for _, fails in told)
