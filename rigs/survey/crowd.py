"""Many people answer a running local city at once, through both doors, some of them twice.

Nobody is asked by text: surveys are laid into the tables as asking does, with made-up phones. Answers go the whole
way: pages by HTTP, texts through the carrier, the queue and the function that records replies.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import httpx
from msgspec import Struct
from pynamodb.transactions import TransactWrite

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import questionnaire
from chalicelib.domain.surveys.survey import LINK_LIFE, Survey
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.virtual.fiction import DRAWN, fictional_phone
from chalicelib.virtual.town.calls import call, update
from chalicelib.wiring import Aws, now
from rigs.city.inside import Inside
from tenfour.common.reach import Stack
from tenfour.rehearse.vendor import Vendor, wait_until

AT_ONCE = 16
"""Connections: enough to keep the city's own door, which lets six in at once, always busy."""

TRIES = 4

_AT_A_TIME = 100
"""As many updates as the webhook takes at once."""

_MARKS = ("respect", "listened")


class Respondent(Struct, frozen=True):
    """Somebody with a survey, and what they will say."""

    phone: str
    survey: Survey
    token: str
    marks: dict[str, int]


class Outcome(Struct, frozen=True):
    """How it went: people whose answers are not exactly what they said, refusals, and seconds."""

    people: int
    wrong: tuple[str, ...]
    refused: int
    seconds: float


def crowd(stack: Stack, count: int, patience: float) -> Outcome:
    """Let so many people answer: a page and a text each at the same time, then a page twice and the next text."""
    inside, dice = Inside(stack), random.Random(count)  # noqa: S311  people, not secrets
    agency = inside.aws.settings.agency(stack.agency_id)
    if agency is None:
        raise OSError("the city has no settings")
    phones = random.SystemRandom().sample(range(DRAWN), count)
    everybody = [_person(agency, stack, fictional_phone(number), dice) for number in phones]
    _tell(stack, everybody)
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool, httpx.Client(timeout=600, trust_env=False) as client:
        list(pool.map(lambda person: _ask(inside.aws, agency, person), everybody))
        refused = sum(pool.map(lambda do: do(), _shuffled(dice, _first_round(client, stack, everybody))))
        _wait(inside.aws, everybody, ("respect", "overall"), patience, pool)
        refused += sum(pool.map(lambda do: do(), _shuffled(dice, _second_round(client, stack, everybody))))
        _wait(inside.aws, everybody, ("listened", "helped"), patience, pool)
        stored = list(pool.map(lambda person: inside.aws.surveys.load(person.survey.token_hash), everybody))
    wrong = tuple(
        person.survey.token_hash
        for person, survey in zip(everybody, stored, strict=True)
        if survey is None or survey.answers.marks != person.marks or set(survey.doors) != {"link", "reply"}
    )
    return Outcome(count, wrong, refused, time.monotonic() - began)


def _person(agency: Agency, stack: Stack, phone: str, dice: random.Random) -> Respondent:
    key = NotificationKey(stack.agency_id, f"R{uuid4().hex[:12]}", Kind.SURVEY, "1")
    token, at = survey_token(uuid4().bytes, key), now()
    survey = Survey(
        token_hash=token_hash(token),
        agency_id=stack.agency_id,
        notification=key,
        settings_version=agency.version,
        questionnaire=questionnaire(agency.survey.questions),
        door="reply",
        asked_at=at,
        expires_at=at + LINK_LIFE,
        keep_until=at + timedelta(days=31),
    )
    marks = {name: dice.randint(3, 5) for name in (*_MARKS, "overall", "helped")}
    return Respondent(phone, survey, token, marks)


def _tell(stack: Stack, everybody: Sequence[Respondent]) -> None:
    """Tell the city of the calls that people are asked about; nobody is named in them, so nobody is texted."""
    vendor = Vendor(stack)
    surveys = [(person.survey.notification, person.survey.asked_at) for person in everybody]
    updates = [update(key.incident_number, at, call(at)) for key, at in surveys if key]
    for start in range(0, len(updates), _AT_A_TIME):
        vendor.post(updates[start : start + _AT_A_TIME]).raise_for_status()


def _ask(aws: Aws, agency: Agency, person: Respondent) -> None:
    day = agency.day(person.survey.asked_at)
    claim = Claim(
        incident_version=0, at=person.survey.asked_at, day=day, cap=0, counts=False, survey=person.survey, by_text=True
    )
    with TransactWrite(connection=aws.surveys.connection) as transaction:
        aws.surveys.add_to_claim(transaction, person.survey)
        aws.contacts.add_to_claim(transaction, _row(person), claim)


def _row(person: Respondent) -> Notification:
    """Return the notification by which somebody was asked."""
    at, key = person.survey.asked_at, person.survey.notification
    if key is None:
        raise ValueError("nobody is asked by a survey without a notification")
    return Notification(
        key=key,
        channel="sms",
        address=person.phone,
        planned_for=at,
        send_at=at,
        expires_at=at + LINK_LIFE,
        created_at=at,
    )


def _first_round(client: httpx.Client, stack: Stack, everybody: Iterable[Respondent]) -> Iterable[Callable[[], bool]]:
    for person in everybody:
        yield _page(client, stack, person, "respect")
        yield _text(client, stack, person, "overall")


def _second_round(client: httpx.Client, stack: Stack, everybody: Iterable[Respondent]) -> Iterable[Callable[[], bool]]:
    """Return a form that is sent twice, and the answer to the next question."""
    for person in everybody:
        yield _page(client, stack, person, "listened")
        yield _page(client, stack, person, "listened")
        yield _text(client, stack, person, "helped")


def _page(client: httpx.Client, stack: Stack, person: Respondent, question: str) -> Callable[[], bool]:
    form = {question: str(person.marks[question])}
    return lambda: not _accepted(lambda: client.post(f"{stack.api}/s/{person.token}", data=form))


def _text(client: httpx.Client, stack: Stack, person: Respondent, question: str) -> Callable[[], bool]:
    said = {"from": person.phone, "body": str(person.marks[question])}
    return lambda: not _accepted(lambda: client.post(f"{stack.carrier}/replies", json=said))


def _accepted(post: Callable[[], httpx.Response]) -> bool:
    """Post as a phone does: once more where the city was too busy to say; tell whether it was taken in the end."""
    for _ in range(TRIES):
        try:
            answer = post()
        except httpx.TransportError:
            continue
        if not answer.is_server_error:
            return answer.is_success
    return False


def _shuffled(dice: random.Random, what: Iterable[Callable[[], bool]]) -> list[Callable[[], bool]]:
    mixed = list(what)
    dice.shuffle(mixed)
    return mixed


def _wait(
    aws: Aws, everybody: Iterable[Respondent], questions: tuple[str, ...], patience: float, pool: ThreadPoolExecutor
) -> None:
    """Wait until these questions are answered by all, or patience ends: texts take the way through the queue."""
    missing = list(everybody)

    def still_missing(person: Respondent) -> bool:
        survey = aws.surveys.load(person.survey.token_hash)
        return survey is None or not set(questions) <= survey.answers.marks.keys()

    def all_there() -> bool:
        waits = list(pool.map(still_missing, missing))
        missing[:] = [person for person, waiting in zip(missing, waits, strict=True) if waiting]
        return not missing

    wait_until(all_there, patience, every=1)
