"""What the desk adds to the bill: what it costs while nobody looks, and what a page costs that stays open."""

from rigs.cost import prices
from rigs.cost.bill import ACCESS_LOG, BillLine, month

POLL_SECONDS = 5
"""A page that is seen asks so often where things change (`SOONEST` in live.js); one that is hidden never does."""

CALM_SECONDS = 15
"""So often it asks while nothing changes (`CALMEST` in live.js)."""

READS = 4
"""Units of a poll: the session, the pauses, what waits, and one for settings that were read a minute ago."""

POLL_GB_SECONDS = 1.0 * (0.01 * READS + 0.02)

HOURS_SECONDS = 120
"""A wall screen asks so often for the last hours."""

HOURS_READS = 14
"""Units of that: the session and the index, whose entries of three hours are at most 1,000."""

HOURS_GB_SECONDS = 1.0 * 0.25
"""Reading, decoding and counting 1,000 entries takes about a quarter of a second at a gigabyte."""

QUESTIONS = 14
"""So often the results of two quarters ask Athena, once a night (`SERVICE` and `SURVEYS` in insight/results/job.py)."""

LARGE_CITY = 18_000_000
"""Bytes that a question of the report reads in a city of Denver's size, on average (docs/analyst/report.md)."""

SHIFT = 12
_GB = 1024**3


def idle() -> float:
    """Return the dollars that the desk adds to a month in which nobody opens it."""
    return sum(line.dollars for line in month()) - sum(line.dollars for line in month(desk=False))


def open_page(hours: float = prices.MONTH_HOURS, every: float = POLL_SECONDS) -> tuple[BillLine, ...]:
    """Return what a page costs that is seen for so many hours of a month, on a wall or on somebody's screen."""
    return _asked("polls", hours * 3600 / every, READS, POLL_GB_SECONDS)


def open_wall(hours: float = prices.MONTH_HOURS, every: float = POLL_SECONDS) -> tuple[BillLine, ...]:
    """Return what a wall screen costs: a page that asks for the last hours, too."""
    return open_page(hours, every) + _asked("hours", hours * 3600 / HOURS_SECONDS, HOURS_READS, HOURS_GB_SECONDS)


def nights(bytes_read: float = prices.ATHENA_LEAST) -> float:
    """Return the dollars that a month of nights costs at Athena, for one agency whose questions read so much."""
    read = max(bytes_read, prices.ATHENA_LEAST)
    return prices.MONTH_HOURS / 24 * QUESTIONS * read * prices.ATHENA_BYTE


def _asked(what: str, many: float, reads: float, gb_seconds: float) -> tuple[BillLine, ...]:
    return (
        BillLine("API Gateway", what, many, prices.API_REQUEST),
        BillLine("Lambda", "invocations", many, prices.LAMBDA_REQUEST),
        BillLine("Lambda", "GB-seconds", many * gb_seconds, prices.LAMBDA_GB_SECOND),
        BillLine("DynamoDB", "read units", many * reads, prices.READ_UNIT),
        BillLine("CloudWatch", "bytes of logs", many * ACCESS_LOG, prices.LOG_GB / _GB),
    )


def _dollars(lines: tuple[BillLine, ...]) -> float:
    return sum(line.dollars for line in lines)


def section() -> tuple[str, ...]:
    """Return the page's section about the desk."""
    busy, calm = (100 * _dollars(open_wall(SHIFT, every)) for every in (POLL_SECONDS, CALM_SECONDS))
    wall, month_of = _dollars(open_wall(every=CALM_SECONDS)), _dollars(open_page(8 * 22))
    return (
        "## The desk",
        "",
        f"**While nobody opens it, the desk adds ${idle():.2f} to a month:** its secret, its alarms, the",
        "queue of its jobs, which Lambda asks all the time, and a look each minute for a draft whose time has come.",
        "`Desk=false` leaves all of it out. Its table of sessions costs nothing until somebody signs in.",
        "",
        f"A page that is seen asks every {POLL_SECONDS} seconds where things change, and every {CALM_SECONDS} while",
        f"nothing does. A wall screen costs {calm:.1f} to {busy:.1f} cents for {SHIFT} hours,",
        f"and ${wall:.2f} for a calm month. Somebody's screen, 22 days of eight hours, is ${month_of:.2f} at most.",
        f"A poll is counted as {READS} reads and {POLL_GB_SECONDS:.2f} GB-seconds. A hidden page asks nothing.",
        "",
        f"**Results** are counted once a night by {QUESTIONS} questions to Athena an agency:",
        f"{100 * nights():.1f} cents a month in a town, {100 * nights(LARGE_CITY):.1f} in a city of Denver's size.",
        "To open them again asks nothing.",
        "",
        "`DeskPool=true` adds nothing for people whom the pool itself knows: Cognito's first 10,000 in a month are",
        "free. Of those who come by SAML or OpenID Connect, 50 in a month are free, and each further one is $0.015.",
        "",
    )
