"""What a publisher is told before other settings are in force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.incident_types import AcknowledgmentRules, LanguageWords, Retention
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.weaker import weaker
from tests.factories import agency, judged

LIVE = agency(
    sensitive_types=frozenset({"SPECIAL"}),
    never_types=frozenset({"VIP"}),
    institutional_numbers=frozenset({"+13035550142"}),
)
SHADOW = replace(LIVE, mode="shadow")
ENDS = {
    "shadow ends: people": (SHADOW, LIVE),
    "silence gets shorter": (LIVE, replace(LIVE, silence=Duration(0))),
    "acknowledgment.hold gets shorter": (LIVE, replace(LIVE, acknowledgment=AcknowledgmentRules(hold=Duration(0)))),
    "retention.incidents gets shorter": (LIVE, replace(LIVE, retention=Retention(incidents=Duration(days=100)))),
    "sensitive_types no longer has SPECIAL": (LIVE, replace(LIVE, sensitive_types=frozenset())),
    "never_types no longer has VIP": (LIVE, replace(LIVE, never_types=frozenset())),
    "institutional_numbers no longer": (LIVE, replace(LIVE, institutional_numbers=frozenset())),
    "shadow ends for kind survey": (replace(LIVE, shadow_kinds=frozenset({Kind.SURVEY})), LIVE),
    "mass_call is higher: 5 becomes 6": (LIVE, replace(LIVE, mass_call=6)),
    "override_sensitive lets": (
        LIVE,
        replace(LIVE, incident_types=tuple(replace(one, override_sensitive=True) for one in LIVE.incident_types)),
    ),
}


@pytest.mark.parametrize(("said", "settings"), ENDS.items(), ids=ENDS)
def test_what_ends_is_said_and_the_way_back_ends_nothing(said, settings):
    before, after = settings

    (line,) = weaker(before, after)
    assert line.startswith(said)
    assert weaker(after, before) == ()


NOISE, LOUD = judged("incident_type", "NOISE", "Noise complaint"), judged("incident_type", "LOUD", "Loud party")
FIGHT = judged("incident_type", "FIGHT", "Fight", "sensitive")


def judging(*entries):
    return replace(LIVE, judgements=Judgements(entries))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([NOISE], [NOISE, LOUD], "judgements hold back less of LOUD = Loud party"),
        ([NOISE, FIGHT], [NOISE], "judgements no longer hold FIGHT = Fight as sensitive"),
        ([FIGHT], [judged("incident_type", "FIGHT", "Fight")], "judgements hold back less of FIGHT = Fight"),
        ([FIGHT], [judged("incident_type", "FIGHT", "Fight", "never")], "judgements hold back less of FIGHT = Fight"),
        (
            [judged("incident_type", "NOISE", "Noise complaint", "after_close")],
            [NOISE],
            "judgements hold back less of NOISE = Noise complaint",
        ),
        (
            [],
            [judged("type_modifier", f"LOUD {letter}") for letter in "ABCDEFG"],
            "judgements hold back less of LOUD A, LOUD B, LOUD C, LOUD D, LOUD E and 2 more",
        ),
    ],
)
def test_judgements_that_hold_back_less_are_named(before, after, said):
    assert weaker(judging(*before), judging(*after)) == (said,)


@given(st.permutations([NOISE, LOUD, FIGHT]), st.integers(0, 3))
def test_judging_fewer_values_dull_or_more_of_them_sensitive_ends_nothing(entries, kept):
    fewer = [entry for entry in entries[:kept] if entry.lets] + [FIGHT]

    assert weaker(judging(*entries), judging(*fewer)) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"short_name": "SPD"}, "the agency's name"),
        ({"words": {"en": LanguageWords(sms={"delay": "Officers are late."})}}, "texts and emails"),
        ({"resources_link": "https://help.example"}, "links"),
        ({"survey": replace(LIVE.survey, questions=LIVE.survey.questions[:1])}, "the survey"),
    ],
)
def test_whatever_the_public_reads_takes_two_people_once_it_is_read(changes, said):
    assert weaker(LIVE, replace(LIVE, **changes)) == (f"people read other words: {said}",)
    assert weaker(SHADOW, replace(SHADOW, **changes)) == ()
    assert len(weaker(LIVE, replace(SHADOW, **changes))) == 0


def test_the_first_settings_end_nothing_but_that_nobody_is_texted():
    assert weaker(None, SHADOW) == ()
    assert len(weaker(None, LIVE)) == 1
    assert weaker(LIVE, LIVE) == ()
