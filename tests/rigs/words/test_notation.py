"""The notation of phrases matches what it says, and refuses what is malformed."""

import re

import pytest

from rigs.words.notation import NotReadable, read, read_lists
from rigs.words.say import source, spelled_out

LISTS = read_lists(
    {
        "texts": "texts?|messages",
        "these": "[all|of|the]*",
        "old": "[very] [old]",
        "mine": "my {texts}",
    }
)
SAYS = [
    ("stop", ["stop"], ["stops", ""]),
    ("(stop|quit) it", ["stop it", "quit it"], ["stopit", "it"]),
    ("no [more] texts", ["no texts", "no more texts"], ["no  texts", "no moretexts"]),
    ("texts?", ["text", "texts"], ["textss"]),
    ("noo+", ["noo", "noooo"], ["no"]),
    ("opt-out", ["optout", "opt out"], ["opt  out"]),
    ("child[ren]", ["child", "children"], ["child ren"]),
    ("[un]happy", ["happy", "unhappy"], ["un happy"]),
    ("racis(m|t)", ["racism", "racist"], ["racis"]),
    ("threat~", ["threat", "threatened"], ["threat ened"]),
    ("#dv", ["dv", "415dv"], ["x dv"]),
    ("a _ car", ["a red car"], ["a car", "a big red car"]),
    ("a {0..2} car", ["a car", "a red car", "a big red car"], ["a very big red car"]),
    ("(is|are)+ back", ["is back", "is are back"], ["back"]),
    ("stop {these} {texts}", ["stop text", "stop all of the messages"], ["stop all"]),
    ("{these} end", ["end", "all the end"], ["allend"]),
    ("so {old} car", ["so car", "so old car", "so very car", "so very old car"], ["so old very car"]),
    ("not {mine}", ["not my texts"], ["not my"]),
    ("[{these} {texts}] end", ["end", "all texts end"], ["all end"]),
]


@pytest.mark.parametrize(("phrase", "said", "other"), SAYS)
def test_a_phrase_says_this_and_not_that(phrase, said, other):
    pattern = re.compile(source(read(phrase, LISTS)))

    assert [text for text in said if not pattern.fullmatch(text)] == []
    assert [text for text in other if pattern.fullmatch(text)] == []


@pytest.mark.parametrize(("phrase", "said", "other"), SAYS)
def test_a_phrase_that_ends_is_spelled_out(phrase, said, other):
    spelled = spelled_out(read(phrase, LISTS), 16)
    endless = any(sign in phrase for sign in ("~", "#", "_", "+", "{0..2}", "{these}"))

    assert (spelled == ()) is endless
    assert endless or set(said) <= set(spelled)
    assert not set(other) & set(spelled)


def test_a_phrase_that_says_too_much_is_not_spelled_out():
    assert len(spelled_out(read("(a|b) (c|d)", {}), 4)) == 4
    assert spelled_out(read("(a|b) (c|d)", {}), 3) == ()


@pytest.mark.parametrize(
    "phrase", ["(stop", "stop)", "[a|b", "a||b", "", "{nobody}", "Stop", "a.b", "?a", "no (a|) b", "a*", "{5..}"]
)
def test_what_is_not_of_the_notation_is_refused(phrase):
    with pytest.raises(NotReadable):
        read(phrase, LISTS)
