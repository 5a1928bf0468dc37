"""`tenfour status` as it is typed."""

from typing import Annotated

import typer

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


def status(
    now_only: Annotated[
        bool, typer.Option("--now", help="Only the state of this moment: quick, however large the tables.")
    ] = False,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Show the feed, backlog, lateness, failures and spend.

    The figures are those of today and of this week.
    """
    from chalicelib.insight.status.read import read, ringing_alarms
    from tenfour.common.account import account_client, this_stack
    from tenfour.common.reach import UNREACHABLE, reach, which_agency
    from tenfour.operate.status_show import show

    try:
        aws = reach(stack)
        ours = which_agency(aws, stack, agency)
        alarms = None if stack else ringing_alarms(account_client("cloudwatch"), this_stack())
        told = read(aws, ours, alarms, now_only=now_only)
    except UNREACHABLE as problem:
        refuse(problem)
    if as_json:
        say_json(told)
        return
    show(Screen(), told, ours.zone)
