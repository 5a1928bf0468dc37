"""The terminal: questions that nobody answers, and figures that are not for people."""

import pytest
import typer

from chalicelib.boundary import count, logger
from tenfour.common.terminal import quiet, run_as_program
from tests.command import tenfour


def test_a_question_that_is_not_answered_ends_in_one_line(capsys):
    asking = typer.Typer()

    @asking.command()
    def ask():
        raise typer.Abort

    with pytest.raises(SystemExit) as ended:
        run_as_program(asking, [])

    assert ended.value.code == 1
    assert capsys.readouterr().err == "stopped\n"


def test_figures_stay_off_the_terminal_and_failures_do_not(caplog):
    with quiet():
        count("Skipped")
        logger.error("failed")
    count("Skipped")

    assert [line.message for line in caplog.records] == ["failed", "Skipped"]


def test_bad_usage_is_one_line():
    done = tenfour("approve", "--no-such-option")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
