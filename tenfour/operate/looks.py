"""Looks at persons by command, each with its entry in the ledger."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from chalicelib.aws.stores.history import Reveal
from chalicelib.domain.ledger.noted import incident, person, thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.records.subject import bearing_name, find_person
from chalicelib.wiring import Aws, now
from tenfour.common.noted import noted
from tenfour.common.reached import asked

T = TypeVar("T")


def noted_search(aws: Aws, agency: Agency, text: str, look: Callable[[], T]) -> T:
    """Look for the calls of a text; where it is somebody's phone or email, the search is noted first. NotNoted."""
    found = find_person(aws, agency, text)
    if found is None or bearing_name(aws, agency, text):
        return look()
    # That nothing is known of somebody is an answer too, so the search stays noted as it was asked.
    noted(aws, agency.agency_id, What.SEARCHED, person(found.keyed_hash), anybody(aws), now(), lambda: None)
    return look()


def note_comments(aws: Aws, query: str) -> None:
    """Note, at each agency that the lake holds, that somebody reads what people wrote, or refuse."""
    by, at, about = anybody(aws), now(), thing("query", query)
    for agency_id in asked(aws.settings.agencies):
        asked(partial(noted, aws, agency_id, What.READ_COMMENTS, about, by, at, lambda: None))


def noted_story(aws: Aws, agency_id: str, number: str, reveal: Reveal | None, look: Callable[[], T]) -> T:
    """Show an incident; the look is noted first, and so is that phones, emails and comments are whole. NotNoted."""
    about = incident(number)
    if reveal is None:
        return noted(aws, agency_id, What.LOOKED, about, anybody(aws), now(), look)
    return noted(aws, agency_id, What.REVEALED, about, reveal.author, reveal.at, look, reveal.reason)
