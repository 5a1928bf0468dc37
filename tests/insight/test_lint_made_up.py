"""A live agency has no number or address of the starter, nor any that leads nowhere."""

import pytest

from chalicelib.insight.settings.check import check
from tenfour.common.paths import AGENCIES

STARTER = AGENCIES / "starter.toml"
OWN = """
[numbers]
non_emergency = "720-865-2000"
sms_from = "+17208652001"
email_from = "no-reply@larkspur.gov"
[survey]
link = "https://tell.larkspur.gov/s"
"""
BOW_MAR = """
[[cities]]
name = "Bow Mar"
short_name = "Bow Mar PD"
beats = ["1"]
non_emergency = "303-555-0101"
"""


@pytest.fixture
def found(tmp_path):
    """Return the findings about what is made up in settings over the starter's, by severity."""

    def look(text, mode="live"):
        file = tmp_path / "own.toml"
        file.write_text(f'extends = "{STARTER}"\nagency_id = "larkspur"\nmode = "{mode}"\n{text}')
        told = check(file).found
        made_up = [one for one in told if "the starter's" in one.message or "kept for examples" in one.message]
        return {
            severity: {one.field for one in made_up if one.severity == severity} for severity in ("error", "warning")
        }

    return look


def test_the_starters_numbers_and_addresses_are_refused_in_a_live_agency(found):
    wrong = {"numbers.non_emergency", "numbers.sms_from", "numbers.email_from", "survey.link"}

    assert found("") == {"error": wrong, "warning": set()}


def test_shadow_may_have_them(found):
    assert found("", mode="shadow") == {"error": set(), "warning": set()}


def test_an_agencys_own_are_fine(found):
    assert found(OWN) == {"error": set(), "warning": set()}


@pytest.mark.parametrize(
    ("own", "starters", "field"),
    [
        ("720-865-2000", "303-555-0100", "numbers.non_emergency"),
        ("720-865-2000", "(303) 555-0100", "numbers.non_emergency"),
        ("+17208652001", "+13035550199", "numbers.sms_from"),
        ("no-reply@larkspur.gov", "no-reply@police.example", "numbers.email_from"),
        ("https://tell.larkspur.gov/s", "https://Tell.Police.Example/s", "survey.link"),
    ],
)
def test_each_one_that_is_left_is_refused(found, own, starters, field):
    assert found(OWN.replace(own, starters))["error"] == {field}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (OWN.replace("720-865-2000", "720-555-0142"), "numbers.non_emergency"),
        (OWN.replace("larkspur.gov/s", "larkspur.example/s"), "survey.link"),
        (OWN.replace("@larkspur.gov", "@example.org"), "numbers.email_from"),
        (OWN + '[survey.follow_up]\nalerts = "watch@pd.test"\n', "survey.follow_up.alerts"),
        (OWN + BOW_MAR, "cities[0].non_emergency"),
    ],
)  # fmt: skip
def test_what_is_made_up_otherwise_is_warned_of(found, text, field):
    assert found(text)["warning"] == {field}
    assert found(text)["error"] == set()


def test_a_city_on_this_machine_may_have_all_of_it(found):
    assert found('[survey]\nlink = "http://127.0.0.1:8080/s"\n') == {"error": set(), "warning": set()}
