"""How many incidents, with how many people, may be the same as one."""

from chalicelib.domain.incidents.duplicates import MOST_FOLLOWERS, MOST_FOLLOWING, Follower, fitting
from chalicelib.domain.incidents.merge import Stamp
from chalicelib.domain.incidents.party import Party
from tests.factories import NOW


def follower(people):
    return Follower(leader="P26-1", stamp=Stamp(NOW, "u"), parties={f"{n}": Party() for n in range(people)})


def test_each_incident_takes_a_place_and_each_person_one():
    alone = {f"P26-{n:03}": follower(0) for n in range(MOST_FOLLOWERS + 5)}
    crowded = {f"P26-{n:03}": follower(MOST_FOLLOWING // 4) for n in range(6)}

    assert len(fitting(alone)) == MOST_FOLLOWERS
    assert [*fitting(crowded)] == ["P26-000", "P26-001", "P26-002", "P26-003"]


def test_one_that_does_not_fit_leaves_its_place_to_none_behind_it():
    sizes = {"P26-1": MOST_FOLLOWING - 1, "P26-2": 2, "P26-3": 1}

    assert [*fitting({number: follower(people) for number, people in sizes.items()})] == ["P26-1"]
