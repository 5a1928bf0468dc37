"""Calls are named as people read them, wherever staff see them: never by a bare key of ours."""

import io

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.history import Story
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.insight.explain.calls import calls_in
from chalicelib.insight.explain.story import explain
from chalicelib.insight.named import incident_named
from chalicelib.insight.settings.diff import as_json, diff
from chalicelib.virtual.clock import Told
from tenfour.common.screen import Screen
from tenfour.operate import explain_show
from tenfour.operate.calls_show import show_calls
from tenfour.settings.diff_show import show
from tests.factories import NOW, agency, call, caller, update
from tests.flow.city import City

AT = "the call of 11:00 am (=id:501)"


def opened(number="", own="501"):
    return call(parties={"1": caller()}, incident_number=number, incident_id=own)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (opened("P26-1", ""), "P26-1"),
        (opened("P26-1"), "P26-1"),
        (opened(), "the call of "),
        (update(NOW, incident_number="", incident_id="501"), "the call without a number (=id:501)"),
    ],
    ids=["number", "number and id", "id", "id and no time"],
)
def test_an_incident_is_named_by_its_number_else_by_its_time(told, name):
    city = City(agency(identity=IdentityRules()))
    city.tell(told)
    (record,) = city.records()

    found = incident_named(record.incident, city.agency.zone)

    assert found.startswith(name)
    assert found.endswith("(=id:501)") == (told.incident_number == "")


def known():
    """Return a city that was told a call with an id and no number."""
    city = City(agency(identity=IdentityRules()))
    city.tell(opened())
    return city


def printed(print_it):
    text = io.StringIO()
    print_it(Screen(file=text, width=120, plain=True))
    return " ".join(text.getvalue().split())


def test_the_diff_says_which_call_it_means():
    before = agency(identity=IdentityRules())
    after = replace(before, incident_types=())

    found = diff(before, after, [Told(NOW, 0, opened())], lambda: None)

    assert {item.called for item in found.differences} == {AT}
    assert {each["called"] for each in as_json(found)["differences"]} == {AT}
    assert f"acknowledgment of {AT}" in printed(lambda console: show(found, after, console))


def test_the_story_and_its_record_say_which_call_it_is():
    city = known()
    (record,) = city.records()
    story = Story(record=record)

    told = explain(story, {}, city.agency, (), at=NOW)

    assert told.called == AT
    assert f"Springfield PD, {AT}: " in printed(lambda console: explain_show.show(console, told, city.agency.zone))


def test_the_list_of_calls_says_that_one_has_no_number(capsys):
    show_calls(calls_in(known().records(), None), agency().zone, as_json=False)

    shown = capsys.readouterr().out
    assert "(no number)" in shown
    assert "=id:501" in shown
