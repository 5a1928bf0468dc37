"""`tenfour explain` as it is typed."""

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse

if TYPE_CHECKING:
    from chalicelib.insight.explain.story import Explained


def explain(
    incident: Annotated[str, typer.Argument(help="The incident's number, or a phone or email of somebody on it.")],
    at: Annotated[
        str | None, typer.Option(help="With a phone: the day or time, in the agency's own time: `yesterday 9 pm`.")
    ] = None,
    stack: Stack = None,
    agency: AgencyId = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show phones, emails and comments whole; it is logged.")
    ] = False,
    reason: Annotated[str, typer.Option(help="With --reveal: why; it is kept.")] = "",
    sandbox: Annotated[bool, typer.Option("--sandbox", help="An exercise that came by a sandbox key.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell the story of an incident: what was sent, and why not."""
    from chalicelib.domain.approval import Unidentified
    from chalicelib.domain.names import IncidentKey, sandbox_of
    from chalicelib.insight.explain.calls import named
    from chalicelib.insight.explain.read import NotAsked, Unknown, read, wanted
    from chalicelib.insight.explain.span import BadTime, span_of
    from chalicelib.insight.people.caller import person
    from chalicelib.ports.errors import NotNoted
    from tenfour.common.reach import UNREACHABLE, reach, which_agency
    from tenfour.operate.calls_show import show_calls
    from tenfour.operate.looks import noted_search, noted_story

    try:
        wants = wanted(reveal, reason)
        books = reach(stack)
        ours = which_agency(books, stack, agency)
        if sandbox:
            told, zone = read(books, IncidentKey(sandbox_of(ours.agency_id), incident))
            _print(told, zone, as_json=as_json)
            return
        span = span_of(at, ours.zone, datetime.now(UTC)) if at else None
        calls = noted_search(books, ours, incident, lambda: named(books, ours, incident, span))
        if len(calls) > 1:
            show_calls(calls, ours.zone, as_json=as_json)
            return
        asked = wants(person(books)) if wants else None
        key = IncidentKey(ours.agency_id, calls[0].key)
        number = calls[0].incident_number
        told, zone = noted_story(books, ours.agency_id, number, asked, lambda: read(books, key, asked))
    except NotAsked as problem:
        refuse(f"--reveal and --reason: {problem}")
    except BadTime as problem:
        refuse(f"--at: {problem}")
    except NotNoted as problem:
        refuse(f"nothing is shown, because the ledger does not take it: {problem}")
    except (Unidentified, Unknown, *UNREACHABLE) as problem:
        refuse(problem)
    _print(told, zone, as_json=as_json)


def _print(told: "Explained", zone: tzinfo, *, as_json: bool) -> None:
    from tenfour.operate.explain_show import show

    if as_json:
        say_json(told)
    else:
        show(Screen(), told, zone)
