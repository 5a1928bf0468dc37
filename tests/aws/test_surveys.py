"""Cards and follow-ups: the same over memory and over DynamoDB."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.domain.surveys.seen_to import Outcome, closed
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.errors import CardSpent, Conflict
from tests.factories import NOW, after

LATER = NOW + timedelta(days=400)


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


def a_card(uses=1):
    return Card(
        token_hash=uuid4().hex,
        agency_id="springfield",
        settings_version=1,
        uses=uses,
        label="3A",
        made_at=NOW,
        expires_at=LATER,
    )


def a_survey():
    times = {"asked_at": NOW, "expires_at": after(99), "keep_until": LATER}
    return Survey(token_hash=uuid4().hex, agency_id="springfield", settings_version=1, door="card", **times)


def follow_up(agency_id, **changes):
    one = FollowUp(
        id="ab12",
        agency_id=agency_id,
        desk=Desk.SUPERVISORS,
        because=Because.LOW_SCORE,
        raised_at=NOW,
        due_at=after(60),
        incident_number="P26-1",
        marks={"overall": 1},
    )
    return replace(one, **changes)


class TestCards:
    def test_a_card_is_read_back(self, world):
        card = a_card()
        world.surveys.keep_card(card)

        assert world.surveys.card(card.token_hash) == card
        assert world.surveys.card("nobody's") is None
        assert world.surveys.load(card.token_hash) is None

    def test_a_card_begins_as_many_surveys_as_it_may(self, world):
        card, surveys = a_card(uses=2), [a_survey() for _ in range(3)]
        world.surveys.keep_card(card)
        for survey in surveys[:2]:
            world.surveys.begin(card, survey)

        with pytest.raises(CardSpent):
            world.surveys.begin(card, surveys[2])
        assert [world.surveys.load(survey.token_hash) for survey in surveys] == [*surveys[:2], None]
        assert world.surveys.card(card.token_hash).used == 2

    def test_one_survey_begins_once(self, world):
        card, survey = a_card(uses=5), a_survey()
        world.surveys.keep_card(card)
        for _ in range(3):
            world.surveys.begin(card, survey)

        assert world.surveys.card(card.token_hash).used == 1

    def test_what_a_spent_card_has_begun_goes_on(self, world):
        card, survey = a_card(), a_survey()
        world.surveys.keep_card(card)
        world.surveys.begin(card, survey)

        world.surveys.begin(card, survey)
        assert world.surveys.put(survey).version == 1


class TestFollowUps:
    def test_one_is_new_once_and_takes_the_newest_words(self, world, agency_id):
        first = follow_up(agency_id)
        newest = follow_up(agency_id, raised_at=after(5), due_at=after(99), comments=("slow",))

        assert [world.follow_ups.keep(one, LATER) for one in (first, first, newest)] == [True, False, False]
        assert list(world.follow_ups.of(agency_id, Desk.SUPERVISORS)) == [replace(first, comments=("slow",))]

    def test_each_desk_sees_its_own(self, world, agency_id):
        world.follow_ups.keep(follow_up(agency_id), LATER)
        world.follow_ups.keep(follow_up(agency_id, desk=Desk.STANDARDS), LATER)

        assert [one.desk for one in world.follow_ups.of(agency_id, Desk.STANDARDS)] == [Desk.STANDARDS]
        assert list(world.follow_ups.of("another", Desk.STANDARDS)) == []

    def test_what_was_seen_to_says_who_and_when_and_stays_so(self, world, agency_id):
        world.follow_ups.keep(follow_up(agency_id), LATER)

        answered = (agency_id, Desk.SUPERVISORS, "ab12", after(9), "Sgt. Lee", "called")
        assert [world.follow_ups.answer(*answered) for _ in range(2)] == [True, False]
        assert world.follow_ups.answer(agency_id, Desk.SUPERVISORS, "none", after(9), "x", "y") is False
        world.follow_ups.keep(follow_up(agency_id, comments=("more",)), LATER)
        (one,) = world.follow_ups.of(agency_id, Desk.SUPERVISORS)
        assert (one.answered_at, one.answered_by, one.note, one.comments) == (after(9), "Sgt. Lee", "called", ())

    def test_one_is_written_over_what_was_read_and_over_nothing_else(self, world, agency_id):
        one = follow_up(agency_id)
        world.follow_ups.keep(one, LATER)
        theirs, mine = (replace(one, owner=name, owned_at=after(9)) for name in ("Lee", "Ana"))
        world.follow_ups.put(one, theirs)
        for before in (one, follow_up(agency_id, id="none")):
            with pytest.raises(Conflict):
                world.follow_ups.put(before, mine)

        assert world.follow_ups.find(agency_id, Desk.SUPERVISORS, "ab12") == theirs
        assert world.follow_ups.find(agency_id, Desk.STANDARDS, "ab12") is None
        world.follow_ups.keep(replace(one, comments=("more",)), LATER)
        (kept,) = world.follow_ups.of(agency_id, Desk.SUPERVISORS)
        assert (kept.owner, kept.comments) == ("Lee", ("more",))

    def test_one_that_is_closed_waits_for_nobody(self, world, agency_id):
        one = follow_up(agency_id)
        world.follow_ups.keep(one, LATER)
        waits = world.attention.of(agency_id)
        world.follow_ups.put(one, closed(one, Outcome.SPOKE, "", "Lee", after(9)))

        assert [each.about for each in waits] == ["supervisors#ab12"]
        assert world.attention.of(agency_id) == ()

    def test_what_somebody_saw_to_stands_by_its_time_the_last_first(self, world, agency_id):
        for minutes in (5, 3, 1, 2, 4):
            world.follow_ups.keep(follow_up(agency_id, id=f"n{minutes}"), LATER)
            world.follow_ups.answer(agency_id, Desk.SUPERVISORS, f"n{minutes}", after(minutes), "Lee", "spoke")
        world.follow_ups.keep(follow_up(agency_id, id="open"), LATER)
        names, onward = world.follow_ups.closed(agency_id, Desk.SUPERVISORS, 3)
        rest = world.follow_ups.closed(agency_id, Desk.SUPERVISORS, 3, onward)

        assert names == ("n5", "n4", "n3")
        assert rest == (("n2", "n1"), "")
        assert world.follow_ups.closed(agency_id, Desk.STANDARDS, 3) == ((), "")

    def test_praise_stands_by_its_time_and_the_next_page_goes_on_by_key(self, world, agency_id):
        praise = partial(follow_up, agency_id, desk=Desk.UNIT, because=Because.PRAISE, due_at=None)
        for minutes in (5, 3, 1, 2, 4, 60):
            one = praise(id=f"n{minutes}", raised_at=after(minutes))
            assert [world.follow_ups.keep(one, LATER) for _ in range(2)] == [True, False]
        world.follow_ups.keep(follow_up(agency_id, id="low", raised_at=after(2)), LATER)
        span = after(1), after(60)
        names, onward = world.follow_ups.praise(agency_id, span, 3)
        rest = world.follow_ups.praise(agency_id, span, 3, onward)
        world.follow_ups.withdraw(agency_id, Desk.UNIT, "n4")

        assert names == ("n1", "n2", "n3")
        assert rest == (("n4", "n5"), "")
        assert world.follow_ups.find(agency_id, Desk.UNIT, "n4") is None
        assert world.follow_ups.praise("another", span, 3) == ((), "")

    def test_what_a_desk_must_not_see_is_gone(self, world, agency_id):
        world.follow_ups.keep(follow_up(agency_id), LATER)
        for _ in range(2):
            world.follow_ups.withdraw(agency_id, Desk.SUPERVISORS, "ab12")

        assert list(world.follow_ups.of(agency_id, Desk.SUPERVISORS)) == []

    def test_they_come_in_the_order_of_time(self, world, agency_id):
        for minutes in (3, 1, 2):
            world.follow_ups.keep(follow_up(agency_id, id=f"n{minutes}", raised_at=after(minutes)), LATER)

        assert [one.id for one in world.follow_ups.of(agency_id, Desk.SUPERVISORS)] == ["n1", "n2", "n3"]


class TestResting:
    def test_a_desk_is_told_once(self, world, agency_id):
        world.follow_ups.keep(follow_up(agency_id, rests_until=after(10)), LATER)

        took = [world.follow_ups.take(agency_id, Desk.SUPERVISORS, name) for name in ("ab12", "ab12", "none")]
        assert took == [follow_up(agency_id), None, None]
        assert list(world.follow_ups.of(agency_id, Desk.SUPERVISORS)) == [follow_up(agency_id)]

    def test_newer_words_of_what_was_told_do_not_rest_again(self, world, agency_id):
        world.follow_ups.keep(follow_up(agency_id), LATER)  # as the release before wrote it
        world.follow_ups.keep(follow_up(agency_id, rests_until=after(10), comments=("slow",)), LATER)

        assert list(world.follow_ups.of(agency_id, Desk.SUPERVISORS)) == [follow_up(agency_id, comments=("slow",))]

    def test_newer_words_rest_for_as_long_as_the_newest(self, world, agency_id):
        for minute in (10, 14):
            world.follow_ups.keep(follow_up(agency_id, rests_until=after(minute)), LATER)

        (one,) = world.follow_ups.of(agency_id, Desk.SUPERVISORS)
        assert one.rests_until == after(14)

    def test_a_survey_is_found_once_it_has_rested(self, world, agency_id):
        for survey, minute in (("late", 12), ("soon", 10)):
            world.follow_ups.rest(agency_id, survey, after(minute))

        assert list(world.follow_ups.resting(agency_id, after(10))) == [("soon", after(10))]
        assert {name for name, _ in world.follow_ups.resting(agency_id, after(12))} == {"soon", "late"}
        assert list(world.follow_ups.resting(f"{agency_id}b", after(12))) == []

    def test_one_of_two_has_the_lease(self, world, agency_id):
        world.follow_ups.rest(agency_id, "s", after(10))

        leases = [world.follow_ups.lease(agency_id, "s", after(10), after(15)) for _ in range(2)]
        assert leases == [True, False]
        assert world.follow_ups.lease(agency_id, "unknown", after(10), after(15)) is False
        assert list(world.follow_ups.resting(agency_id, after(15))) == [("s", after(15))]

    def test_a_rest_is_forgotten_unless_more_was_answered(self, world, agency_id):
        world.follow_ups.rest(agency_id, "s", after(10))
        world.follow_ups.rested(agency_id, "s", after(9))
        assert list(world.follow_ups.resting(agency_id, after(10))) == [("s", after(10))]

        for _ in range(2):
            world.follow_ups.rested(agency_id, "s", after(10))
        assert list(world.follow_ups.resting(agency_id, after(10))) == []
