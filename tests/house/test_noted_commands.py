"""Every command is noted in the ledger, or is on a list with the reason why it need not be.

A new command without a row here fails, as does one whose code no longer reaches the note that its row names.
"""

import inspect

import pytest
import typer.main

from tenfour.main import cli
from tests.house.reached import names_reached

NOTED = {
    ("keys", "add"): {"What.KEYS_CHANGED"},
    ("keys", "show"): {"What.LOOKED"},
    ("keys", "read-back"): {"What.KEYS_CHANGED"},
    ("keys", "remove"): {"What.KEYS_CHANGED"},
    ("mapping", "publish"): {"What.PUBLISHED"},
    ("settings", "preview"): {"What.LOOKED"},  # with --of
    ("settings", "publish"): {"What.PUBLISHED", "What.DRAFTED", "propose"},
    ("settings", "rollback"): {"What.PUBLISHED", "propose"},
    ("settings", "restore"): {"What.PUBLISHED"},
    ("settings", "pause"): {"What.PAUSED"},
    ("settings", "resume"): {"What.RESUMED", "What.TOOK_OVER"},
    ("settings", "release"): {"What.RELEASED", "propose"},
    ("explain",): {"What.SEARCHED", "What.LOOKED", "What.REVEALED"},
    ("contact", "opt-out"): {"What.OPTED_OUT"},
    ("contact", "opt-in"): {"What.OPTED_IN"},
    ("contact", "show"): {"What.SEARCHED"},
    ("contact", "replies"): {"What.READ_COMMENTS"},
    ("contact", "reconcile"): {"What.OPTED_OUT", "What.OPTED_IN"},
    ("contact", "protect", "put"): {"What.PROTECTED"},
    ("contact", "protect", "take-off"): {"propose_of_person"},
    ("survey", "card"): {"What.PUBLISHED"},
    ("survey", "follow-ups", "list"): {"What.READ_COMMENTS"},
    ("survey", "follow-ups", "answer"): {"What.REVIEWED"},
    ("survey", "comments", "list"): {"What.READ_COMMENTS"},
    ("survey", "comments", "release"): {"What.RELEASED"},
    ("survey", "comments", "hold"): {"What.REVIEWED"},
    ("query",): {"What.READ_COMMENTS"},  # one that reads what people wrote
    ("records", "export"): {"What.EXPORTED"},
    ("records", "audit"): {"What.EXPORTED_LEDGER"},  # with --csv
    ("records", "purge"): {"What.PURGED", "propose"},
    ("person", "export"): {"What.EXPORTED"},
    ("person", "erase"): {"propose"},
    ("hold",): {"What.HELD", "What.LIFTED"},
    ("approve",): {"second.approve"},
}
"""What a command's code must reach: words of the ledger, or the flow of acts that take two people."""

NO_PERSONS = "it shows numbers, kinds and states, and nobody's phone, email or words"
OF_THE_STACK = "an act on the stack itself, which AWS keeps a trail of; the ledger may not be there yet"
OURS = "it reads and writes files of whoever runs it, or a city that is made up"

NOT_NOTED = {
    ("deploy",): OF_THE_STACK,
    ("destroy",): OF_THE_STACK,
    ("package",): OURS,
    ("certify",): "it posts exercises by a sandbox key",
    ("settings", "check"): OURS,
    ("going-live",): NO_PERSONS,
    ("settings", "judge"): "it counts words that dispatch uses, and writes a file; publishing it is noted",
    ("settings", "diff"): NO_PERSONS,
    ("settings", "history"): NO_PERSONS,
    ("contact", "protect", "list"): "it shows the short codes that the ledger has too, and nobody's phone or email",
    ("keys", "list"): "it shows no secret",
    ("mapping", "check"): OURS,
    ("mapping", "list"): NO_PERSONS,
    ("feed", "run"): "it runs at the dispatch system and has nothing of the stack but a key",
    ("feed", "check"): "it runs at the dispatch system and has nothing of the stack but a key",
    ("feed", "status"): "it runs at the dispatch system and has nothing of the stack but a key",
    ("status",): NO_PERSONS,
    ("shadow-report",): NO_PERSONS,
    ("replay",): OURS,
    ("report",): "it holds figures, and comments that somebody released",
    ("records", "index"): "it changes how things are found, and shows nobody anything",
    ("lake", "rebuild"): "it writes again what the tables hold, and shows nobody anything",
    ("lake", "document"): OURS,
}


def commands(command, name=()):
    for sub, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*name, sub))
    if not hasattr(command, "commands"):
        yield name, inspect.unwrap(command.callback)


ALL = dict(commands(typer.main.get_command(cli)))


def test_each_command_is_noted_or_says_why_not():
    assert NOTED.keys() | NOT_NOTED.keys() == ALL.keys()
    assert not NOTED.keys() & NOT_NOTED.keys()


@pytest.mark.parametrize("name", NOTED, ids=" ".join)
def test_the_code_of_a_command_reaches_its_note(name):
    function = ALL[name]

    assert NOTED[name] <= names_reached(function.__module__, function.__name__)


@pytest.mark.parametrize("name", NOT_NOTED, ids=" ".join)
def test_a_command_that_notes_something_is_not_among_those_that_need_not(name):
    function = ALL[name]

    assert not names_reached(function.__module__, function.__name__) & {"act_noted", "noted_first", "note_after"}
