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
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from rigs.carrier_simulator.events import encode, receipts
from rigs.flood.city import API_AT_ONCE, START, FloodCity, Workers, lasts, workers_of
from rigs.meter import Used

MINUTE = timedelta(minutes=1)
LATE_SHARE = 34
"""Of a hundred 911 calls so many are due a delay notice (one mid-size city, 14,199 incidents)."""

WORST_MINUTE, UPDATES_EACH = 75, 5
"""The same city has 5 new calls in its worst minute; Denver is taken to be three of it, and this is five Denvers."""

DUE = 100
_TOGETHER = 100


class FloodLine(Struct):
    """One step of one flood; `late` is how long after its instant the last one was done."""

    flood: str
    step: str
    used: Used
    late: timedelta | None = None


def worst_minute(aws: str, open_incidents: int, calls: int = WORST_MINUTE, late: int = DUE) -> list[FloodLine]:
    """Let a minute's calls and updates come while so many incidents are open, and the sweep find what is due."""
    city, rest = FloodCity(aws), open_incidents - late
    _open(city, "O", rest, START - timedelta(minutes=20))
    _open(city, "D", late, START - timedelta(minutes=28, seconds=30))
    webhooks, texts, sweeps = Used(), Used(), Used()
    for place in range(calls):
        city.now = START + place * MINUTE / calls
        city.tell([_call(f"N{place}", place, city.now)], webhooks, weigh=not place)
        for more in range(UPDATES_EACH):
            number = f"O{(place * UPDATES_EACH + more) % rest}"
            city.tell([update(number, city.now, {"beat": str(600 + more)})], webhooks)
    city.now = START + MINUTE
    city.sweep(sweeps, weigh=True)
    city.deliver_until(START + 3 * MINUTE, texts)
    name = f"{open_incidents:,} open"
    last = max(city.hints.late)
    return [
        FloodLine(name, "webhook", webhooks),
        FloodLine(name, "sweep", sweeps),
        FloodLine(name, "hint", texts, last),
    ]


def receipt_flood(aws: str, many: int) -> list[FloodLine]:
    """Let so many receipts come at once, three of each text."""
    city, texts, told = FloodCity(aws), Used(), Used()
    _open(city, "R", -(-many // 3), city.now)
    city.sweep(Used())
    city.deliver_until(START + 10 * MINUTE, texts)
    inbox: Workers[str] = workers_of("record_receipt")
    for body in list(_receipts(-(-many // 3)))[:many]:
        inbox.put(city.now, body)

    def act(bodies: list[str], _now: datetime) -> timedelta:
        with city.invocation(told, len(bodies), weigh=not told.invocations) as one:
            for body in bodies:
                receipt = read_receipt(body)
                if receipt:
                    take_receipt(receipt, city.aws)
        return lasts(one)

    inbox.work(city.now, act)
    name = f"{many:,} receipts"
    return [
        FloodLine(name, "hint before", texts, max(city.hints.late)),
        FloodLine(name, "receipt", told, max(inbox.late)),
    ]


def answer_flood(aws: str, many: int) -> list[FloodLine]:
    """Let so many people open their survey's link at once and send all of it."""
    city, seen, answered = FloodCity(aws), Used(), Used()
    tokens = list(_invited(city, many))
    pages: Workers[str] = Workers(API_AT_ONCE, 1)
    forms: Workers[str] = Workers(API_AT_ONCE, 1)

    def look(asked: list[str], now: datetime) -> timedelta:
        with city.invocation(seen, weigh=not seen.invocations) as one:
            show_survey(asked[0], "en", city.aws, now)
        return lasts(one)

    def answer(asked: list[str], now: datetime) -> timedelta:
        form = {question.id: "5" for question in city.agency.survey.questions if question.kind == "scale"}
        with city.invocation(answered, weigh=not answered.invocations) as one:
            answer_survey(asked[0], form, "en", city.aws, now)
        return lasts(one)

    for token in tokens:
        pages.put(city.now, token)
        forms.put(city.now, token)
    pages.work(city.now, look)
    forms.work(city.now, answer)
    name = f"{many:,} answers"
    return [FloodLine(name, "page", seen, max(pages.late)), FloodLine(name, "answer", answered, max(forms.late))]


def storm(aws: str, incidents: int, every: timedelta = MINUTE) -> list[FloodLine]:
    """Let a county call within ten minutes, and one in three wait for longer than half an hour; sweeps come `every`."""
    city, webhooks, texts, sweeps = FloodCity(aws), Used(), Used(), Used()
    events = [(START + 10 * MINUTE * place / incidents, place, "call") for place in range(incidents)]
    events += [(at + 25 * MINUTE, place, "arrival") for at, place, _ in events if place % 100 >= LATE_SHARE]
    events += [(START + sweep * every, sweep, "sweep") for sweep in range(60 * MINUTE // every)]
    for at, place, what in sorted(events):
        city.deliver_until(at, texts)
        if what == "sweep":
            city.aws.settings.note_feed(city.agency.agency_id, at)
            city.sweep(sweeps, weigh=True)
        elif what == "call":
            city.tell([_call(f"S{place}", place, at)], webhooks, weigh=not place)
        else:
            city.tell([update(f"S{place}", at, {"arrived_at": at})], webhooks)
    city.deliver_until(START + 60 * MINUTE, texts)
    name = f"storm, {incidents:,} calls"
    late = max(city.hints.late)
    return [
        FloodLine(name, "webhook", webhooks),
        FloodLine(name, "sweep", sweeps),
        FloodLine(name, "hint", texts, late),
    ]


def _open(city: FloodCity, letter: str, many: int, received_at: datetime) -> None:
    """Tell of so many calls at once; what is long past at that moment is not acknowledged any more."""
    for start in range(0, many, _TOGETHER):
        places = range(start, min(start + _TOGETHER, many))
        city.tell([_call(f"{letter}{place}", place, received_at) for place in places])


def _call(number: str, caller: int, received_at: datetime, **more: Any) -> dict[str, Any]:
    return update(number, received_at, call(received_at, party(fictional_phone(caller)), **more))


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
