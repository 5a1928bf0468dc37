"""`tenfour going-live` as it is typed."""

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


def going_live(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List what is done before texts go, and what is not.

    It is the list of the desk's page Going live, where people sign. It holds nothing back.
    """
    from chalicelib.insight.going_live import read
    from chalicelib.wiring import now
    from tenfour.common.reach import UNREACHABLE, reach, which_agency
    from tenfour.operate.going_live_show import for_programs, show

    try:
        aws = reach(stack)
        ours = which_agency(aws, stack, agency)
        told = read(aws, ours, now())
    except UNREACHABLE as problem:
        refuse(problem)
    if as_json:
        say_json(for_programs(told))
        return
    show(Screen(), told)
