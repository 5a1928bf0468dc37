"""What changed between two settings is told in words, also where no past call shows it."""

import io
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.incident_types import LanguageWords, Retention
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.questions import Question
from chalicelib.domain.settings.survey import FollowUpRules
from chalicelib.insight.settings.changes import changes
from chalicelib.insight.settings.diff import as_json, diff
from tenfour.common.screen import Screen
from tenfour.settings.diff_show import show
from tests.factories import agency, demo_agency, judged

OURS = agency(mode="shadow", judgements=Judgements((judged("type_modifier", "LOUD"),)))
OTHER = demo_agency()
DIFFERENT = [
    name
    for name in Agency.__struct_fields__
    if name not in ("version", "judgements") and getattr(OURS, name) != getattr(OTHER, name)
]

NOISY = {"en": LanguageWords(sms={"delay": "{{ agency }}: we are late."})}
RESPECT, HELPED = (Question(id=name, text={"en": f"{name}?"}) for name in ("respect", "helped"))
ASKED = replace(OURS, survey=replace(OURS.survey, questions=(RESPECT, HELPED)))


def survey(**follow_up):
    return replace(OURS.survey, follow_up=FollowUpRules(**follow_up))


CHANGED = {
    "mode": ({"mode": "live"}, ["mode: shadow becomes live"]),
    "retention": (
        {"retention": Retention(surveys=Duration(days=30))},
        ["retention.surveys: 400d becomes 30d"],
    ),
    "mailboxes": (
        {"survey": survey(supervisors="sgt@pd.example")},
        ["survey.follow_up.supervisors: nothing becomes sgt@pd.example"],
    ),
    "a mailbox of a unit": (
        {"survey": survey(praise={"3A*": "p@pd.example"})},
        ['survey.follow_up.praise."3A*": nothing becomes p@pd.example'],
    ),
    "sensitive_types": (
        {"sensitive_types": frozenset({"DVX", "OLD"})},
        ["sensitive_types: has DVX, OLD now; has DV no more"],
    ),
    "carry": (
        {"survey": replace(OURS.survey, carry=frozenset({"beat", "unit"}))},
        ["survey.carry: has unit now; has incident_type, shift no more"],
    ),
    "a type": (
        {"incident_types": OURS.incident_types[1:]},
        ["incident_types: NOISE, SUSP is taken out"],
    ),
    "a type's own": (
        {"incident_types": (replace(OURS.incident_types[0], case_number_to="caller"), *OURS.incident_types[1:])},
        ['incident_types."NOISE, SUSP".case_number_to: victim becomes caller'],
    ),
    "the order of types": ({"incident_types": OURS.incident_types[::-1]}, []),
    "a type's own words": (
        {"incident_types": (replace(OURS.incident_types[0], words=NOISY), *OURS.incident_types[1:])},
        ['incident_types."NOISE, SUSP".words.en.sms.delay: nothing becomes {{ agency }}: we are late.'],
    ),
    "judgements": (
        {"judgements": Judgements((judged("type_modifier", "LOUD", "", "never"), judged("type_modifier", "NEW")))},
        ["judgements: 1 new, 1 judged otherwise"],
    ),
    "who may come to the desk": (
        {"desk": Desk(roles={"Watch commanders": (Role.WATCH, Role.RECORDS)}, idle=Duration(minutes=10))},
        ['desk.roles."Watch commanders": nothing becomes watch, records', "desk.idle: 30m becomes 10m"],
    ),
    "the number that publishing gives": ({"version": 9}, []),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_setting_that_changed_is_told(name):
    changed, told = CHANGED[name]

    assert list(changes(OURS, replace(OURS, **changed))) == told


def test_questions_that_moved_are_told_in_their_new_order():
    moved = replace(ASKED, survey=replace(ASKED.survey, questions=(HELPED, RESPECT)))

    assert changes(ASKED, moved) == ("survey.questions: the order is now helped, respect",)


def test_the_same_settings_have_no_changes():
    for settings in (OURS, demo_agency()):
        assert changes(settings, settings) == ()


@pytest.mark.parametrize("name", DIFFERENT)
def test_every_setting_is_told_under_its_own_name(name):
    told = changes(OURS, replace(OURS, **{name: getattr(OTHER, name)}))
    assert told
    assert all(line.startswith((f"{name}:", f"{name}.", f"{name}[")) for line in told)


def shown(new):
    page = io.StringIO()
    found = diff(OURS, new, [], lambda: None)
    show(found, new, Screen(file=page, width=80))
    return page.getvalue(), as_json(found)


def test_going_live_is_never_nothing():
    text, told = shown(replace(OURS, mode="live"))

    assert "mode: shadow becomes live" in text
    assert "this ends: shadow ends: people are texted from now on" in text
    assert "The changed settings show on none of these calls." in text
    assert (told["settings"], len(told["ends"])) == (["mode: shadow becomes live"], 1)


def test_nothing_is_said_only_of_the_same_settings():
    text, told = shown(OURS)

    assert "No setting changed." in text
    assert "Nothing is different." in text
    assert told["settings"] == told["ends"] == []
    assert OURS.retention.surveys == timedelta(days=400)


def test_what_a_file_says_is_text_and_no_markup():
    text, _ = shown(replace(OURS, name="[bold]PD[/bold]"))

    assert "[bold]PD[/bold]" in text
