"""Whoever is erased is erased: what they wrote is at no desk any more."""

from chalicelib.domain.surveys.alert import alert
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.records.person import erase_person
from chalicelib.insight.records.subject import find_person
from tests.factories import PHONE, caller
from tests.web.desk.world import Audited, DeskWorld, story


class Forgetting(Audited):
    """Records of which nothing else is kept."""

    def forget_in(self, *asked):
        pass

    def forget_contact(self, *asked):
        return 0

    def forget_rejected(self, *asked):
        return 0


def test_alerts_about_what_a_person_texted_are_erased_with_their_texts_and_those_of_others_stay():
    world = DeskWorld()
    world.records = Forgetting()
    story(world, "P26-1", parties={"1": caller(PHONE)})
    person = find_person(world, world.city.agency, PHONE)
    theirs = alert("springfield", "SM1", "He has a gun. PLUGH", "", world.now, person.keyed_hash)
    other = alert("springfield", "SM2", "He has a gun.", "P26-1", world.now, "somebody else")
    for one in (theirs, other):
        world.follow_ups.keep(one, None)

    erase_person(world, person, world.now)

    assert [one.id for one in world.follow_ups.of("springfield", Desk.ALERTS)] == [other.id]
