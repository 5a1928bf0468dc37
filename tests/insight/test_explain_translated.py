"""A call's story in Spanish: each sentence that `explain` can say has a phrase, and others' words stay theirs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight import reasons
from chalicelib.insight.explain import heard, translated, untold, words
from chalicelib.insight.explain.read import read
from chalicelib.insight.explain.translated import in_language, phrases, said
from tests.factories import caller
from tests.web.desk.world import DeskWorld, key, story

KINDS = [*words.KINDS.values(), *words.WHAT.values(), untold.EVERYBODY]
SAID = {
    *KINDS,
    *words.HELD.values(),
    *words._TROUBLE.values(),
    *reasons.PLAIN.values(),
    *heard.LATCHES.values(),
    words.IN_DOUBT,
}
PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("english", sorted(SAID))
def test_what_explain_can_say_has_a_phrase(english):
    assert phrases("es").get(english)


def test_what_decided_and_who_let_go_have_phrases():
    for name in words._DETAIL:
        told = words.detail(name if name.startswith("phone") else f"{name}: XYZ")
        assert said("es", told) != told
    for what in words.RELEASES.values():
        whose = " caller 1" if "safe" in what else ""
        told = said("es", f"user/ann let go {what}{whose}: “a reason”")
        assert "liberó" in told
        assert "user/ann" in told
        assert "“a reason”" in told


@pytest.mark.parametrize("label", sorted(set(heard.FIELDS.values()) - {"linked to", "a drill"}))
def test_a_fact_of_dispatch_has_a_phrase(label):
    quoted = label in {"described as", "modifier"}
    text = f"{label} “XYZ”" if quoted else f"{label} XYZ"

    assert said("es", text) != text
    assert "XYZ" in said("es", text)


def test_each_phrase_has_the_same_places_in_both_languages():
    for english, spanish in phrases("es").items():
        assert set(PLACE.findall(english)) == set(PLACE.findall(spanish)), english
        assert spanish.strip()


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("caller 1 at (•••) •••-0123 (speaks en)", "quien llamó 1 en (•••) •••-0123 (habla en)"),
        (
            "caller 1 at (•••) •••-0123 (a landline, speaks es)",
            "quien llamó 1 en (•••) •••-0123 (un teléfono fijo, habla es)",
        ),
        ("described as “LOUD PARTY (speaks en)”", "descrita como “LOUD PARTY (speaks en)”"),
    ],
)
def test_what_is_told_of_a_person_in_brackets_has_a_phrase_too(english, spanish):
    assert said("es", english) == spanish


@given(st.text(max_size=40))
def test_a_text_that_no_phrase_says_stays_as_it_is_or_keeps_its_words(text):
    marked = f"QQ{text.replace(';', '').replace(',', '')}QQ"

    assert marked in said("es", f"described as “{marked}”")
    assert said("en", text) == text


def test_a_whole_story_is_told_in_spanish_with_the_texts_as_they_went():
    world = DeskWorld()
    story(world, parties={"1": caller()})
    told, _ = read(world, key("P26-1"), at=world.now)
    spanish = in_language(told, "es")

    assert in_language(told, "en") is told
    assert [one.text for one in spanish.moments] == [one.text for one in told.moments]
    assert [one.at for one in spanish.moments] == [one.at for one in told.moments]
    assert spanish.summary == "tipo NOISE, prioridad 3, abierta"
    for before, after in zip(told.moments, spanish.moments, strict=True):
        assert (before.what, before.kind, before.state) != (after.what, after.kind, after.state)
        assert not before.detail or before.detail != after.detail
    assert all(one.words not in {other.words for other in told.not_sent} for one in spanish.not_sent)
    assert translated.LANGUAGES == ("es",)
