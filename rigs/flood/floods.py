"""The floods: a big city's worst minute, receipts, answers, a storm. Each returns what its steps used."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from chalicelib.carriers.events import read_receipt
from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.surveys.answer import answer_survey, show_survey
from chalicelib.virtual.carrier import TakenMessage
from chalicelib.virtual.fiction import fictional_phone
from rigs.city.carrier.events import encode, receipts
from rigs.flood.city import API_AT_ONCE, START, FloodCity, Workers, lasts, workers_of
from rigs.flood.meter import Used

MINUTE = timedelta(minutes=1)
LATE_SHARE = 34
"""Of a hundred 911 calls so many are due a delay notice (one mid-size city, 14,199 incidents)."""

WORST_MINUTE, UPDATES_EACH = 75, 5
"""The same city has 5 new calls in its worst minute; Denver is taken to be three of it, and this is five Denvers."""

DUE = 100
_TOGETHER = 100


class Line(Struct):
    """One step of one flood; `late` is how long after its instant the last one was done."""

    flood: str
    step: str
    used: Used
    late: timedelta | None = None


def worst_minute(open_incidents: int) -> list[Line]:
    """Let a minute's calls and updates come while so many incidents are open, and the sweep find what is due."""
    city = FloodCity()
    due, rest = city.now - timedelta(minutes=28, seconds=30), city.now - timedelta(minutes=20)
    _open(city, "O", open_incidents - DUE, rest)
    _open(city, "D", DUE, due)
    webhooks, texts, sweeps = Used(), Used(), Used()
    for second in range(WORST_MINUTE):
        city.now = START + second * MINUTE / WORST_MINUTE
        city.tell([_call(f"N{second}", second, city.now)], webhooks, weigh=not second)
        for more in range(UPDATES_EACH):
            number = f"O{(second * UPDATES_EACH + more) % (open_incidents - DUE)}"
            city.tell([_told(number, city.now, beat=str(600 + more))], webhooks)
    city.now = START + MINUTE
    city.sweep(sweeps, weigh=True)
    city.deliver_until(START + 3 * MINUTE, texts)
    name = f"{open_incidents:,} open"
    late = max(city.hints.late)
    return [Line(name, "webhook", webhooks), Line(name, "sweep", sweeps), Line(name, "hint", texts, late)]


def receipt_flood(many: int) -> list[Line]:
    """Let so many receipts come at once, three of each text."""
    city, texts, told = FloodCity(), Used(), Used()
    _open(city, "R", -(-many // 3), city.now)
    city.sweep(Used())
    city.deliver_until(START + 10 * MINUTE, texts)
    inbox: Workers[str] = workers_of("record_receipt")
    for body in list(_receipts(-(-many // 3)))[:many]:
        inbox.put(city.now, body)

    def act(bodies: list[str], _now: datetime) -> timedelta:
        with city.meter.invocation(told, len(bodies), weigh=not told.invocations) as one:
            for body in bodies:
                receipt = read_receipt(body)
                if receipt:
                    take_receipt(receipt, city.aws)
        return lasts(one)

    inbox.work(city.now, act)
    name = f"{many:,} receipts"
    return [Line(name, "hint before", texts, max(city.hints.late)), Line(name, "receipt", told, max(inbox.late))]


def answer_flood(many: int) -> list[Line]:
    """Let so many people open their survey's link at once and send all of it."""
    city, seen, answered = FloodCity(), Used(), Used()
    tokens = list(_invited(city, many))
    pages: Workers[str] = Workers(API_AT_ONCE, 1)
    forms: Workers[str] = Workers(API_AT_ONCE, 1)

    def look(asked: list[str], now: datetime) -> timedelta:
        with city.meter.invocation(seen, weigh=not seen.invocations) as one:
            show_survey(asked[0], "en", city.aws, now)
        return lasts(one)

    def answer(asked: list[str], now: datetime) -> timedelta:
        form = {question.id: "5" for question in city.agency.survey.questions if question.kind == "scale"}
        with city.meter.invocation(answered, weigh=not answered.invocations) as one:
            answer_survey(asked[0], form, "en", city.aws, now)
        return lasts(one)

    for token in tokens:
        pages.put(city.now, token)
        forms.put(city.now, token)
    pages.work(city.now, look)
    forms.work(city.now, answer)
    name = f"{many:,} answers"
    return [Line(name, "page", seen, max(pages.late)), Line(name, "answer", answered, max(forms.late))]


def storm(incidents: int) -> list[Line]:
    """Let a county call within ten minutes, and one in three wait for longer than half an hour."""
    city, webhooks, texts, sweeps = FloodCity(), Used(), Used(), Used()
    events = [(START + 10 * MINUTE * place / incidents, place, "call") for place in range(incidents)]
    events += [(at + 25 * MINUTE, place, "arrival") for at, place, _ in events if place % 100 >= LATE_SHARE]
    events += [(START + minute * MINUTE, minute, "sweep") for minute in range(60)]
    for at, place, what in sorted(events):
        city.deliver_until(at, texts)
        if what == "sweep":
            city.aws.settings.note_feed(city.agency.agency_id, at)
            city.sweep(sweeps, weigh=True)
        elif what == "call":
            city.tell([_call(f"S{place}", place, at)], webhooks, weigh=not place)
        else:
            city.tell([_told(f"S{place}", at, arrived_at=at)], webhooks)
    city.deliver_until(START + 60 * MINUTE, texts)
    name = f"storm, {incidents:,} calls"
    late = max(city.hints.late)
    return [Line(name, "webhook", webhooks), Line(name, "sweep", sweeps), Line(name, "hint", texts, late)]


def _open(city: FloodCity, letter: str, many: int, received_at: datetime) -> None:
    """Tell of so many calls at once; what is long past at that moment is not acknowledged any more."""
    for start in range(0, many, _TOGETHER):
        places = range(start, min(start + _TOGETHER, many))
        city.tell([_call(f"{letter}{place}", place, received_at) for place in places])


def _call(number: str, caller: int, received_at: datetime, **more: Any) -> dict[str, Any]:
    party = {"party_id": "1", "role": "caller", "contact_kind": "personal", "phone": fictional_phone(caller)}
    told = {"origin": "911", "incident_type": "NOISE", "priority": "3", "beat": "612", "received_at": received_at}
    return _told(number, received_at, **told, reporting_parties=[party], **more)


def _told(number: str, as_of: datetime, **facts: Any) -> dict[str, Any]:
    told = {"incident_number": number, "as_of": as_of, **facts}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def _receipts(many: int) -> Iterator[str]:
    nobody = TwilioAccount("", "")
    for place in range(many):
        message = TakenMessage(
            id="",
            provider="end_user_messaging",
            channel="sms",
            to=fictional_phone(place),
            body="",
            reference=NotificationKey("springfield", f"R{place}", Kind.ACKNOWLEDGMENT, "1").id,
            at="",
            sender="",
        )
        yield from (encode(event) for _, event in receipts(message, "deliver", nobody))


def _invited(city: FloodCity, many: int) -> Iterator[str]:
    """Ask so many people, and yield the tokens of their links."""
    ended = city.now - timedelta(hours=18)
    done = {"arrived_at": ended, "closed_at": ended, "dispositions": ["HAN"]}
    for start in range(0, many, _TOGETHER):
        places = range(start, min(start + _TOGETHER, many))
        city.tell([_call(f"A{place}", place, ended, **done) for place in places])
    for place in range(many):
        key = NotificationKey("springfield", f"A{place}", Kind.SURVEY, "1")
        city.aws.settings.note_feed("springfield", city.now)
        if deliver_notification(key, city.aws, city.now) is not State.SENT:
            raise LookupError(f"{key.id} was not asked")
        yield survey_token(city.aws.survey_secret, key)
