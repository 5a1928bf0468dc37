"""`tenfour explain` as it is typed."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


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
    as_json: AsJson = False,
) -> None:
    """Tell the story of an incident: what was sent, and why not."""
    from chalicelib.domain.approval import Unidentified
    from chalicelib.domain.names import IncidentKey
    from chalicelib.insight.explain.calls import named
    from chalicelib.insight.explain.read import NotAsked, Unknown, read, wanted
    from chalicelib.insight.explain.span import BadTime, span_of
    from chalicelib.insight.people.caller import person
    from tenfour.common.reach import UNREACHABLE, reach, which_agency
    from tenfour.operate.calls_show import show_calls
    from tenfour.operate.explain_show import show

    try:
        wants = wanted(reveal, reason)
        books = reach(stack)
        ours = which_agency(books, stack, agency)
        calls = named(books, ours, incident, span_of(at, ours.zone, datetime.now(UTC)) if at else None)
        if len(calls) > 1:
            show_calls(calls, ours.zone, as_json=as_json)
            return
        asked = wants(person(books)) if wants else None
        told, zone = read(books, IncidentKey(ours.agency_id, calls[0].incident_number), asked)
    except NotAsked as problem:
        refuse(f"--reveal and --reason: {problem}")
    except BadTime as problem:
        refuse(f"--at: {problem}")
    except (Unidentified, Unknown, *UNREACHABLE) as problem:
        refuse(problem)
    if as_json:
        say_json(told)
    else:
        show(Screen(), told, zone)
