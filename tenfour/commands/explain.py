"""`tenfour explain` as it is typed."""

from typing import Annotated

import typer

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


def explain(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
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
    from chalicelib.insight.explain.read import NotAsked, Unknown, read, wanted
    from chalicelib.insight.people.caller import person
    from tenfour.common.reach import UNREACHABLE, reach, which_agency
    from tenfour.operate.explain_show import show

    try:
        wants = wanted(reveal, reason)
        books = reach(stack)
        asked = wants(person(books)) if wants else None
        told, zone = read(books, IncidentKey(which_agency(books, stack, agency).agency_id, incident), asked)
    except NotAsked as problem:
        refuse(f"--reveal and --reason: {problem}")
    except (Unidentified, Unknown, *UNREACHABLE) as problem:
        refuse(problem)
    if as_json:
        say_json(told)
    else:
        show(Screen(), told, zone)
