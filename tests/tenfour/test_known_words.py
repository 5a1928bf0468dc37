"""Names are found in comments, with the words that the command looks them up in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.surveys.name_words import folded, proposed
from chalicelib.insight.surveys.lexicon import packed, unpacked
from tenfour.operate.known_words import lexicon


@pytest.mark.parametrize(
    ("comment", "names"),
    [
        ("Officer Ruiz was kind, and deputy brown too.", ["Ruiz", "brown"]),
        ("ofc xiomara yelled at me", ["xiomara"]),
        ("maria gonzalez took my report", ["maria", "gonzalez"]),
        ("XIOMARA WAS RUDE TO ME", ["XIOMARA"]),
        ("Sgt. O'Brien-Smith's attitude", ["O'Brien-Smith"]),
        ("Nobody came, I waited. Mrs. O'Brien next door saw it", ["O'Brien"]),
        ("o'brien and o\u2019connor next door", ["o'brien", "o\u2019connor"]),
        ("Officer J. Young came with Mr. Sunshine", ["Young", "Sunshine"]),
        ("Will Smith came", ["Will", "Smith"]),
        ("My neighbor Dale Okafor lives at 1422 Elm Street", ["Dale", "Okafor", "1422", "Elm", "Street"]),
        ("badge 4412 was rude, call 911", ["4412"]),
        ("el oficial ramirez fue muy amable", ["ramirez"]),
        ("la señora Núñez me ayudó", ["Núñez"]),
        ("小明 was very good", ["小明"]),
        ("Thanks to nguyen, kowalski and patel", ["nguyen", "kowalski", "patel"]),
        ("o’brien was rude", ["o’brien"]),
        ("officer j. doe yelled", ["doe"]),
        ("unit 3A12 yelled, and K9 too", ["3A12", "K9"]),
        ("officer 12 yelled, sgt 7 laughed", ["12", "7"]),
    ],
)
def test_a_name_is_proposed_however_it_is_written(comment, names):
    assert set(names) <= set(proposed(comment, lexicon()))


@pytest.mark.parametrize(
    "comment",
    [
        "Excellent service, thank you so much! The dispatcher was very polite.",
        "Nobody came. I waited 3 hours and don't know why; he's still there.",
        "It took too long for officers to get here, but they were professional and courteous.",
        "Officer said he will come back. Never did.",
        "They came at 9pm on the 2nd, 20mins after 5 o'clock: 4 of 5.",
        "They arrived quickly and explained what happens next. Would call 911 again.",
    ],
)
def test_usual_words_are_no_names(comment):
    assert proposed(comment, lexicon()) == ()


@given(
    st.sampled_from(sorted(lexicon().names - lexicon().ordinary)), st.sampled_from(["{}", "I like {} a lot", "so {}."])
)
def test_each_name_that_we_know_is_proposed_in_small_letters_and_in_capitals(name, sentence):
    for written in (name, name.title(), name.upper()):
        assert written in proposed(sentence.format(written), lexicon())


PACKED = unpacked(packed(lexicon()))
"""The words that functions have."""

ANY_WORD = st.one_of(
    st.sampled_from(sorted(lexicon().names)), st.sampled_from(sorted(lexicon().ordinary)), st.text(max_size=9)
)
SAID = st.lists(
    st.tuples(st.sampled_from(["officer ", "Sgt. ", "", "J. "]), ANY_WORD, st.sampled_from([" ", ". ", "'s "]))
)


@given(SAID)
def test_the_desk_proposes_the_same_words_as_the_command(parts):
    comment = "".join("".join(part) for part in parts)

    assert proposed(comment, PACKED) == proposed(comment, lexicon())


def test_each_name_is_proposed_alike_alone_and_behind_a_title():
    for name in sorted(lexicon().names):
        for comment in (name, f"the officer {name} came", f"{folded(name)}-{name}"):
            assert proposed(comment, PACKED) == proposed(comment, lexicon()), comment
