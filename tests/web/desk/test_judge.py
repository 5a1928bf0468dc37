"""Judging words at the desk: one person silences at once, two let a text go, and nothing is lost."""

import pytest

from chalicelib.domain.notifications.notification import State
from chalicelib.insight.judging.listed import listed as listed_at_the_desk
from chalicelib.insight.settings.judge import sheet
from tests.factories import PHONE, caller, judged
from tests.web.desk.judging import JUDGE, REVIEW, answer, comes, decides, judges, strict, value, verdicts_of
from tests.web.desk.valid import Page
from tests.web.desk.world import asked, key, story

PARK = value("PARK", "Parking complaint")
LOUD = value("LOUD", "Loud party")


@pytest.fixture(autouse=True)
def judged_nothing(world):
    strict(world, judged("incident_type", "PARKING", "Parking in a fire lane", "never"))


@pytest.fixture
def ana(world):
    return world.signed_in("words", name="Ana Ruiz", subject="ana")


@pytest.fixture
def lee(world):
    return world.signed_in("approver", "words", cookie="lee", name="Lee Okafor", subject="lee")


def listed(world, cookie, **query):
    """Return the values on the page, in their order."""
    page = asked(world, "GET", JUDGE, cookie=cookie, query=query).body
    return [one.split("</legend>")[0].replace("<bdi>", "").replace("</bdi>", "") for one in page.split("<legend>")[1:]]


def test_the_most_frequent_value_comes_first_with_all_that_helps_to_judge_it(world, ana):
    comes(world, PARK, 2)
    comes(world, value("DOGBITE", "Child hurt by dog"), 5)
    page = asked(world, "GET", JUDGE, cookie=ana).body

    assert listed(world, ana) == ["DOGBITE = Child hurt by dog", "PARK = Parking complaint"]
    assert "in 5 calls" in page
    assert "<bdi>P26-1</bdi>" in page
    assert "The word lists:" in page
    assert "<bdi>PARKING = Parking in a fire lane</bdi>: never" in page
    assert Page(page).problems == []


def test_one_person_silences_at_once_and_it_is_noted_after(world, ana):
    name = comes(world, PARK)
    world.ledger.down = True
    told = judges(world, ana, answer(name, "never"))

    assert told.status_code == 200
    assert verdicts_of(world)["PARK = Parking complaint"] == ("never", "Ana Ruiz")
    assert listed(world, ana) == []


def test_what_lets_a_text_go_changes_nothing_before_a_second_person_has_seen_it(world, ana):
    before, name = world.settings.agency("springfield"), comes(world, PARK)
    told = judges(world, ana, answer(name, "dull"))

    assert told.status_code == 200
    assert world.settings.agency("springfield") == before
    assert listed(world, ana) == []
    assert listed(world, ana, show="proposed") == ["PARK = Parking complaint"]
    assert world.ledger.said[-1] == ("drafted", "1 value: PARK = Parking complaint")


def test_a_second_person_approves_and_both_names_are_in_what_is_published(world, ana, lee):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    told = decides(world, lee, name, "approve")

    author, _, entries = world.settings._port.published[-1]
    assert told.status_code == 200
    assert verdicts_of(world)["PARK = Parking complaint"] == ("dull", "Ana Ruiz", "Lee Okafor")
    assert [one.step for one in entries] == ["proposed", "approved", "done"]
    assert len({one.by for one in entries}) == 2
    assert entries[0].act.ends == ("judgements hold back less of PARK = Parking complaint",)
    assert author.startswith("Ana Ruiz (desk:")
    assert " and Lee Okafor (desk:" in author
    assert ("published", "1 value: PARK = Parking complaint") in world.ledger.said


def test_a_text_goes_after_two_people_judged_and_not_before(world, ana, lee):
    told = {"parties": {"1": caller(PHONE)}, "incident_type_description": "Loud music"}
    story(world, "P26-1", "NOISE", **told)
    name = comes(world, value("NOISE", "Loud music"))
    assert not world.incidents.load(key("P26-1")).rows

    judges(world, ana, answer(name, "dull"))
    decides(world, lee, name, "approve")
    world.city.agency = world.settings.agency("springfield")
    story(world, "P26-2", "NOISE", **told)
    rows = world.incidents.load(key("P26-2")).rows.values()

    assert State.SENT in {row.state for row in rows} or State.DELIVERED in {row.state for row in rows}


def test_nobody_approves_what_they_judged_themselves(world, lee):
    name = comes(world, PARK)
    judges(world, lee, answer(name, "dull"))
    draft = world.judging.drafts("springfield")[0]
    told = decides(world, lee, name, "approve", draft.digest)

    assert told.status_code == 422
    assert "PARK = Parking complaint" not in verdicts_of(world)


def test_two_people_of_one_name_are_two_people(world, ana):
    other = world.signed_in("approver", cookie="other", name="Ana Ruiz", subject="ana-2")
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    decides(world, other, name, "approve")

    assert verdicts_of(world)["PARK = Parking complaint"] == ("dull", "ana Ana Ruiz", "ana-2 Ana Ruiz")


def test_an_edit_voids_the_approval_that_was_on_its_way(world, ana, lee):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    seen = world.judging.drafts("springfield")[0].digest
    judges(world, ana, answer(name, "welfare", 1))
    told = decides(world, lee, name, "approve", seen)

    assert told.status_code == 409
    assert "PARK = Parking complaint" not in verdicts_of(world)


def test_whoever_is_asked_for_a_change_reads_the_reason_at_the_value(world, ana, lee):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    without = decides(world, lee, name, "return")
    told = decides(world, lee, name, "return", r="private lots too")
    page = asked(world, "GET", JUDGE, cookie=ana).body

    assert (without.status_code, told.status_code) == (422, 200)
    assert "private lots too" in page
    assert listed(world, ana) == ["PARK = Parking complaint"]


def test_of_two_people_at_one_value_one_wins_and_the_other_is_told_who(world, ana, lee):
    park, loud = comes(world, PARK), comes(world, LOUD)
    judges(world, ana, answer(park, "dull"))
    told = judges(world, lee, answer(park, "never"), answer(loud, "never"))

    assert told.status_code == 409
    assert "Ana Ruiz judged it “dull”" in told.body
    assert world.judging.drafts("springfield")[0].verdict == "dull"
    assert verdicts_of(world)["LOUD = Loud party"] == ("never", "Lee Okafor")


def test_a_draft_that_somebody_writes_in_the_same_moment_is_not_written_over(world, ana, lee):
    name = comes(world, PARK)
    drafts = world.judging._port.drafts

    def meanwhile(agency_id):
        found = drafts(agency_id)
        world.judging._port.drafts = drafts
        judges(world, lee, answer(name, "welfare"))
        return found

    world.judging._port.drafts = meanwhile
    told = judges(world, ana, answer(name, "dull"))

    assert told.status_code == 409
    assert "Lee Okafor judged it “welfare”" in told.body
    assert [one.verdict for one in world.judging.drafts("springfield")] == ["welfare"]


def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(world, ana):
    names = comes(world, PARK), comes(world, LOUD)
    form = answer(names[0], "dull"), answer(names[1], "never")
    judges(world, ana, *form)
    version = world.settings.agency("springfield").version
    told = judges(world, ana, *form)

    assert told.status_code == 200
    assert world.settings.agency("springfield").version == version
    assert [one.number for one in world.judging.drafts("springfield")] == [1, 1]


def test_an_old_page_that_says_later_takes_back_nothing(world, ana):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    judges(world, ana, answer(name, "later"))
    still = world.judging.drafts("springfield")[0].state
    judges(world, ana, answer(name, "later", 1))

    assert still == "proposed"
    assert world.judging.drafts("springfield")[0].state == "withdrawn"
    assert listed(world, ana) == ["PARK = Parking complaint"]


def test_whoever_sends_on_a_page_with_others_answers_has_not_judged(world, ana, lee):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    judges(world, lee, answer(name, "dull", 1))

    assert world.judging.drafts("springfield")[0].judge.name == "Ana Ruiz"


@pytest.mark.parametrize(
    ("item", "lacks", "more"),
    [
        (value("10-91"), "Write what the code means", {"m": "Stray animal"}),
        (value("DV", "Domestic assault"), "Write why it may be texted about", {"r": "the code of a form"}),
    ],
)
def test_what_a_judgement_lacks_is_said_at_the_value_and_the_answer_stays(world, ana, item, lacks, more):
    name = comes(world, item)
    told = judges(world, ana, answer(name, "after_close"))

    assert told.status_code == 422
    assert lacks in told.body
    assert 'value="after_close" data-key="a" data-lets checked' in told.body
    assert judges(world, ana, answer(name, "after_close", **more)).status_code == 200
    assert len(world.judging.drafts("springfield")) == 1


def test_a_value_that_cannot_be_read_can_only_be_silenced(world, ana):
    name = comes(world, value("\u0627\u0644\u0639", "\u202eabc"))
    page = asked(world, "GET", JUDGE, cookie=ana).body
    told = judges(world, ana, answer(name, "dull"))

    assert 'value="dull"' not in page
    assert told.status_code == 422
    assert world.judging.drafts("springfield") == ()


def test_without_the_ledger_no_draft_is_saved_and_every_answer_stays(world, ana):
    name = comes(world, PARK)
    world.ledger.down = True
    told = judges(world, ana, answer(name, "dull"))

    assert told.status_code == 503
    assert 'value="dull" data-key="d" data-lets checked' in told.body
    assert world.judging.drafts("springfield") == ()


def test_without_the_ledger_nothing_is_approved(world, ana, lee):
    name = comes(world, PARK)
    judges(world, ana, answer(name, "dull"))
    world.ledger.down = True
    told = decides(world, lee, name, "approve")

    assert told.status_code == 503
    assert "PARK = Parking complaint" not in verdicts_of(world)


def test_a_screen_has_25_values_and_the_next_begins_behind_it(world, ana):
    for number in range(60):
        comes(world, value(f"T{number:02}", f"Type number {number}"), 100 - number)
    first = listed(world, ana)
    page = asked(world, "GET", JUDGE, cookie=ana).body
    after = page.split("after=")[1].split('"')[0]
    second = listed(world, ana, after=after)

    assert (len(first), len(second)) == (25, 25)
    assert [first[0][:3], second[0][:3]] == ["T00", "T25"]


def test_filters_are_links_and_narrow_the_list(world, ana):
    comes(world, PARK)
    comes(world, value("DV", "Domestic assault"))
    comes(world, value("IN PROGRESS", field="type_modifier"))

    assert "PARK = Parking complaint" in listed(world, ana, known="no")
    assert "DV = Domestic assault" in listed(world, ana, known="yes")
    assert listed(world, ana, field="type_modifier") == ["IN PROGRESS"]
    assert listed(world, ana, field="<x>") == []


def test_another_agencys_values_and_drafts_are_out_of_reach(world, ana):
    name = comes(world, PARK, agency="shelbyville")

    assert asked(world, "GET", "/desk/shelbyville/judge", cookie=ana).status_code == 403
    assert judges(world, ana, answer(name, "dull")).status_code == 409
    assert world.judging.drafts("shelbyville") == world.judging.drafts("springfield") == ()


def test_whoever_only_judges_reviews_nothing(world, ana):
    assert asked(world, "GET", REVIEW, cookie=ana).status_code == 403
    assert asked(world, "POST", REVIEW, cookie=ana).status_code == 403


@pytest.mark.parametrize(
    "said",
    ["<script>alert(1)</script>", "\u202e\u0634 <b>x", "{{ 7 * 7 }}", "'\"><img src=x onerror=1>", "a" * 400],
)
def test_words_of_dispatch_are_shown_as_words(world, ana, lee, said):
    name = comes(world, value("ODD", said))
    pages = [asked(world, "GET", JUDGE, cookie=ana).body, judges(world, ana, answer(name, "dull", r=said)).body]
    pages.append(asked(world, "GET", REVIEW, cookie=lee).body)

    for page in pages:
        assert Page(page).problems == []
        assert not [bad for bad in ("<script>alert", "<img", ">49<", "\u202e") if bad in page]


@pytest.mark.parametrize(
    "form", [{"v.x": "dull"}, {"v.": "dull"}, {"v." + "0" * 16: "dull"}, {"v." + "0" * 16: "x" * 100_000}]
)
def test_a_form_of_nobodys_page_changes_nothing(world, ana, form):
    before = world.settings.agency("springfield")
    told = asked(world, "POST", JUDGE, cookie=ana, form=form)

    assert told.status_code < 500
    assert world.settings.agency("springfield") == before
    assert world.judging.drafts("springfield") == ()


def test_the_command_reads_the_same_values_and_drafts(world, ana):
    park, _ = comes(world, PARK, 3), comes(world, LOUD, 2)
    judges(world, ana, answer(park, "dull"))
    work = listed_at_the_desk(world, "springfield", world.settings.agency("springfield"))
    told = {one.value: (one.incidents, one.verdicts, one.judged_by) for one in work.waiting}

    assert told == {"PARK": (3, "dull", "Ana Ruiz"), "LOUD": (2, "", "")}
    assert "PARK,Parking complaint,dull,Ana Ruiz" in sheet(work.waiting)
