"""The person at the terminal: AWS says who it is."""

from chalicelib.domain.approval import Author, Unidentified
from chalicelib.insight.people import caller
from chalicelib.wiring import Aws
from tenfour.common.reached import asked


def person(aws: Aws) -> str:
    """Return the person whose credentials these are, or refuse."""
    return asked(lambda: caller.person(aws), Unidentified)


def author(aws: Aws) -> Author:
    """Return that person as the author of an act, or refuse."""
    return Author(person(aws))
