"""The checks of a conformance run, over made-up sequences of requests."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.certify import life, order, times
from chalicelib.insight.certify.post import Post
from chalicelib.insight.certify.read import read_run
from chalicelib.insight.certify.report import certify

NOW = datetime(2026, 7, 14, 18, tzinfo=UTC)
LATER = NOW + timedelta(minutes=45)
PHONE = "303-555-0123"


def post(*updates, at=LATER, path="/cad/springfield/updates", **more):
    body = json.dumps({"updates": updates}).encode()
    return Post(where=f"{at:%H:%M:%S}", at=at, path=path, body=body, **more)


def update(minutes, number="P26-1", **facts):
    return {"incident_number": number, "as_of": after(minutes), **facts}


def after(minutes):
    return (NOW + timedelta(minutes=minutes)).isoformat()


def run(*posts, **how):
    return read_run(posts, NOW + timedelta(hours=1), **how)


def states(*posts, **how):
    return {line.name: line.state for line in certify(run(*posts, **how)).lines}


PARTY = {"party_id": "1", "role": "caller", "phone": PHONE}


@st.composite
def lives(draw):
    """Return the changes of a few calls in their order: what is new in each, and when."""
    told = []
    for minute in range(1, draw(st.integers(2, 4))):
        changes = [
            {"received_at": after(minute), "incident_type": "NOISE", "reporting_parties": [PARTY]},
            {"dispatched_at": after(minute + 5)},
            {"incident_type": "THEFT"},
            {"arrived_at": after(minute + 9), "units": [{"unit": "3A12"}]},
            {"arrived_at": None},
            {"arrived_at": after(minute + 12)},
            {"closed_at": after(minute + 20), "dispositions": ["RPT"]},
        ]
        steps = (0, 5, 6, 9, 10, 12, 20)
        count = draw(st.integers(1, len(changes)))
        told += [
            (minute + step, f"P26-{minute}", change) for step, change in list(zip(steps, changes, strict=True))[:count]
        ]
    return sorted(told, key=lambda each: each[0])


@st.composite
def posted(draw):
    """Return what a right sender makes of them: partial or whole, alone or in batches, perhaps sent again."""
    whole, known, posts = draw(st.booleans()), {}, []
    for minute, number, change in draw(lives()):
        known[number] = known.get(number, {}) | change
        told = update(minute, number, **(known[number] if whole else change))
        posts.append(post(told, at=NOW + timedelta(minutes=minute, seconds=1)))
        posts += [posts[-1]] * draw(st.integers(0, 1))
    return posts


@given(posted())
def test_nothing_is_wrong_with_a_right_sender_however_it_tells(posts):
    report = certify(run(*posts))

    assert [(line.name, line.findings) for line in report.of("wrong")] == []


@given(posted(), st.randoms())
def test_what_overtakes_does_no_harm(posts, chance):
    """A later post may come first: nothing in the webhook's rules forbids it."""
    mixed = list(posts)
    chance.shuffle(mixed)

    wrong = {name for name, state in states(*mixed).items() if state == "wrong"}
    assert wrong & {"ties", "history", "update-id", "fields"} == set()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**60) | st.text(max_size=9) | st.sampled_from([PHONE, after(1)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
FIELDS = """
    incident_number incident_id as_of update_id sequence received_at arrived_at exercise incident_type linked_to
    reporting_parties units dispositions case_numbers callerName arrivedAt
"""
NAMES = st.sampled_from(FIELDS.split())
ODD = st.dictionaries(NAMES, JSON, max_size=6) | JSON


@given(st.lists(st.lists(ODD, max_size=3), max_size=4), st.sampled_from(["cad", "rms"]))
def test_nothing_is_too_odd_to_be_looked_at(bodies, feed):
    posts = [
        post(*told, at=NOW + timedelta(seconds=place), path=f"/{feed}/x/updates") for place, told in enumerate(bodies)
    ]

    assert len(certify(run(*posts)).lines) == len(states())


@given(
    st.lists(st.binary(max_size=40), max_size=3),
    st.dictionaries(
        st.sampled_from(["content-type", "content-encoding", "webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(max_size=12),
    ),
    st.sampled_from(["", "/cad/x/updates", "/cad/x/heartbeat", "/", "?"]),
)
def test_no_request_is_too_odd_to_be_looked_at(bodies, headers, path):
    posts = [Post(where=f"{place}", at=NOW, path=path, headers=headers, body=body) for place, body in enumerate(bodies)]

    assert certify(run(*posts, live=True)).requests == len(bodies)


@given(st.lists(st.dictionaries(NAMES, st.sampled_from([PHONE, [PARTY], {"phone": PHONE}, [PHONE]]), max_size=6)))
def test_no_phone_is_in_a_report_wherever_it_was_written(updates):
    numbered = [{**told, "incident_number": "P26-1", "incident_id": "a1"} for told in updates]

    assert "555-0123" not in str(certify(run(*(post(told) for told in numbered))))


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ({"incident_type": "NOISE"}, {"incident_type": "THEFT"}, "wrong"),
        ({"incident_type": "NOISE"}, {"incident_type": None}, "wrong"),
        ({"incident_type": "NOISE"}, {"incident_type": "NOISE", "priority": "3"}, "right"),
        ({"incident_type": "NOISE"}, {"priority": "3"}, "right"),
        ({"incident_type": "NOISE", "sequence": 1}, {"incident_type": "THEFT", "sequence": 2}, "right"),
        ({"reporting_parties": [PARTY]}, {"reporting_parties": [{**PARTY, "role": "victim"}]}, "wrong"),
        ({"reporting_parties": [PARTY]}, {"reporting_parties": [{**PARTY, "party_id": "2"}]}, "right"),
    ],
)
def test_a_tie_is_two_words_for_one_field_at_one_instant(first, second, state):
    assert order.ties(run(post(update(1, **first)), post(update(1, **second)))).state == state


def test_systems_of_two_feeds_do_not_tie():
    posts = post(update(1, priority="1")), post(update(1, priority="2"), path="/rms/springfield/updates")

    assert order.ties(run(*posts)).state == "not_seen"


@pytest.mark.parametrize(
    ("taken", "state"),
    [
        ({"arrived_at": None}, "right"),
        ({"arrived_at": None, "units": None}, "right"),
        ({"closed_at": None, "dispositions": None}, "right"),
        ({"closed_at": after(9), "arrived_at": None}, "wrong"),
        ({"arrived_at": None, "dispositions": None}, "wrong"),
        ({"received_at": None}, "wrong"),
        ({"incident_type": None}, "wrong"),
        ({"scheduled_for": None, "cancelled_at": None, "diverted_at": None, "beat": None}, "right"),
        ({"reporting_parties": [{"party_id": "1", "phone": None, "email": "a@example.org"}]}, "right"),
        ({"reporting_parties": [{"party_id": "1", "phone": None, "role": None}]}, "wrong"),
    ],
)
def test_null_is_careless_where_no_one_act_takes_just_that_back(taken, state):
    told = {"received_at": after(0), "incident_type": "NOISE", "arrived_at": after(3), "units": [{"unit": "1"}]}
    first = update(4, **told, dispositions=["RPT"], closed_at=after(4), reporting_parties=[PARTY])

    assert order.nulls(run(post(first), post(update(9, **taken)))).state == state


@pytest.mark.parametrize(
    ("offset", "state"), [("Z", "right"), ("-06:00", "right"), ("-07:00", "wrong"), ("-05:00", "wrong")]
)
def test_offsets_are_held_to_the_agencys_time_zone(offset, state):
    told = {"incident_number": "P26-1", "as_of": f"2026-07-14T12:00:00{offset}"}

    assert times.zones(run(post(told, update(1, received_at=after(1))), time_zone="America/Denver")).state == state


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("as_of", "2026-07-14T12:00:00", "wrong"),
        ("received_at", "07/14/2026 12:00 PM", "wrong"),
        ("closed_at", 1784030400, "wrong"),
        ("closed_at", "2026-07-14T12:00:00Z", "right"),
        ("closed_at", None, "right"),
        ("closed_at", "", "right"),
    ],
)
def test_a_time_has_an_offset(name, value, state):
    assert times.offsets(run(post({**update(1), name: value}))).state == state


@pytest.mark.parametrize(("hours", "found"), [(0, False), (1, True), (-7, True), (5.5, True)])
def test_a_zone_that_is_wrong_is_named_by_its_hours(hours, found):
    """The times of what happened are local, `as_of` is right."""
    posts = [post(update(number, f"P26-{number}", received_at=after(number - 60 * hours))) for number in range(1, 6)]

    verdict = times.zones(run(*posts))

    assert (verdict.state == "wrong") is found
    assert not found or f"{abs(hours):g} hours" in verdict.findings[0]


def test_a_backlog_is_no_clock_that_is_behind():
    late = [post(update(0, f"P26-{number}"), at=NOW + timedelta(minutes=30)) for number in range(5)]

    assert times.clock(run(*late, post(update(29.9), at=NOW + timedelta(minutes=30)), live=True)).state == "right"


@pytest.mark.parametrize(("calls", "state"), [(2, "not_seen"), (3, "wrong")])
def test_an_arrival_is_missed_where_it_should_have_been(calls, state):
    told = {"dispatched_at": after(1), "closed_at": after(9)}

    assert life.arrival(run(*(post(update(9, f"P26-{number}", **told)) for number in range(calls)))).state == state


def test_nothing_at_all_is_not_good():
    report = certify(run())

    assert not report.good
    assert not report.of("wrong")


@pytest.mark.parametrize(
    ("told", "check"),
    [
        ({"incident_number": "P" * 41}, "fields"),
        ({"incident_number": None}, "identity"),
        ({"arrived_at": "0001-01-01T00:00:00Z"}, "offset"),
        ({"arrived_at": after(600)}, "offset"),
        ({"as_of": "1970-01-01T00:00:00Z"}, "offset"),
        ({"as_of": after(60)}, "clock"),
        ({"origin": "phone"}, "fields"),
        ({"exercise": "yes"}, "drill"),
        ({"reporting_parties": [{"phone": PHONE}]}, "parties"),
        ({"reporting_parties": [{"party_id": "1", "phone": 3035550123}]}, "fields"),
    ],
)
def test_a_check_explains_each_rejected_update(told, check):
    the_states = states(post({**update(1), **told}))

    assert {name for name, state in the_states.items() if state == "wrong"} == {check}


@pytest.mark.parametrize(
    ("behind", "words"), [(1, None), (3, "3 minutes behind"), (7 * 60, "(7 hours)"), (60, "(1 hours)")]
)
def test_a_clock_that_is_behind_is_known_by_every_update(behind, words):
    at = NOW + timedelta(minutes=behind)
    verdict = times.clock(run(*(post(update(0, f"P26-{number}"), at=at) for number in range(4)), live=True))

    assert words in verdict.findings[0] if words else not verdict.findings


def failing(number, at, *updates, status=503, name="m1", **more):
    headers = {"webhook-id": name}
    return post(*updates, at=NOW + timedelta(seconds=at), status=status, headers=headers, **more)


ONE, TWO = ({**update(0), "update_id": f"u{number}", "priority": str(number)} for number in (1, 2))
BARE = update(0, priority="1")


@pytest.mark.parametrize(
    ("later", "same", "retry"),
    [
        ([failing(2, 3, ONE, status=202)], "right", "right"),
        ([failing(2, 3, ONE, status=202, name="m2")], "wrong", "right"),
        ([failing(2, 3, ONE, TWO, status=202, name="m2")], "right", "right"),
        ([failing(2, 3, BARE, TWO, status=202, name="m2")], "wrong", "right"),
        ([failing(2, 3, TWO, status=202, name="m2")], "not_seen", "wrong"),
        ([failing(2, 3, ONE), failing(3, 9, ONE, status=202)], "right", "right"),
        (
            [failing(2, 3, ONE, status=202), failing(3, 99, {**ONE, "as_of": after(9)}, status=202, name="m9")],
            "right",
            "right",
        ),
    ],
)
def test_what_failed_comes_again_as_it_was_or_in_a_batch_under_its_own_name(later, same, retry):
    the_states = states(failing(1, 0, ONE), *later, live=True)

    assert (the_states["retry-same"], the_states["retry"]) == (same, retry)


def test_a_batch_that_failed_may_come_again_in_halves():
    first = failing(1, 0, ONE, TWO)
    halves = failing(2, 3, ONE, status=202, name="m2"), failing(3, 4, TWO, status=202, name="m3")

    assert states(first, *halves, live=True)["retry"] == "right"
    assert states(first, halves[0], live=True)["retry"] == "wrong"


def test_calls_that_only_begin_beside_calls_that_only_end_are_one_under_two_numbers():
    """Found: where a number changed in updates that tell only what is new, nothing looked wrong."""
    begins = [post(update(at, f"P26-{at}", received_at=after(at), reporting_parties=[PARTY])) for at in (1, 2)]
    ends = [post(update(at + 9, f"F26-{at}", closed_at=after(at + 9))) for at in (1, 2)]
    whole = [post(update(3, "P26-3", received_at=after(3))), post(update(9, "P26-3", closed_at=after(9)))]

    assert states(*begins, *ends)["identity"] == "wrong"
    assert states(*begins, *ends, *whole)["identity"] == "right"
    assert states(*begins, ends[0])["identity"] == "right"


def test_one_person_may_be_unsafe_to_contact_and_not_everybody():
    unsafe = {**PARTY, "safe_to_contact": False}
    posts = [post(update(at, f"P26-{at}", reporting_parties=[unsafe])) for at in (1, 2)]

    assert states(*posts)["contact"] == "wrong"
    assert states(posts[0])["contact"] == "right"
    assert states(*posts, post(update(3, "P26-3", reporting_parties=[PARTY])))["contact"] == "right"
