"""A scenario, played over the real flows on the virtual clock."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.phones import clean_phone
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import release_hold
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.insight.scenarios.clock import Clock, NoTime
from chalicelib.insight.scenarios.read import Answer, Carrier, Let, PauseOrResume, Sheet, Step
from chalicelib.insight.scenarios.read import Reply as ReplyStep
from chalicelib.insight.scenarios.stage import Stage
from chalicelib.insight.scenarios.updates import Unreadable, read_update, usual_call
from chalicelib.insight.settings.locate import Path
from chalicelib.ports.carrier import Outgoing
from chalicelib.virtual.carrier import EVERYBODY

_SOMEBODY = "a scenario"
GOES_ON_FOR = timedelta(days=30)
"""A scenario ends so long after its last step, unless it says when: nothing that tenfour sends waits longer."""


class Played(Struct, frozen=True):
    """The outcome of a scenario; `said` holds its own steps, each with its time."""

    clock: Clock
    records: tuple[IncidentRecord, ...]
    went: tuple[Outgoing, ...]
    said: tuple[tuple[datetime, str], ...]


class _Wrong(ValueError):
    """A step that can't be done; the text says why."""


def play(sheet: Sheet, agency: Agency) -> Played:
    """Play a scenario to its end; InvalidScenario."""
    scenario, player = sheet.scenario, _Player(agency, _clock(sheet, agency))
    moments = [*_moments(sheet, player.clock)]
    for place, (step, at) in enumerate(zip(scenario.steps, moments, strict=True)):
        try:
            player.do(step, f"{place:03}", at)
        except Unreadable as problem:
            raise sheet.problem(_place(place, step, str(problem)), f"{step.action}.{problem}") from problem
        except (_Wrong, LookupError) as problem:
            raise sheet.problem(("steps", place, step.action), f"{step.action}: {problem}") from problem
    until = _read(sheet, player.clock, ("until",), scenario.until) if scenario.until else moments[-1] + GOES_ON_FOR
    player.stage.run_until(until)
    return Played(player.clock, tuple(player.stage.records()), tuple(player.stage.went), tuple(player.said))


class _Player:
    """Does the steps of one scenario, one after the other."""

    def __init__(self, agency: Agency, clock: Clock) -> None:
        self.agency, self.clock, self.stage = agency, clock, Stage(agency)
        self.said: list[tuple[datetime, str]] = []

    def do(self, step: Step, name: str, at: datetime) -> None:
        """Let everything happen that is due before a step, and then the step; Unreadable, LookupError, _Wrong."""
        self.stage.run_until(at)
        self.stage.ports.tell_time(at)
        told = getattr(step, step.action)
        self.said.append((at, f"{step.action}: {_in_words(told)}"))
        if step.action in ("call", "update", "rms"):
            self._tell(usual_call(told) if step.action == "call" else told, name, at, step.action != "rms")
        else:
            deeds: dict[str, Callable[[Any, datetime], None]] = {
                "reply": self._reply,
                "answer": self._answer,
                "pause": self._pause,
                "resume": self._resume,
                "release": self._release,
                "carrier": self._carrier,
                "feed": self._feed,
                "sending": self._sending,
            }
            deeds[step.action](told, at)

    def _tell(self, told: dict[str, Any], name: str, at: datetime, from_dispatch: bool) -> None:
        source: Source = "cad" if from_dispatch else "rms"
        update = replace(read_update(told, name, self.clock, self.agency.country, at), source=source)
        receive_updates([update], update.update_id, self.agency, self.stage.ports, at)
        if from_dispatch:
            self.stage.ports.settings.note_feed(self.agency.agency_id, at)

    def _reply(self, told: ReplyStep, at: datetime) -> None:
        sender = clean_phone(told.sender, self.agency.country).number
        if sender is None:
            raise _Wrong(f"{told.sender!r} is no phone that can text")
        take_reply(Reply(sender=sender, number=self.agency.numbers.sms_from, body=told.body, at=at), self.stage.ports)

    def _answer(self, told: Answer, at: datetime) -> None:
        ports = self.stage.ports
        key = NotificationKey(self.agency.agency_id, told.incident_number, Kind.SURVEY, told.to)
        form = {question: str(mark) for question, mark in told.marks.items()}
        page = answer_survey(survey_token(ports.survey_secret, key), form, "en", ports, at)
        if page.standing not in ("thanks", "changed"):
            raise _Wrong(f"the survey can't be answered so: {page.standing}")

    def _pause(self, told: PauseOrResume, at: datetime) -> None:
        pause = Pause(of=told.of, which=told.which, author=_SOMEBODY, reason=_SOMEBODY, at=at)
        self.stage.ports.settings.pauses += (pause,)

    def _resume(self, told: PauseOrResume, at: datetime) -> None:
        pauses = self.stage.ports.settings.pauses
        kept = tuple(pause for pause in pauses if (pause.of, pause.which) != (told.of, told.which))
        if kept == pauses:
            raise _Wrong("there is no such pause")
        self.stage.ports.settings.pauses = kept

    def _release(self, told: Let, at: datetime) -> None:
        release = Release(what=told.what, author=_SOMEBODY, reason=_SOMEBODY, at=at, party_id=told.party_id)
        release_hold(IncidentKey(self.agency.agency_id, told.incident_number), release, self.stage.ports, at)

    def _carrier(self, told: Carrier, at: datetime) -> None:
        known = told.to == EVERYBODY or "@" in told.to
        to = told.to if known else clean_phone(told.to, self.agency.country).number
        if to is None:
            raise _Wrong(f"{told.to!r} is no phone that can be texted")
        self.stage.carrier.set_behaviour(to, told.does, told.times)

    def _feed(self, told: str, at: datetime) -> None:
        settings = self.stage.ports.settings
        settings.beating = told == "heard"
        settings.note_feed(self.agency.agency_id, at)

    def _sending(self, told: str, at: datetime) -> None:
        self.stage.broken = told == "broken"


def _clock(sheet: Sheet, agency: Agency) -> Clock:
    try:
        return Clock.starting(sheet.scenario.start, agency.zone)
    except NoTime as problem:
        raise sheet.problem(("start",), f"start: {problem}") from problem


def _moments(sheet: Sheet, clock: Clock) -> Iterator[datetime]:
    latest = None
    for place, step in enumerate(sheet.scenario.steps):
        path = ("steps", place, "at")
        at = _read(sheet, clock, path, step.at)
        if latest and at < latest:
            raise sheet.problem(path, f"at: {step.at} is before the step above it")
        latest = at
        yield at


def _read(sheet: Sheet, clock: Clock, path: Path, text: str) -> datetime:
    try:
        return clock.read(text)
    except NoTime as problem:
        raise sheet.problem(path, f"{path[-1]}: {problem}") from problem


def _place(place: int, step: Step, problem: str) -> Path:
    return "steps", place, step.action, problem.partition(":")[0].partition("[")[0]


def _in_words(told: Any) -> str:
    plain = to_builtins(told)
    if isinstance(plain, dict):
        return ", ".join(f"{name} {_in_words(value)}" for name, value in plain.items() if value not in (None, ""))
    return f"({'; '.join(map(_in_words, plain))})" if isinstance(plain, list | tuple) else str(plain)
