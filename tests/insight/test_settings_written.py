"""Settings are written as TOML that reads as the same settings, and a text is kept where it alone says them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.harmless import as_text
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.incident_types import LanguageWords, PriorityRules
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.source import MOST_TEXT, alike, as_typed, unseen_line
from chalicelib.inbound.settings import read_settings
from chalicelib.insight.settings.check import check
from chalicelib.insight.settings.check_text import FILE, check_text
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.settings.lines import MOST, differing
from chalicelib.insight.settings.written import as_toml, source_of
from tenfour.common.paths import AGENCIES
from tests.factories import SETTINGS, agency, judged

FILES = sorted(AGENCIES.glob("*.toml"))
OURS = agency(judgements=Judgements((judged("type_modifier", "LOUD"),)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_settings_written_from_their_values_read_as_the_same(file):
    ours = load_settings(file)

    assert source_of(as_toml(ours), ours) == as_toml(ours)


@given(
    st.text(max_size=40),
    st.dictionaries(st.text(st.characters(categories=["L", "N", "Cf"]), min_size=1, max_size=5), st.just("handled")),
)
def test_whatever_people_write_reads_as_it_was_and_shows_all_of_it(word, dispositions):
    words = {"en": LanguageWords(sms={Kind.DELAY: f"{{agency}} {word}"})}
    ours = replace(
        OURS,
        words=words,
        dispositions=dispositions,
        hours={Kind.DELAY: Window(start=time(8), end=time(22))},
        priorities={"1": PriorityRules()},
    )
    text = as_toml(ours)

    assert alike(read_settings(text), ours)
    assert as_text(text) == text


def test_a_text_is_kept_only_if_it_alone_says_what_is_published():
    assert source_of(SETTINGS, OURS) == SETTINGS
    assert source_of(f"# our first\n{SETTINGS}", OURS).startswith("# our first")
    assert source_of(f'judgements = "a.csv"\n{SETTINGS}', OURS)
    assert source_of(SETTINGS, replace(OURS, name="Others")) == ""
    assert source_of(f'extends = "starter.toml"\n{SETTINGS}', OURS) == ""
    assert source_of("no = = toml", OURS) == ""
    assert source_of(f"# \u202e\n{SETTINGS}", OURS) == ""
    assert source_of(f"# {'x' * MOST_TEXT}\n{SETTINGS}", OURS) == ""


def test_a_text_from_a_form_has_lines_as_on_unix_and_no_tabs():
    assert as_typed("a\r\n\tb\rc") == "a\n    b\nc"
    assert unseen_line("a\nb\u200b\nc") == 2
    assert unseen_line("a\nñ \U0001f600") == 0


@pytest.mark.parametrize(
    "change",
    ["", 'mode = "lively"\n', "no = = toml\n", 'worsd = "x"\n', "most_segments = 90\n", 'language = "fr"\n'],
)
def test_the_desk_says_what_the_command_says_of_the_same_text(tmp_path, change):
    file = tmp_path / "settings.toml"
    file.write_text(change + SETTINGS)
    at_a_terminal, at_the_desk = check(file), check_text(change + SETTINGS, agency(judgements=Judgements()))

    told = [(one.line, one.field, one.severity, one.message, one.hint) for one in at_the_desk.found]
    assert told == [(one.line, one.field, one.severity, one.message, one.hint) for one in at_a_terminal.found]
    assert {one.file for one in at_the_desk.found} <= {FILE}
    assert told


def test_a_text_keeps_the_judgements_in_force_and_reads_no_file():
    assert check_text(SETTINGS, OURS).agency.judgements == OURS.judgements
    assert check_text(f'judgements = "/etc/passwd"\n{SETTINGS}', OURS).agency.judgements == OURS.judgements


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        (f'extends = "/etc/passwd"\n{SETTINGS}', 1, "extends"),
        (SETTINGS.replace('agency_id = "springfield"', 'agency_id = "shelbyville"'), 2, "agency_id"),
        (f"# one\n# two\u202e\n{SETTINGS}", 2, ""),
        (f"# {'x' * MOST_TEXT}\n{SETTINGS}", 1, ""),
    ],
)
def test_the_desk_takes_no_other_agency_s_text_none_that_extends_and_none_that_hides(text, line, field):
    checked = check_text(text, OURS)

    assert checked.agency is None
    assert [(one.severity, one.line, one.field) for one in checked.found] == [("error", line, field)]


def test_lines_that_differ_are_shown_with_those_around_them():
    before, after = "\n".join("abcdefghij"), "\n".join("abcdEfghij")

    assert [(one.sign, one.number, one.text) for one in differing(before, after)] == [
        *((" ", 3, "c"), (" ", 4, "d")),
        *(("-", 5, "e"), ("+", 5, "E")),
        *((" ", 6, "f"), (" ", 7, "g")),
    ]
    assert differing(before, before) == ()
    assert [one.sign for one in differing("a\n" * 9, "b\n" + "a\n" * 9 + "c\n")].count("…") == 1
    assert len(differing("", "\n".join(map(str, range(3 * MOST))))) == MOST + 1
