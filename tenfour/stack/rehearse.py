"""A deployment rehearsed in a real account: all of it is tried, nobody is sent anything, and nothing is kept.

    check ─▶ upload ─▶ propose ─▶ execute ─▶ settings, key ─▶ try each part ─▶ take away ─▶ delete the data

A step that fails is written down, and the next one follows. The last three come in any case, even if somebody
interrupts it. Nothing of another stack is touched: the stage has a name of its own, and the parameters that claim
what only one stack can have (domains, numbers, an identity, a pool, reserved functions) are left empty.
"""

import platform
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.settings.agency import Agency
from tenfour.common.errors import CityFailed
from tenfour.stack.change import described_stack
from tenfour.stack.deploy import Wanted
from tenfour.stack.place import Place
from tenfour.stack.rehearse_away import AWAY
from tenfour.stack.rehearse_bench import Bench, NotTried
from tenfour.stack.rehearse_build import BUILD
from tenfour.stack.rehearse_report import Outcome, Rehearsal, Step, without_ids
from tenfour.stack.rehearse_trials import TRIALS

STAGE = "rehearsal"

ALONE = {
    "AlarmEmail": "",
    "CadCertificate": "",
    "CadDomain": "",
    "CadTruststore": "",
    "DeskCertificate": "",
    "DeskDomain": "",
    "DeskPool": "false",
    "EmailDomain": "",
    "LedgerRetentionDays": "1",
    "PublicCertificate": "",
    "PublicDomain": "",
    "TextNumbers": "",
}
"""Parameters that are so in every rehearsal: only one stack can have what they claim, or it would outlive the stack."""

USUALLY = {"ReserveConcurrency": "false"}
"""Parameters that are so unless somebody says otherwise: functions that are kept free here are missing elsewhere."""

HERE = ("127.0.0.1", "::1", "localhost")
"""An emulator's own door, which stands on this machine: no city's domain leads here."""

Trial = tuple[str, str, Callable[[Bench], Iterable[str]]]


class Book(Struct):
    """The steps so far, and who is told of each."""

    tell: Callable[[Step], None]
    steps: list[Step]

    def run(self, bench: Bench, trial: Trial) -> None:
        """Take one step and write down what came."""
        name, asked, attempt = trial
        outcome: Outcome = "ok"
        lines: list[str] = []
        began_at = time.monotonic()
        try:
            for line in attempt(bench):
                lines.append(line)  # noqa: PERF402  those before an error are kept
        except NotTried as why:
            outcome = "not tried"
            lines.append(str(why))
        except Exception as problem:  # noqa: BLE001  one step is one item of a batch: it may keep no other from its turn
            outcome = "failed"
            lines.extend(_words(problem))
        took = time.monotonic() - began_at
        self.note(Step(name=name, asked=asked, outcome=outcome, came=tuple(lines), seconds=took))

    def note(self, step: Step) -> None:
        """Write a step down."""
        self.steps.append(step)
        self.tell(step)


def rehearse(place: Place, wanted: Wanted, tell: Callable[[Step], None]) -> Rehearsal:
    """Try everything and take it away; CityFailed where the account or a stack that is there forbids to begin."""
    if place.stage != STAGE:
        raise CityFailed(f"a rehearsal has the stage {STAGE}, and deletes it at its end: {place.stage} is another")
    if wanted.account not in (None, place.account):
        raise CityFailed(f"these credentials lead to {place.account}: sign in to {wanted.account}")
    if described_stack(place):
        how = f"`tenfour destroy --stage {STAGE} --delete-data {place.stack}`"
        raise CityFailed(f"{place.stack} is there already, perhaps of a rehearsal that was cut off: {how}")
    began_at = datetime.now(UTC)
    bench, book = Bench(place, alone(wanted, _log_role(place))), Book(tell, [])
    try:
        for trial in (*BUILD, *TRIALS):
            book.run(bench, trial)
    except KeyboardInterrupt:
        came = ("somebody stopped the rehearsal; what was made is taken away",)
        book.note(Step(name="interrupted", asked="nothing more", outcome="failed", came=came))
    finally:
        for trial in AWAY:
            book.run(bench, trial)
    return Rehearsal(
        began_at=began_at,
        ended_at=datetime.now(UTC),
        partition=place.partition,
        region=place.region,
        python=platform.python_version(),
        steps=without_ids(book.steps, names_of(wanted.agency)),
    )


def alone(wanted: Wanted, log_role: str) -> Wanted:
    """Return what is rehearsed of what is wanted: in shadow, and beside any other stack; CityFailed.

    `log_role` writes API Gateway's logs already: an account has one, and a rehearsal leaves it.
    """
    fixed: Mapping[str, str] = {**ALONE, "MakeApiLogRole": "false" if log_role else "true"}
    for name in wanted.parameters.keys() & fixed.keys():
        if wanted.parameters[name] != fixed[name]:
            raise CityFailed(f"--parameter {name}: leave it out, a rehearsal takes nothing that another stack may have")
    if wanted.address and urlsplit(wanted.address).hostname not in HERE:
        raise CityFailed("--address: leave it out, a rehearsal is tried at its own address, and that one is another's")
    agency = wanted.agency and replace(wanted.agency, mode="shadow")
    return replace(wanted, agency=agency, parameters={**USUALLY, **wanted.parameters, **fixed})


def names_of(agency: Agency | None) -> tuple[str, ...]:
    """Return the words by which an agency would be known on a page."""
    if agency is None:
        return ()
    return (agency.agency_id, agency.name, agency.numbers.email_from.rpartition("@")[2])


def _log_role(place: Place) -> str:
    account: Mapping[str, Any] = place.client("apigateway").get_account()
    return str(account.get("cloudwatchRoleArn") or "")


def _words(problem: BaseException) -> Iterable[str]:
    """Yield an error's words, and those of AWS behind it."""
    yield f"{type(problem).__name__}: {problem}"
    if problem.__cause__:
        yield f"{type(problem.__cause__).__name__}: {problem.__cause__}"
