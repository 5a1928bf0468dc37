"""The terminal: questions that nobody answers, and figures that are not for people."""

import io
import os
import signal

import pytest
import typer

from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.boundary import count, logger, measure, report
from rigs import side_by_side as rigs_side_by_side
from rigs.logged import logged_to
from rigs.side_by_side import side_by_side
from tenfour.common.screen import say_json
from tenfour.common.terminal import on_ending, refuse, run_as_program
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


def run(act):
    """Run a command that does so much; return how it ended."""
    program = typer.Typer()
    program.command()(act)
    with pytest.raises(SystemExit) as ended:
        run_as_program(program, [])
    return ended.value.code


def test_what_is_logged_never_stands_in_what_a_command_says(capsys):
    """Found: three rows that a newer release had written were three lines of JSON before `explain --json`."""

    def act():
        count("Skipped")
        measure("Lateness", 5)
        for n in range(3):
            count("LeftOut", "NotRead", place=f"springfield#P26-1 notification#apology#{n}")
            log_left_out("springfield#P26-1 notification#apology#0")
        report(KeyError("303-555-0123"), "read carriers")
        say_json({"incident": "P26-1"}, indent=None)

    assert not run(act)
    said = capsys.readouterr()
    assert said.out == '{"incident": "P26-1"}\n'
    assert said.err.splitlines() == [
        "failed: read carriers, KeyError",
        "left out, because this release can't read it: springfield#P26-1 notification#apology#0 and 2 more",
    ]


def test_what_was_left_out_is_said_although_the_command_is_refused(capsys):
    def act():
        log_left_out("springfield#P26-1 \x1b[31m")
        refuse("springfield knows no such incident")

    assert run(act) == 2
    assert capsys.readouterr().err.splitlines() == [
        "springfield knows no such incident",
        "left out, because this release can't read it: springfield#P26-1 [31m",
    ]


def test_a_log_is_whole_again_after_the_command(caplog):
    run(lambda: None)
    logger.warning("Skipped")

    assert [line.message for line in caplog.records] == ["Skipped"]


def test_bad_usage_is_one_line():
    done = tenfour("approve", "--no-such-option")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_command_that_measures_the_log_has_all_of_it(capsys):
    lines = io.StringIO()

    def act():
        with logged_to(lines):
            count("Skipped")
        count("Skipped")

    run(act)

    assert lines.getvalue().count('"message":"Skipped"') == 1
    assert capsys.readouterr().out == ""


def test_signals_are_handled_as_before_once_a_command_has_ended():
    """Found: whoever called a command in a process of theirs could no longer be ended by SIGTERM."""
    before, heard = signal.getsignal(signal.SIGTERM), []

    with on_ending(lambda number, _: heard.append(number)):
        os.kill(os.getpid(), signal.SIGTERM)

    assert heard == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_is_ignored_since_stays_ignored():
    before = signal.getsignal(signal.SIGTERM)
    try:
        with on_ending(lambda *_: None):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_work_done_side_by_side_ends_although_whoever_forked_it_catches_sigterm():
    with on_ending(lambda *_: None), side_by_side(2) as each:
        assert sorted(each(abs, [-1, 2, -3])) == [1, 2, 3]


def test_a_process_that_is_told_to_end_before_it_has_begun_is_told_later(monkeypatch):
    """Found: on a slow machine one that still caught SIGTERM went on, and its pool waited for it for good."""
    begun, (reads, writes) = rigs_side_by_side._end_when_told, os.pipe()

    def looked():
        os.write(writes, b"1" if signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ()) else b"0")
        begun()

    monkeypatch.setattr(rigs_side_by_side, "_end_when_told", looked)
    with on_ending(lambda *_: None), side_by_side(2) as each:
        assert sorted(each(abs, [-1, 2, -3])) == [1, 2, 3]

    assert os.read(reads, 9)[:1] == b"1"
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    os.close(reads)
    os.close(writes)
