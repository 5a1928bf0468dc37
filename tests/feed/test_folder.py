"""Watching a folder: half-written files, hostile files, restarts; the feed goes on."""

import json
import os
import shutil

import pytest

from feed.folder import Watcher
from tenfour.common.paths import ROOT
from tests.feed.standin import Time

AEGIS = (ROOT / "tests" / "mappings" / "aegis.xml").read_text()
MAP = (ROOT / "infra" / "maps" / "aegis.toml").read_text()
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Call><CallId>&b;</CallId></Call>'
ROWS = 'format = "rows"\n[fields]\nincident_number = "no"\nas_of = "at"\nincident_type = "kind"\n'


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def watching(feed, inbox, time_):
    time_.passes(3_600)  # the sample's call was an hour ago

    def opened(mapping=MAP, **more):
        told = {"path": str(inbox), **more}
        return feed("[folder]\n" + "\n".join(f"{name} = {value!r}" for name, value in told.items()), mapping)

    return opened


def call(number, closed="false"):
    return AEGIS.replace("26-0001187", number).replace("<ClosedFlag>false", f"<ClosedFlag>{closed}")


def steps(runner, time_, count=4, seconds=5):
    for _ in range(count):
        runner.step()
        time_.passes(seconds)


def test_each_file_is_told_once(watching, inbox, agency, time_):
    (inbox / "a.xml").write_text(call("A-1"))
    with watching() as runner:
        steps(runner, time_)
        (inbox / "b.xml").write_text(call("A-2"))
        steps(runner, time_)
    with watching() as runner:
        steps(runner, time_)

    assert (agency.accepted, agency.duplicates) == (2, 0)
    assert agency.incident("A-1").facts.beat == "612"


def test_a_file_that_is_still_being_written_is_waited_for(watching, inbox, agency, time_):
    whole = call("A-1")
    with watching() as runner:
        for part in range(1, 8):
            (inbox / "a.xml").write_text(whole[: len(whole) * part // 8])
            steps(runner, time_, 1)
        steps(runner, time_, 3)
        half = agency.accepted, runner._place.count_aside()
        (inbox / "a.xml").write_text(whole)
        steps(runner, time_)

    assert half == (0, 0)
    assert agency.accepted == 1


def test_a_file_that_is_written_anew_tells_what_is_new_in_it(watching, inbox, agency, time_):
    lines = ["no,at,kind", "R-1,2026-11-21T17:00:00Z,NOISE", "R-2,2026-11-21T17:01:00Z,NOISE"]
    (inbox / "log.csv").write_text("\n".join(lines))
    with watching(ROWS) as runner:
        steps(runner, time_)
        (inbox / "log.csv").write_text("\n".join([*lines, "R-1,2026-11-21T17:05:00Z,SUSP"]))
        steps(runner, time_)

    assert [len(body["updates"]) for body in agency.bodies] == [2, 1]
    assert agency.incident("R-1").facts.incident_type == "SUSP"


DEEP = "<a>" * 3_000
HOSTILE = {
    "bomb.xml": (BOMB.encode(), "document type"),
    "deep.xml": (DEEP.encode(), "deeper than 100"),
    "half.xml": (AEGIS[:900].encode(), "not XML"),
    "encoding.xml": (b'<?xml version="1.0" encoding="utf-8"?><Call><CallId>\xe9</CallId></Call>', "not XML"),
    "empty.xml": (b"", "not XML"),
    "other.xml": (b"<Log/>", "records: nothing at"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_can_not_be_read_is_set_aside_with_a_line_and_the_feed_goes_on(watching, inbox, agency, time_, name):
    body, why = HOSTILE[name]
    (inbox / name).write_bytes(body)
    with watching() as runner:
        steps(runner, time_, 15)
        (inbox / "z.xml").write_text(call("A-1"))
        steps(runner, time_)
        ((_, origin, said),) = runner._place.aside()

    assert (origin, agency.accepted) == (name, 1)
    assert why in said
    assert len(said) < 200


def test_100_megabytes_are_refused_unread(watching, inbox, agency, time_):
    with (inbox / "large.xml").open("wb") as file:
        os.truncate(file.fileno(), 100 * 1024 * 1024)
    (inbox / "z.xml").write_text(call("A-1"))
    with watching() as runner:
        steps(runner, time_)
        ((_, origin, said),) = runner._place.aside()

    assert (origin, said) == ("large.xml", "104,857,600 bytes are more than 20 MB")
    assert agency.accepted == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"a":' * 5_000, "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"no": "\udcff"}', "not JSON in UTF-8"),
        ("5", "records: expected objects"),
    ],
    ids=["deep", "deeper", "encoding", "scalar"],
)
def test_json_that_can_not_be_read_is_set_aside_too(watching, inbox, agency, time_, body, why):
    (inbox / "a.json").write_bytes(body.encode("utf-8", "surrogateescape"))
    (inbox / "b.json").write_text(json.dumps({"no": "J-1", "at": "2026-11-21T17:00:00Z", "kind": "NOISE"}))
    with watching(ROWS.replace("rows", "json")) as runner:
        steps(runner, time_, 15)
        ((_, origin, said),) = runner._place.aside()

    assert (origin, agency.accepted) == ("a.json", 1)
    assert why in said


def test_a_row_that_can_not_be_read_spares_the_file(watching, inbox, agency, time_):
    (inbox / "a.csv").write_text("no,at,kind\nR-1,2026-11-21T17:00:00Z,NOISE,extra\nR-2,2026-11-21T17:00:00Z,NOISE\n")
    with watching(ROWS) as runner:
        steps(runner, time_)
        ((_, origin, said),) = runner._place.aside()

    assert (origin, said) == ("a.csv, record 1", "line 2: expected 3 columns, found 4")
    assert agency.accepted == 1


@pytest.mark.parametrize(("after", "left"), [("leave", 2), ("delete", 0), ("move", 0)])
def test_a_name_that_is_not_utf8_costs_no_file(watching, inbox, agency, time_, after, left):
    """Found: `UnicodeEncodeError` at each look, and no file of the folder was read any more."""
    try:
        (inbox / os.fsdecode(b"a\xff\xfe.xml")).write_text(call("A-1"))
    except OSError:
        pytest.skip("NOT RUN: this file system takes no such names")
    (inbox / "b.xml").write_text(call("A-2"))
    with watching(after=after) as runner:
        steps(runner, time_)
        assert [*runner._place.aside()] == []
    with watching(after=after) as runner:
        steps(runner, time_)

    assert (agency.accepted, agency.duplicates) == (2, 0)
    assert len([*inbox.iterdir()]) == left


@pytest.mark.parametrize(("after", "left"), [("leave", {"a.xml", "b.xml"}), ("delete", {"b.xml"}), ("move", set())])
def test_files_are_put_away_as_the_feed_says(watching, inbox, agency, time_, tmp_path, after, left):
    (inbox / "a.xml").write_text(call("A-1"))
    (inbox / "b.xml").write_text(BOMB)
    with watching(after=after) as runner:
        steps(runner, time_, 20)

    bad_one_goes_aside = after != "leave"
    assert {path.name for path in inbox.iterdir()} == left - ({"b.xml"} if bad_one_goes_aside else set())
    assert len(list((tmp_path / "state").glob("done/*a.xml"))) == (after == "move")
    assert len(list((tmp_path / "state").glob("aside/*b.xml"))) == bad_one_goes_aside


def test_only_files_of_the_pattern_are_read(watching, inbox, agency, time_):
    (inbox / "a.tmp").write_text(call("A-1"))
    (inbox / "a.xml").write_text(call("A-2"))
    with watching(pattern="*.xml") as runner:
        steps(runner, time_)

    assert [update["incident_number"] for body in agency.bodies for update in body["updates"]] == ["A-2"]


def test_a_folder_that_is_gone_is_said_to_be_and_the_feed_is_silent(watching, inbox, agency, time_):
    with watching() as runner:
        steps(runner, time_, 2)
        inbox.rename(inbox.parent / "away")
        time_.passes(10)
        steps(runner, time_, 1)
        problem, beats = runner._place.note("source_problem"), agency.beats
        steps(runner, time_, 20, 60)
        silent = agency.beats == beats
        (inbox.parent / "away").rename(inbox)
        steps(runner, time_, 4, 200)

    assert "No such file" in problem
    assert silent
    assert agency.beats > beats


def test_a_clock_that_is_set_changes_nothing(watching, inbox, agency, time_):
    with watching() as runner:
        steps(runner, time_, 1)
        real, time_.now = time_.now, Time().now.replace(year=2019)
        agency.skew = real - time_.now
        (inbox / "a.xml").write_text(call("A-1"))
        steps(runner, time_, 60, 5)

    assert agency.accepted == 1


def test_while_the_last_file_could_not_be_read_the_feed_says_so_and_is_silent(watching, inbox, agency, time_):
    (inbox / "a.xml").write_text(call("A-1"))
    with watching() as runner:
        steps(runner, time_)
        (inbox / "b.xml").write_text("<Call>")
        steps(runner, time_, 20)
        problem, beats = runner._place.note("source_problem"), agency.beats
        steps(runner, time_, 100)
        silent = agency.beats == beats
        (inbox / "c.xml").write_text(call("A-2"))
        steps(runner, time_, 40)
        well = runner._place.note("source_problem")

    assert problem.startswith("b.xml: the body is not XML")
    assert silent
    assert (well, agency.accepted) == ("", 2)
    assert agency.beats > beats


def test_a_file_that_can_not_be_moved_ends_nothing(watching, inbox, agency, time_, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "move", refused)
    for name in ("a", "b"):
        (inbox / f"{name}.xml").write_text(call(f"A-{name}"))
    with watching(after="move") as runner:
        steps(runner, time_)
        asides = runner._place.aside()
        steps(runner, time_)

    assert agency.accepted == 2
    assert [said for _, _, said in asides] == ["it was read, and stays where it is: Permission denied"] * 2


def test_whatever_a_reader_raises_the_process_lives_and_says_so(watching, inbox, agency, time_, monkeypatch):
    def broken(*_):
        raise RuntimeError("303-555-0123")

    with watching() as runner:
        steps(runner, time_)
        with monkeypatch.context() as patched:
            patched.setattr(Watcher, "ready", broken)
            steps(runner, time_, 20, 60)
            problem, beats = runner._place.note("source_problem"), agency.beats
            steps(runner, time_, 5, 60)
            silent = agency.beats == beats
        (inbox / "a.xml").write_text(call("A-1"))
        steps(runner, time_, 20, 60)

    assert (problem, silent, agency.accepted) == ("RuntimeError", True, 1)
