"""Updates whose time has not come: they wait, and `check` and `status` say so and nothing else."""

from datetime import UTC, datetime, timedelta

from typer.testing import CliRunner

from feed.command import cli
from feed.place import FeedChange, Place
from feed.status import status
from tests.factories import NOW
from tests.feed.calls_table import CALL, run
from tests.feed.test_http import steps
from tests.feed.test_troubles import DAMAGED, LETTERS, ascii_database
from tests.feed.test_view import MAP, source

__all__ = ["ascii_database"]
HONOLULU = MAP.replace("America/Denver", "Pacific/Honolulu")


def test_a_wrong_time_zone_is_said_and_is_no_arrears(feed, postgres, database, agency, time_, tmp_path):
    """Found: an hour ahead, `status` said that the feed is well, then that it is behind and holds notices back."""
    time_.now = datetime.now(UTC)
    run(database, CALL, no="P-1")
    with feed(source(postgres.url, time_zone="America/Denver", overlap="30s"), HONOLULU) as runner:
        steps(runner, time_, 3)
        told = status(tmp_path / "state", time_.now)
        steps(runner, time_, 40)
        later = status(tmp_path / "state", time_.now)

    assert (agency.accepted, told.waiting, told.ahead) == (0, 1, 1)
    for found in (told, later):
        assert [problem.split(" by up to ")[0] for problem in found.problems] == ["1 update is ahead of the time"]
        assert found.behind == 0.0
    assert agency.beats > 0


def test_what_waits_for_its_time_counts_as_late_only_from_then_on(tmp_path):
    place = Place(tmp_path / "feed.db")
    update = {"incident_number": "N-1", "as_of": NOW}
    place.take([FeedChange("k", 0, update, "N-1", due_at=NOW.timestamp() + 3_600)], NOW.timestamp())
    ahead = status(tmp_path, NOW)
    late = status(tmp_path, NOW + timedelta(seconds=3_610))
    place.tried(place.waiting(1, NOW.timestamp() + 3_600)[0], NOW.timestamp() + 9_000)
    tried = status(tmp_path, NOW + timedelta(seconds=3_610))
    place.close()

    assert (ahead.ahead, ahead.ahead_for, ahead.behind) == (1, 3_600.0, 0.0)
    assert (late.ahead, late.ahead_for, late.behind) == (0, 0.0, 10.0)
    assert (tried.ahead, tried.behind) == (0, 3_610.0)


def test_the_check_says_what_is_ahead(feed, postgres, database, tmp_path, monkeypatch):
    monkeypatch.setenv("TENFOUR_FEED_SECRET", "whsec_" + "c2VjcmV0" * 4)
    run(database, CALL, no="P-1")
    with feed(source(postgres.url, time_zone="America/Denver"), HONOLULU, address="http://127.0.0.1:9"):
        result = CliRunner().invoke(cli, ["check", str(tmp_path / "feed.toml")])

    assert "1 of them ahead of the time, by up to 180 min: is the time zone right?" in " ".join(result.output.split())


def test_the_check_reads_texts_as_the_feed_does(feed, ascii_database, tmp_path, monkeypatch):
    """Found: of a row that the feed tells, the check said "expected one value"."""
    engine, url = ascii_database
    monkeypatch.setenv("TENFOUR_FEED_SECRET", "whsec_" + "c2VjcmV0" * 4)
    run(engine, CALL, no="P-1")
    run(engine, LETTERS, no="P-1", hex=b"RUIDO M\xdaSICA".hex())
    with feed(source(url, time_zone="America/Denver"), MAP, address="http://127.0.0.1:9"):
        result = CliRunner().invoke(cli, ["check", str(tmp_path / "feed.toml")], env={"COLUMNS": "200"})

    assert DAMAGED in " ".join(result.output.split())
    assert "1 update found, 1 of them wrong" in result.output
