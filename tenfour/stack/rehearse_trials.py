"""The parts of a stack that a smoke test doesn't reach: texts, emails, their receipts, the ledger, queries, an alarm.

Texts and emails go to AWS's own simulators. AWS bills them like any other, and no carrier and no person gets them.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chalicelib.carriers.end_user_messaging.sender import EndUserMessaging
from chalicelib.carriers.failures import ONCE
from chalicelib.carriers.ses.sender import Ses
from chalicelib.insight.figures.ask import ask, period
from chalicelib.insight.figures.athena import Athena
from chalicelib.insight.figures.queries import query
from chalicelib.ports.carrier import Outgoing
from tenfour.common.errors import CityFailed
from tenfour.stack.check_carriers import check_email
from tenfour.stack.rehearse_bench import Bench, NotTried
from tenfour.stack.rehearse_ledger import look_at_ledger
from tenfour.stack.rehearse_receipts import await_receipts, expect
from tenfour.stack.rehearse_report import EMAIL_SIMULATOR, TEXT_SIMULATOR

QUERIES = ("messages", "comments")
"""One of each workgroup: comments have their own."""

LIVES_FOR = 300
SEEN_WITHIN = 30.0
"""Seconds: an alarm's history is written soon after its state."""

_WORDS = "tenfour: a rehearsal. Nobody gets this."
_HOW = (
    "`aws pinpoint-sms-voice-v2 request-phone-number --iso-country-code US --message-type TRANSACTIONAL"
    " --number-capabilities SMS --number-type SIMULATOR` makes one that reaches simulators alone"
)


class Dry:
    """End User Messaging, asked to check a text and not to send it (SendTextMessage, DryRun)."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send_text_message(self, **request: Any) -> dict[str, Any]:
        """Ask; an answer without an id is as good, since no message was made."""
        return {"MessageId": "none", **self._client.send_text_message(**request, DryRun=True)}


def check_text(bench: Bench) -> Iterator[str]:
    """Have a text checked by End User Messaging, without sending it."""
    yield _text(bench, Dry(_messaging(bench)), *_origin(bench), f"rehearsal-{uuid4().hex[:8]}")


def send_text(bench: Bench) -> Iterator[str]:
    """Send a text to the simulator."""
    messaging, (kind, sender) = _messaging(bench), _origin(bench)
    key = expect(bench, "sms", TEXT_SIMULATOR)
    yield _text(bench, messaging, kind, sender, key.id)
    bench.taken.append(key)


def send_email(bench: Bench) -> Iterator[str]:
    """Send an email to the simulator."""
    bench.stack()
    if bench.wanted.agency is None:
        raise NotTried("no settings were given, so nobody knows from which address")
    *_, identity = check_email(bench.place, bench.wanted.agency)
    if identity.level != "ok":
        raise NotTried(identity.says)
    sender = bench.wanted.agency.numbers.email_from
    key = expect(bench, "email", EMAIL_SIMULATOR)
    sent = Ses(bench.place.client("sesv2", config=ONCE), bench.place.stack).send(
        Outgoing(
            id=key.id,
            address=EMAIL_SIMULATOR,
            sender=sender,
            subject="tenfour: a rehearsal",
            body=_WORDS,
            lives_for=LIVES_FOR,
        )
    )
    bench.taken.append(key)
    yield f"from {sender}: SES took it as {sent.reference}"


def ask_lake(bench: Bench) -> Iterator[str]:
    """Ask Athena a question in each workgroup."""
    database = bench.stack()["LakeDatabase"]
    lake = Athena(bench.place.client("athena"), bench.place.stack, database)
    for name in QUERIES:
        answered = ask(lake, query(name), *period(None, None, datetime.now(UTC).date()))
        yield f"{name}: {len(answered.result.rows)} rows of {len(answered.result.names)} columns"


def raise_alarm(bench: Bench) -> Iterator[str]:
    """Raise an alarm by hand and find it in its history."""
    bench.stack()
    watch = bench.place.client("cloudwatch")
    pages = watch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=bench.place.stack)
    found = sorted(alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"])
    if not found:
        raise CityFailed("the stack has no alarm")
    yield f"{len(found)} alarms; {found[0]} is raised"
    watch.set_alarm_state(AlarmName=found[0], StateValue="ALARM", StateReason="tenfour: a rehearsal")
    give_up_at = time.monotonic() + SEEN_WITHIN
    while not (history := _history(watch, found[0])) and time.monotonic() < give_up_at:
        time.sleep(1)
    if not history:
        raise CityFailed("its history knows nothing of that")
    yield from history


def _history(watch: Any, name: str) -> list[str]:
    """Return what an alarm's history says of having been raised, and of the topic that was told."""
    items = watch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    told = [f"{item['HistoryItemType']}: {item['HistorySummary']}" for item in items]
    return told if any("to ALARM" in line for line in told) else []


def _messaging(bench: Bench) -> Any:
    bench.stack()
    return bench.place.client("pinpoint-sms-voice-v2", config=ONCE)


def _text(bench: Bench, messaging: Any, kind: str, sender: str, id_: str) -> str:
    """Hand a text over as `Deliver` does, and say what came."""
    outgoing = Outgoing(id=id_, address=TEXT_SIMULATOR, sender=sender, body=_WORDS, lives_for=LIVES_FOR)
    sent = EndUserMessaging(messaging, bench.place.stack).send(outgoing)
    return f"from a number of type {kind}: End User Messaging took it as {sent.reference}"


def _origin(bench: Bench) -> tuple[str, str]:
    """Return the type and the number to send from: the settings' own if it is active, else any; NotTried."""
    pages = bench.place.client("pinpoint-sms-voice-v2").get_paginator("describe_phone_numbers").paginate()
    active = {item["PhoneNumber"]: item for page in pages for item in page["PhoneNumbers"] if _can_text(item)}
    agency = bench.wanted.agency
    ours = agency.numbers.sms_from if agency else ""
    if not active:
        raise NotTried(f"the account has no active number for texts; {_HOW}")
    item = active.get(ours) or active[min(active)]
    return item["NumberType"], item["PhoneNumber"]


def _can_text(item: Any) -> bool:
    return item["Status"] == "ACTIVE" and "SMS" in item["NumberCapabilities"]


TRIALS = (
    ("text, checked only", f"sms-voice:SendTextMessage with DryRun, to {TEXT_SIMULATOR}", check_text),
    ("text, simulated", f"sms-voice:SendTextMessage to AWS's simulator, {TEXT_SIMULATOR}", send_text),
    ("email, simulated", f"ses:SendEmail to AWS's simulator, {EMAIL_SIMULATOR}", send_email),
    ("receipts", "the events of both, until they stand in DynamoDB", await_receipts),
    ("ledger", "its table, the lock of its copies, and the function between them", look_at_ledger),
    ("queries", f"the named queries {' and '.join(QUERIES)} on Athena", ask_lake),
    ("alarm", "cloudwatch:SetAlarmState, and its history", raise_alarm),
)
