"""A mapping that could lose a word about the nature is found without a sample."""

import re

import pytest

from chalicelib.inbound.mapping.file import read_mapping
from chalicelib.inbound.mapping.losses import keeps_all, losses
from tenfour.common.paths import ROOT

GOOD = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = "t"\n'
SHIPPED = sorted([*(ROOT / "infra" / "maps").glob("*.toml"), *(ROOT / "tests" / "mappings").glob("*.toml")])


@pytest.mark.parametrize("word", ["Y", "true", "maybe"])
def test_any_other_word_may_set_a_latch(word):
    assert losses(read_mapping(GOOD + f'juvenile = "j"\n[codes.juvenile]\nADULT = "N"\n"*" = "{word}"')) == ()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_no_mapping_of_ours_loses_a_word(file):
    assert losses(read_mapping(file.read_text())) == ()


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("json", 'incident_type = "c"\n[codes.incident_type]\n"*" = "OTHER"', r'codes.incident_type."\*"'),
        ("json", 'dispositions = "d"\n[codes.dispositions]\nHAN = "HAN"\n"*" = ""', r'codes.dispositions."\*"'),
        ("json", "incident_type = {from = 'c', pick = '^([A-Z]+)'}", "fields.incident_type.pick"),
        ("json", "offenses = {from = 'c', pick = '^([A-Z]+)'}", "fields.offenses.pick"),
        ("json", "incident_type = 'a[0].c'", r"fields.incident_type: 'a\[0\].c' takes some"),
        ("json", "incident_type = 'a[].c | [0]'", "takes some"),
        ("json", "incident_type = \"a[?k=='P'].c\"", "takes some"),
        ("json", "incident_type = 'a[:2].c'", "takes some"),
        ("json", "incident_type = 'c || d'", "takes some"),
        ("json", "incident_type = 'max_by(a, &b).c'", "takes some"),
        ("json", "type_modifier = {join = ['a', 'b[0]']}", "fields.type_modifier"),
        ("json", "[parts]\nfrom = 'p'\nincident_type = 'a[0].c'", "parts.incident_type"),
        ("json", 'juvenile = "j"\n[codes.juvenile]\nMINOR = "Y"\n"*" = "N"', r'codes.juvenile."\*"'),
        ("json", 'do_not_contact = "j"\n[codes.do_not_contact]\nDNC = "Y"\n"*" = ""', r'codes.do_not_contact."\*"'),
        ("json", '[[parties]]\nsafe_to_contact = "s"\n[codes.safe_to_contact]\n"*" = "yes"', r'safe_to_contact."\*"'),
        ("xml", "incident_type = \"A[K='P']/C\"", "takes some"),
        ("json", "incident_type = {from = 'c', when = {agency = ['PD']}}", "fields.incident_type.when: where it does"),
        (
            "json",
            "incident_type = {from = 'c', when = {agency = ['*']}}\nbeat = 'agency'",
            "a word at 'c' would be lost",
        ),
        ("json", "incident_type = 'd'\noffenses = {from = ['d', 'c'], when = {agency = ['PD']}}", "a word at 'c'"),
        ("rows", "incident_type = {from = 'Type', when = {Agency = ['PD']}}", "map the same path without `when`"),
        ("xml", "initial_type = 'A[1]/C'", "fields.initial_type"),
        ("xml", "initial_type = 'A[1]/C'\ntype_modifier = {from = 'A/C', unless = {K = ['X']}}", "fields.initial_type"),
        ("xml", "initial_type = 'A[last()]/C'", "fields.initial_type"),
    ],
)
def test_what_could_lose_a_word_is_named(kind, more, said):
    (loss,) = losses(read_mapping(GOOD.replace("json", kind) + more))

    assert re.search(said, loss)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("json", "incident_type = ['a[?k==`1`].c', 'a[].c']"),
        ("json", "incident_type = 'a[0].c'\ninitial_type = 'a.c'"),
        ("json", "incident_type = {from = 'c', pick = '^([A-Z]+)'}\nincident_type_description = 'c'"),
        ("json", "incident_type = {from = 'c', pick = '^Type: (.*)$'}"),
        ("json", "incident_type = '[1]'"),
        ("json", "incident_type = 'a.*.c'"),
        ("json", "incident_type = {from = 'c', when = {agency = ['PD']}}\nincident_type_description = 'c'"),
        ("json", "incident_type = {from = 'c', when = {c = ['*']}}"),
        ("json", "incident_type = {from = 'v', when = {e = ['TYPE']}}\nbeat = {from = 'v', when = {e = ['BEAT']}}"),
        ("json", "incident_type = {from = 'v', when = {e = ['T']}}\narrived_at = {from = 't', when = {v = ['ONS']}}"),
        ("json", "dispositions = {from = 'v', when = {e = ['CLOSE']}}"),
        ("json", "incident_type = \"join(', ', a[].c)\""),
        ("json", 'incident_type = "c"\n[codes.incident_type]\n"415F" = "FAMILY"'),
        ("json", "beat = {from = 'a[0].b', pick = '^([A-Z]+)'}\n[codes.beat]\n'*' = 'X'"),
        ("xml", "incident_type = [\"A[K='P']/C\", '//A/C', 'A/C']"),
        ("xml", "incident_type = 'A/@c'"),
        ("rows", "incident_type = 'Type [final]'"),
    ],
)
def test_what_keeps_every_word_is_let_through(kind, more):
    assert losses(read_mapping(GOOD.replace("json", kind) + more)) == ()


@pytest.mark.parametrize(
    ("pattern", "keeps"),
    [
        ("^x=(.*)$", True),
        ("^(.+)", True),
        ("(.*)", False),
        ("^(.*) -", False),
        ("^(.{1,9})$", False),
        ("^x?(.*)", False),
    ],
)
def test_a_pattern_keeps_all_if_it_leaves_out_only_what_it_names(pattern, keeps):
    assert keeps_all(pattern) == keeps
