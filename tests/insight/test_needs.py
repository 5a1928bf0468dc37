"""What needs a person: each kind, the gravest first, and nothing where nothing does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.surveys.alert import Lead, alert, leading, page
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp, follow_ups
from chalicelib.domain.surveys.survey import Answers, Survey
from chalicelib.insight.status.count import Backlog
from chalicelib.insight.status.needs import FREQUENT, LATELY, MOST_NAMED, Need, Seen, What, needs
from chalicelib.insight.status.words import NEXT, sentence
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, after, agency, call, caller, incident, judged, row, update
from tests.flow.city import City

OURS = agency()
JUDGED = agency(judgements=Judgements((judged("incident_type", "NOISE", "Noise complaint"),)))
QUIET = Seen(heard_at=NOW, told_at=NOW)


def danger(name="t1", minutes=0, calls=("P26-9", "P26-8")):
    one = alert("springfield", name, "he has a gun", calls[0] if calls else "", after(minutes))
    return replace(one, calls=tuple(Call(incident_number=number) for number in calls))


def held(callers=5, expires=45, **changes):
    parties = {str(who): caller(fictional_phone(who)) for who in range(callers)}
    rows = [row(recipient=str(who), expires_at=after(expires), **changes) for who in range(callers)]
    record = incident(call(parties=parties))
    return IncidentRecord(incident=record, rows={each.key: each for each in rows}, version=1, created_at=NOW)


def low(**changes):
    one = FollowUp(
        id="f1", agency_id="springfield", desk=Desk.SUPERVISORS, because=Because.LOW_SCORE, raised_at=NOW,
        due_at=after(10),
    )  # fmt: skip
    return replace(one, **changes)


def unjudged(modifier="ZQ-7", number="P26-1", at=NOW):
    city = City(JUDGED)
    city.tell(call(at=at, incident_number=number, type_modifier=modifier))
    (record,) = city.records()
    return record


def found(seen, now=None, rules=OURS):
    return needs(seen, rules, now or after(30))


def test_a_quiet_night_needs_nobody():
    assert found(QUIET) == ()


def test_an_alert_needs_somebody_until_it_is_answered():
    (one,) = found(replace(QUIET, alerts=[danger(), replace(danger("t2"), answered_at=NOW)]))

    assert (one.what, one.about, one.calls, one.since) == (What.DANGER, danger().id, ("P26-9", "P26-8"), NOW)


def test_the_oldest_alert_is_first():
    told = found(replace(QUIET, alerts=[danger("b", 5), danger("a", 1), danger("c", 9)]))

    assert [one.since for one in told] == [after(1), after(5), after(9)]


@pytest.mark.parametrize(("now", "left"), [(30, 15), (44.5, 0), (44.99, 0)])
def test_a_held_call_says_how_many_minutes_are_left_to_decide(now, left):
    (one,) = found(replace(QUIET, waiting=[held()]), after(now))

    assert (one.what, one.calls, one.count, one.minutes_left) == (What.HELD, ("P26-1",), 5, left)


LATE = datetime(2026, 11, 22, 5, 42, tzinfo=UTC)
"""10:42 pm in Denver, the day before."""

NAMED = [
    ("P26-1", "", LATE, "P26-1", "P26-1"),
    ("id:501", "P26-7", LATE, "P26-7", "P26-7"),
    ("F26-1", "P26-7", LATE, "P26-7", "P26-7"),
    ("id:501", "", LATE, "of 10:42 pm", "of 10:42 pm (=id:501)"),
    ("id:501", "", None, "id:501", "id:501"),
]
"""Key, number if it is another, when it came in → what a line for staff says behind "call", and what a status says."""


@pytest.mark.parametrize(("key", "number", "at", "said", "in_status"), NAMED)
def test_lines_for_staff_name_a_call_as_people_know_it(key, number, at, said, in_status):
    one = Call(incident_number=key, called=number, received_at=at)
    told = leading(alert("springfield", "t1", "he has a gun", key, NOW), Lead("+13035550123", (one,)))

    (need,) = found(replace(QUIET, alerts=[told]))

    assert (one.name(OURS.zone), told.call(OURS.zone)) == (said, said)
    assert f", call {said}, alert" in page(told, OURS)
    assert need.calls == (in_status,)


@pytest.mark.parametrize(("number", "said"), [("P26-7", "P26-7"), ("", "of 10:42 pm (=id:501)")])
def test_a_held_call_is_named_as_people_know_it(number, said):
    record = held()
    about = incident(update(LATE, incident_number=number, incident_id="501", received_at=LATE))
    named = replace(record.incident, incident_number="id:501", identity=about.identity, facts=about.facts)

    assert found(replace(QUIET, waiting=[replace(record, incident=named)]))[0].calls == (said,)


def test_a_follow_up_of_a_survey_has_the_number_that_its_message_had():
    asked = NotificationKey("springfield", "id:501", Kind.SURVEY, "1")
    wish = Survey(
        token_hash="t", agency_id="springfield", notification=asked, called="P26-7", settings_version=1,
        asked_at=NOW, expires_at=LATE, keep_until=None, answers=Answers(comments={"more": "please call me back"}),
    )  # fmt: skip

    (one,) = follow_ups(wish, OURS.survey.questions, OURS.survey.follow_up, NOW)

    assert (one.incident_number, one.call(OURS.zone)) == ("id:501", "P26-7")


def test_the_call_with_least_time_is_first():
    told = found(replace(QUIET, waiting=[held(expires=90), held(expires=40)]))

    assert [one.minutes_left for one in told] == [10, 60]


@pytest.mark.parametrize(
    "waiting",
    [held(callers=4), held(expires=20), held(state=State.SENT)],
    ids=["few callers", "expired", "gone"],
)
def test_a_call_that_nobody_must_decide_on_is_not_held(waiting):
    assert found(replace(QUIET, waiting=[waiting])) == ()


def test_a_feed_that_was_never_heard_and_one_in_trouble_need_somebody():
    assert [one.what for one in found(Seen())] == [What.FEED]
    (one,) = found(replace(QUIET, troubles=[FeedTrouble.SILENT]))
    assert (one.about, one.since) == ("silent", NOW)


def test_late_follow_ups_of_supervisors_are_counted_but_not_those_that_rest_or_are_answered():
    several = [
        low(),
        low(id="f2", due_at=after(5)),
        low(id="f3", due_at=after(40)),
        low(id="f4", rests_until=after(31)),
        low(id="f5", answered_at=NOW),
        low(id="f6", due_at=None),
    ]
    (one,) = found(replace(QUIET, follow_ups=several))

    assert (one.what, one.count, one.since) == (What.FOLLOW_UPS, 2, after(5))


def test_a_value_that_stopped_many_calls_lately_is_named_with_its_count():
    often = [unjudged(number=f"P26-{number}") for number in range(FREQUENT)]
    seldom = [unjudged("QX-1", f"P26-{9 + number}") for number in range(FREQUENT - 1)]
    long_ago = [unjudged("OLD-1", f"P26-{20 + number}", NOW - LATELY - timedelta(days=1)) for number in range(9)]

    (one,) = found(replace(QUIET, records=[*seldom, *often, *long_ago]), rules=JUDGED)
    assert (one.what, one.about, one.count) == (What.NOT_JUDGED, "type_modifier: ZQ-7", FREQUENT)


def test_a_value_that_was_judged_since_needs_nobody():
    often = [unjudged(number=f"P26-{number}") for number in range(FREQUENT)]

    assert found(replace(QUIET, records=often), rules=OURS) == ()


def test_only_the_most_frequent_values_are_named():
    many = [unjudged(f"ZQ-{value}", f"P26-{value}-{n}") for value in range(MOST_NAMED + 3) for n in range(FREQUENT)]

    assert len(found(replace(QUIET, records=many), rules=JUDGED)) == MOST_NAMED


ALL = Seen(
    alerts=[danger()],
    waiting=[held()],
    not_looked_at=3,
    heard_at=NOW,
    told_at=after(-60),
    troubles=[FeedTrouble.SILENT],
    blocked=["end_user_messaging"],
    down=["twilio"],
    backlog=Backlog(waiting=1, overdue=1, oldest=NOW),
    pauses=[Pause(of="kind", which=Kind.SURVEY, author="Lee", reason="a storm", at=NOW)],
    alarms=["tenfour-Deliver5XX: " + "look at the log " * 8],
    follow_ups=[low()],
    records=[
        replace(unjudged(number=f"P26-{number}"), taken_back={"cad.arrived_at": NOW, "cad.beat": NOW})
        for number in range(FREQUENT)
    ],
)


def test_each_kind_is_found_and_the_gravest_comes_first():
    assert [one.what for one in found(ALL, rules=JUDGED)] == list(What)


@given(st.sets(st.sampled_from([name for name in Seen.__struct_fields__ if name not in ("heard_at", "told_at")])))
def test_each_part_adds_its_own_needs_and_no_others(parts):
    some = replace(QUIET, **{name: getattr(ALL, name) for name in parts})
    told = found(some, rules=JUDGED)

    alone = [one for name in parts for one in found(replace(QUIET, **{name: getattr(ALL, name)}), rules=JUDGED)]
    assert {(one.what, one.about) for one in told} == {(one.what, one.about) for one in alone}
    assert [one.what for one in told] == sorted((one.what for one in told), key=list(What).index)


@pytest.mark.parametrize("what", What)
def test_every_kind_has_words_and_a_next_step(what):
    said = sentence(Need(what=what, about="silent" if what is What.FEED else "x", count=1), OURS.zone, NOW)

    assert said.split(",")[0].split(":")[0].split()[0].isupper()
    assert NEXT[what]


def test_hours_are_told_as_hours():
    assert "2 h 5 min left" in sentence(Need(what=What.HELD, calls=("P26-1",), minutes_left=125), OURS.zone, NOW)
    assert Duration(minutes=125) == timedelta(hours=2, minutes=5)


def test_a_need_of_yesterday_names_the_day():
    said = sentence(Need(what=What.DANGER, about="a1", since=NOW - timedelta(days=1)), OURS.zone, NOW)

    assert said == "DANGER since Fri 20 Nov 11:00: of no known call, alert a1"
