"""`docs/operator/cost.md`, as `tenfour cost` writes it."""

from collections.abc import Mapping, Sequence

from rigs.cost import prices
from rigs.cost.bill import ANSWERED, CITY, SHARDS, BillLine, month, of_a_month, thousand_incidents
from rigs.cost.desk import section
from rigs.cost.ledger import ENTRIES, act
from rigs.meter import Used

TOWN, LARGE = 20 * 30, 85_000
AGENCIES = (("a town, 20 a day", TOWN), ("a mid-size city", CITY), ("a large city", LARGE))
"""Agencies and their incidents a month; the middle one is in the dispatch data that the rules were tried on."""

SEGMENTS = 1.6
"""Of an incident, on average: a third of all get nothing, texts in Spanish may take two segments."""


def page(used: Mapping[str, Used]) -> str:
    """Return the page."""
    variable, fixed = thousand_incidents(used), month()
    each, large, idle = _sum(variable), _sum(thousand_incidents(used, LARGE)), _sum(fixed)
    return "\n".join(
        (
            "# What it costs",
            "",
            "Written by `make cost`, which makes an incident's whole way in a local city and counts each call to AWS",
            "with the units that it consumed. Prices are AWS's list prices in Oregon, without free tiers",
            "(`rigs/cost/prices.py`).",
            "",
            f"**A thousand incidents: ${each:.4f} of AWS in a mid-size city, ${large:.4f} in a large one.**",
            f"**A month in which nothing happens: ${idle:.2f}.**",
            f"One segment of a text: ${prices.SEGMENT}. The segments are the bill.",
            "",
            "## One incident, measured",
            "",
            "Six webhooks, three messages, two receipts each; one survey in five is answered.",
            "",
            "| step | times | calls to AWS | write units | read units | bytes logged |",
            "|---|---|---|---|---|---|",
            *(_step(step, one) for step, one in used.items()),
            "",
            "## A thousand incidents",
            "",
            *_table(variable, digits=4),
            "",
            "Assumed, not measured: a call to AWS takes 10 ms, a provider 100 ms, the rest of a step 20 ms. All three",
            f"are on the high side. Two receipts are taken at once. {ANSWERED:.0%} of surveys are answered.",
            "Storage and analysts' queries are a few cents a year.",
            "",
            "AWS calls KMS for us once in five minutes for each table and function, however much happens",
            "(`rigs/cost/keys.py`). So a busy city pays less for each incident, and a town more. AWS does not say",
            "whether two containers of one function count as one caller. We count them as one. What changed lands once",
            f"in five minutes for each of {SHARDS} shards of a table's stream, in one file (`SHARDS` in",
            "`rigs/cost/bill.py`). It joins the days that analysts read every quarter of an hour.",
            "",
            "## A month, before the first incident",
            "",
            *_table(fixed, digits=2),
            "",
            "The sweep and the compaction run on a clock, and the feed sends a heartbeat each minute.",
            "Not in it: WAF (about $9 a month), a number's own rent, point-in-time recovery ($0.20 a GB), and the",
            f"dashboard: ${prices.DASHBOARD_MONTH:.2f} a month, or nothing if the account has fewer than three.",
            "`MakeDashboard=true` makes it. In an hour in which something happens, up to eleven more metrics have",
            "data: together $3.30 in a month that is never quiet. The next table has them.",
            "",
            f"An act that takes two people adds {100 * act():.3f} cents: {ENTRIES} entries in the ledger, each with a",
            "locked copy. The key of the ledger's stream is among the requests to KMS.",
            "",
            *section(),
            "## By agency",
            "",
            "| agency | incidents a month | AWS at list price | AWS, less the free tier | texts | together |",
            "|---|---|---|---|---|---|",
            *(_agency(name, incidents, used) for name, incidents in AGENCIES),
            "",
            "The free tier is what AWS gives each account each month for ever: ten alarms and metrics, a million",
            "calls of Lambda, and so on (`FREE` in `rigs/cost/prices.py`). The account must have no other use for it.",
            '"Together" is at list price.',
            "",
            f"Texts: {SEGMENTS} segments an incident at ${prices.SEGMENT}. `tenfour shadow-report` says how many an",
            "agency's own rules would send.",
            "",
        )
    )


def _sum(lines: Sequence[BillLine]) -> float:
    return sum(line.dollars for line in lines)


def _step(step: str, used: Used) -> str:
    calls = ", ".join(f"{count} {name}" for name, count in sorted(used.calls.items()))
    return f"| {step} | {used.times} | {calls} | {used.write_units:g} | {used.read_units:g} | {used.log_bytes:,} |"


def _table(lines: Sequence[BillLine], digits: int) -> list[str]:
    return [
        "| service | what | how many | dollars |",
        "|---|---|---|---|",
        *(f"| {line.service} | {line.what} | {line.amount:,.0f} | {line.dollars:.{digits}f} |" for line in lines),
        f"| **together** | | | **{_sum(lines):.{digits}f}** |",
    ]


def _agency(name: str, incidents: int, used: Mapping[str, Used]) -> str:
    aws, less = of_a_month(thousand_incidents(used, incidents), incidents)
    texts = incidents * SEGMENTS * prices.SEGMENT
    return f"| {name} | {incidents:,} | ${aws:,.2f} | ${less:,.2f} | ${texts:,.2f} | ${aws + texts:,.2f} |"
