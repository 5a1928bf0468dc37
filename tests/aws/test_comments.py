"""Lists of comments and what was decided about them: the same over memory and over DynamoDB."""

from datetime import date
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.comments import CommentTable
from chalicelib.aws.tables import ContactItem, SurveyItem
from chalicelib.domain.surveys.comment_release import LISTS, CommentRelease, Listed, state_of
from chalicelib.ports.errors import Conflict
from tests.aws.conftest import DATABASES
from tests.factories import NOW, after

UNTIL = after(99)
DAY = date(2026, 11, 20)


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


def listed(name="c1", day=DAY, words="w"):
    return Listed(id=name, day=day, survey=f"hash of {name}", question="comment", words=words, since=NOW)


def decision(agency_id, one, mask="", state=None):
    return CommentRelease(
        agency_id=agency_id,
        comment_id=one.id,
        dt=one.day,
        words=one.words,
        state=state or state_of(mask),
        decided_at=NOW,
        decided_by="lee",
        mask=mask,
    )


def there(world, agency_id):
    return {which: [one.id for one in world.comments.page(agency_id, which, 9)[0]] for which in LISTS}


def test_new_ones_are_read_page_by_page_the_oldest_day_first_by_their_own_agency_alone(world, agency_id):
    found = [listed("c", date(2026, 11, 2)), listed("a", date(2026, 11, 3)), listed("b", date(2026, 10, 30))]
    world.comments.change(agency_id, found, (), None)
    world.comments.change(agency_id, found, (), UNTIL)
    first, onward = world.comments.page(agency_id, "new", 2)
    rest, end = world.comments.page(agency_id, "new", 2, onward)

    assert [one.id for one in (*first, *rest)] == ["b", "c", "a"]
    assert (first[0], end) == (found[2], "")
    assert world.comments.page(f"{agency_id}x", "new", 9) == ((), "")


@pytest.mark.parametrize(
    ("mask", "state", "onto"), [("", None, "released"), ("xx", None, "released"), ("", "held", "held")]
)
def test_a_decision_moves_a_comment_and_may_be_made_anew(world, agency_id, mask, state, onto):
    one = listed()
    world.comments.change(agency_id, (one,), (), UNTIL)
    world.comments.keep(decision(agency_id, one, mask, state), UNTIL)

    assert world.comments.find(agency_id, one.place) == (onto, one)
    assert there(world, agency_id) == {which: ["c1"] if which == onto else [] for which in LISTS}
    assert world.comments.decision(agency_id, "c1").mask == mask

    world.comments.keep(decision(agency_id, one, state="held"), UNTIL)
    assert there(world, agency_id) == {"new": [], "released": [], "held": ["c1"]}
    assert world.comments.decision(agency_id, "c1").state == "held"


def test_a_decision_on_one_that_is_on_no_list_is_kept_and_lists_nothing(world, agency_id):
    world.comments.keep(decision(agency_id, listed()), UNTIL)

    assert world.comments.decision(agency_id, "c1").state == "released"
    assert world.comments.find(agency_id, listed().place) is None
    assert world.comments.decision(agency_id, "other") is None


def test_what_was_changed_waits_anew_and_what_was_taken_back_is_on_no_list(world, agency_id):
    changed, gone = listed("c1"), listed("c2")
    world.comments.change(agency_id, (changed, gone), (), UNTIL)
    for one in (changed, gone):
        world.comments.keep(decision(agency_id, one), UNTIL)
    newer = replace(changed, words="others")
    world.comments.change(agency_id, (newer,), (changed.place, gone.place), UNTIL)

    assert there(world, agency_id) == {"new": ["c1"], "released": [], "held": []}
    assert world.comments.find(agency_id, changed.place) == ("new", newer)


@pytest.mark.parametrize("before", ["", "released", "held"])
@pytest.mark.parametrize("table", DATABASES)
def test_words_that_change_at_the_same_moment_win_over_a_decision_on_the_earlier_ones(
    request, table, agency_id, before
):
    tables, one = request.getfixturevalue(table), listed()
    comments = CommentTable(tables.bound[SurveyItem], tables.bound[ContactItem], tables.connection)
    comments.change(agency_id, (one,), (), UNTIL)
    if before:
        comments.keep(decision(agency_id, one, state=before), UNTIL)
    read = comments._there

    def changes_then(*asked):
        found = read(*asked)
        comments.change(agency_id, (replace(one, words="others"),), (one.place,), UNTIL)
        return found

    comments._there = changes_then
    with pytest.raises(Conflict):
        comments.keep(decision(agency_id, one), UNTIL)

    known = comments.decision(agency_id, "c1")
    assert (known.state if known else "") == before
    assert comments.page(agency_id, "new", 9)[0][0].words == "others"
    assert tables.bound[ContactItem].find(f"!comments#{agency_id}#new", one.place).expires == UNTIL


@pytest.mark.parametrize("table", DATABASES)
def test_a_hold_at_the_same_moment_wins_over_another_release_of_what_is_released(request, table, agency_id):
    tables, one = request.getfixturevalue(table), listed()
    comments = CommentTable(tables.bound[SurveyItem], tables.bound[ContactItem], tables.connection)
    comments.change(agency_id, (one,), (), UNTIL)
    comments.keep(decision(agency_id, one), UNTIL)
    read = comments._there

    def held_then(*asked):
        found = read(*asked)
        comments._there = read
        comments.keep(decision(agency_id, one, state="held"), UNTIL)
        return found

    comments._there = held_then
    with pytest.raises(Conflict):
        comments.keep(decision(agency_id, one, mask="xx"), UNTIL)

    assert not comments.decision(agency_id, "c1").quotable
    assert comments.find(agency_id, one.place) == ("held", one)
