"""`format = "text"`: paging mails and lines, read by patterns with named groups that can't take long."""

import pytest

from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.lines import LONGEST_DOCUMENT, LONGEST_LINE
from tenfour.common.paths import ROOT
from tests.factories import NOW, SHARED

PAGES = (ROOT / "tests" / "mappings" / "pages.toml").read_text()
VENDORS = SHARED.parent / "cases" / "vendors" / "page"


def text_of(lines, more="", number="n"):
    return f"""
    format = "text"
    {more}
    lines = {lines}
    [fields]
    incident_number = "{number}"
    as_of = {{now = true}}
    """


def read(text, body):
    return read_mapped(mapper_of(text), body, "wh", "US", NOW.replace(day=29))


def test_a_line_that_no_pattern_fits_is_rejected_alone_and_named_by_its_number():
    batch = read(text_of("'^#(?P<n>[0-9]+)'"), b"#1\r\n\r\nhello\n#2\n")

    assert [update.incident_number for update in batch.updates] == ["1", "2"]
    assert [item.error for item in batch.rejected] == ["updates[1]: line 3: no pattern of `lines` fits"]


def test_of_several_patterns_the_first_that_matches_counts():
    batch = read(text_of("['^A(?P<n>[0-9]+)', '^(?P<n>[A-Z][0-9]+)']"), b"A1\nB2\n")

    assert [update.incident_number for update in batch.updates] == ["1", "B2"]


def test_a_pattern_begins_where_the_line_begins():
    assert read(text_of("'#(?P<n>[0-9]+)'"), b"see #1\n").rejected


def test_letters_of_another_encoding_are_read_as_in_every_format():
    text = text_of("'^(?P<n>[0-9]+) (?P<kind>.*)'", 'encoding = "windows-1252"') + 'incident_type = "kind"'

    for body in ("1 Fête".encode("cp1252"), "1 Fête".encode(), "1 Fête".encode("utf-16")):
        assert read(text, body).updates[0].facts["incident_type"] == "Fête"


@pytest.mark.parametrize(("each", "longest"), [("line", LONGEST_LINE), ("document", LONGEST_DOCUMENT)])
def test_what_is_too_long_is_rejected_by_its_length(each, longest):
    text = text_of("'^(?P<n>[0-9])'", f'each = "{each}"')

    assert not read(text, b"1".ljust(longest, b"x")).rejected
    assert read(text, b"1".ljust(longest + 1, b"x")).rejected[0].error == (
        f"updates[0]: line 1: longer than {longest:,} characters"
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (text_of("'^(?P<n>.*)'").replace("lines", "#"), "lines: required"),
        (text_of("'^(.*)'"), r"lines\[0\]: expected named groups"),
        (text_of("['^(?P<n>.*)', '^(?P<n>']"), r"lines\[1\]: "),
        (text_of("'^(?P<m>.*)'"), "lines: no pattern has a group 'n'; there are m"),
        (text_of("'^(?P<n>.*)'").replace('"text"', '"json"'), "lines: only the format `text`"),
        (text_of("'^(?P<n>.*?) a (?P<m>.*?) b (?P<o>.*?) c'"), r"lines\[0\]: it may take too long: .*atomic"),
        (text_of("'^(?P<n>(?:[A-Z]+ ?)+):'"), r"lines\[0\]: it may take too long"),
        (text_of("'^(?:(?>.*?a)|b)+(?P<n>c)'"), r"lines\[0\]: it may take too long"),
    ],
)
def test_what_can_not_be_read_so_is_refused_by_name(told, said):
    with pytest.raises(InvalidMapping, match=said):
        mapper_of(told)


def test_many_labels_in_atomic_groups_end_soon_on_lines_made_to_hold_them_up():
    labels = [f"L{number}" for number in range(20)]
    pattern = "^" + "".join(f"(?>(?P<g{label}>.*?) {label}: )" for label in labels) + "(?P<n>.*)$"
    mapper = mapper_of(text_of(f"'{pattern}'"))
    line = ("x" + "".join(f" {label}:" for label in labels)).encode() * 30

    for body in (line[:LONGEST_LINE], b" L0: ".ljust(LONGEST_LINE, b"L")):
        assert mapper.reading(body, NOW).mapped[0].problems == (("", "line 1: no pattern of `lines` fits"),)


@pytest.mark.parametrize(("file", "number"), [("mail.txt", "26-0042"), ("active911.txt", "11/28/2026 17:01:10 2A12")])
def test_vendors_lines_are_mapped_by_a_file_alone(file, number):
    if not VENDORS.exists():
        pytest.skip(f"NOT RUN: {VENDORS} is not here")

    (update,) = read(PAGES, (VENDORS / file).read_bytes()).updates

    assert update.incident_number.startswith(number)
    assert [party["phone"].number for party in update.parties.values()] == ["+13035550191"]
    assert update.facts["incident_type"].startswith("NOISE")
    assert update.facts["units"][0].unit == "2A12"
