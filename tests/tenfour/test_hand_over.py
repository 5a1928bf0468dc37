"""A deployment asks for settings that could be published, for links that lead to it, and says what goes to whom."""

from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from chalicelib.domain.settings.incident_types import City
from tenfour.common.reach import client
from tenfour.common.screen import Screen
from tenfour.stack.change import wait_for_stack
from tenfour.stack.check_settings import check_first_settings, check_links
from tenfour.stack.deploy import TO_DO, Deployed
from tenfour.stack.show import show_hand_over
from tenfour.stack.smoke import smoke
from tenfour.stack.template import merged
from tests.factories import agency

OURS = {"RestAPIId": "a1b2c3", "EndpointURL": "https://a1b2c3.execute-api.us-west-2.amazonaws.com/api/"}
BOTH = {"PublicDomain": "tell.city.example", "CadDomain": "cad.city.example"}
SHADOW = replace(agency(), mode="shadow")


def linked(link, **changes):
    return replace(agency(**changes), survey=replace(agency().survey, link=link))


def said(findings):
    return [(finding.level, finding.about) for finding in findings]


def handed_over(**changes):
    console = Screen(width=80, record=True)
    deployed = Deployed(
        **{
            "account": "123456789012",
            "region": "us-west-2",
            "stack": "tenfour",
            "findings": (),
            "address": "https://cad.city.example",
            "public_address": "https://tell.city.example",
            "agency_id": "springfield",
            "key_name": "springfield-cad-1",
            **changes,
        }
    )
    show_hand_over(console, deployed)
    return console.export_text()


def test_the_desks_address_is_printed_where_there_is_one():
    address = "https://desk.city.example/desk/"

    assert address in handed_over(desk=address)
    assert "sign in" not in handed_over()


def test_first_settings_with_an_error_are_not_published_as_publish_would_refuse_them_too():
    (finding,) = check_first_settings(SHADOW, ["my/agency.toml:15: error: survey.link: …"], [])

    assert (finding.level, finding.says) == ("stop", "my/agency.toml:15: error: survey.link: …")


def test_first_settings_begin_in_shadow():
    assert said(check_first_settings(replace(SHADOW, mode="live"), [], [])) == [("stop", "settings")]
    assert said(check_first_settings(SHADOW, [], [])) == []


def test_settings_that_are_there_are_left_as_they_are_whatever_the_file_says():
    assert said(check_first_settings(agency(mode="live"), ["an error"], [SHADOW])) == []


@pytest.mark.parametrize(
    ("link", "parameters", "outputs", "says"),
    [
        ("https://tell.city.example/s", BOTH, OURS, None),
        ("https://a1b2c3.execute-api.us-west-2.amazonaws.com/api/s", {}, OURS, None),
        ("https://a1b2c3.execute-api.us-west-2.amazonaws.com/api/s", {"PublicDomain": "x.example"}, OURS, None),
        ("https://gone.execute-api.us-west-2.amazonaws.com/api/s", {}, OURS, f"publish {OURS['EndpointURL']}s"),
        ("https://gone.execute-api.us-west-2.amazonaws.com/api/s", {}, {}, "printed at the end"),
        (
            "https://gone.execute-api.us-west-2.amazonaws.com/api/s",
            {"PublicDomain": "x.example"},
            OURS,
            "publish https://x.example/s",
        ),
    ],
)
def test_a_link_at_an_address_of_api_gateways_leads_to_this_stack(link, parameters, outputs, says):
    found = list(check_links([linked(link)], parameters, outputs))

    assert said(found) == ([("live", "settings")] if says else [])
    assert all(says in finding.says for finding in found)


@pytest.mark.parametrize(
    ("mode", "cities", "level"),
    [
        ("shadow", (), "live"),
        ("live", (), "stop"),
        ("shadow", (City(name="Riverton", short_name="Riverton", beats=("R1",), mode="live"),), "stop"),
    ],
)
def test_no_address_is_closed_that_a_live_agency_has_in_its_texts(mode, cities, level):
    ours = linked("https://a1b2c3.execute-api.us-west-2.amazonaws.com/api/s", mode=mode, cities=cities)

    (finding,) = check_links([ours], BOTH, OURS)
    assert (finding.level, "publish https://tell.city.example/s first" in finding.says) == (level, True)


def test_the_agency_is_told_what_its_links_are_and_where_people_look_a_text_up():
    told = handed_over()

    assert 'survey.link is "https://tell.city.example/s"' in told
    assert "https://tell.city.example/real/springfield" in told
    assert "https://tell.city.example/openapi.html" in told  # without a certificate
    assert "POST https://cad.city.example/cad/springfield/updates" in told


def test_a_command_that_is_printed_reaches_the_stack_that_was_deployed():
    assert "key        tenfour keys show springfield-cad-1" in handed_over()
    assert "key        TENFOUR_STAGE=first tenfour keys show" in handed_over(stack="tenfour-first")


def test_each_value_for_somebody_else_says_what_to_do_with_it():
    outputs = merged()["Outputs"]
    hints = {name: outputs[name]["Description"] for name in TO_DO}
    told = handed_over(to_do=tuple((name, f"value-of-{name}") for name in TO_DO), hints=hints)

    lines = [line for line in told.splitlines() if "value-of-" in line]
    assert len(lines) == len(TO_DO)
    assert all(hints[name] in line for name, line in zip(TO_DO, lines, strict=True))


def test_a_domain_that_leads_nowhere_yet_is_told_with_its_address_as_it_was_given(monkeypatch):
    monkeypatch.setattr("tenfour.stack.smoke.READY_WITHIN", 0)

    (finding,) = smoke("http://127.0.0.1:9/", None, None, None)
    assert finding.says.startswith("http://127.0.0.1:9/health: ")
    assert "its DNS record must lead here first" in finding.says


def test_a_stack_that_goes_is_told_by_its_name():
    stack_id = "arn:aws:cloudformation:us-west-2:123456789012:stack/tenfour-first/9cea55fd-bb85-464f-94ed-186810049529"
    formation, told = client("cloudformation", "http://127.0.0.1:9"), []
    gone = {"StackName": "tenfour-first", "StackStatus": "DELETE_COMPLETE", "CreationTime": datetime.now(UTC)}

    with Stubber(formation) as stub:
        stub.add_response("describe_stacks", {"Stacks": [gone]}, {"StackName": stack_id})
        assert wait_for_stack(formation, stack_id, told.append) == "DELETE_COMPLETE"

    assert told == ["tenfour-first: delete complete"]
