"""A city's years in the lake, made up: calls, notifications, updates and answers as the tables would have said them.

It serves measurements and trials of the report, as playing every call through the rules would take hours. Each
change is exported when it happens: a notification first as planned, later as it ended. Batches have the stream's
sizes, and compaction runs while more comes in. The same seed makes the same city.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from msgspec import Struct

from chalicelib.domain.incidents.duplicates import Follower
from chalicelib.domain.incidents.facts import Facts, Unit
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Stamp
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.rows import lake_rows
from chalicelib.domain.lake.tables import IncidentVersion, UpdateHeard
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import questionnaire
from chalicelib.domain.surveys.carried import carried
from chalicelib.domain.surveys.survey import Answers, Survey
from chalicelib.domain.surveys.token import token_hash
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.habits import TYPES, call_type, course, dispositions
from chalicelib.virtual.town.replies import mark
from rigs.lake.fates import DELAY_AFTER, ended, not_due

PHONE = fictional_phone(1)
SOONEST_CALL_BACK = timedelta(minutes=5)
SHADOW_WEEKS = timedelta(weeks=6)
REASONS = {
    Reason.SENSITIVE: 9,
    Reason.OFFICER_INITIATED: 12,
    Reason.TYPE_NOT_ALLOWED: 8,
    Reason.NO_ADDRESS: 11,
    None: 60,
}
"""Why of 100 calls nobody is told anything; None: somebody is."""

_PLEASED = {"NOISE": 0.02, "TRAFFIC": 0.0, "THEFT": -0.10, "SUSP": 0.03, "WELFARE": 0.06}
_TYPES = [each for each in TYPES if each.code in _PLEASED]
_OF_LANGUAGE = {"en": 1.05, "es": 0.7}
_OF_NIGHT = (0.8, 1.03, 1.03, 1.03)
_OF_QUESTION = {"respect": 0.14, "listened": 0.10, "fair": 0.12, "clear": 0.09, "useful": 0.0, "helped": -0.12}


class Habits(Struct, frozen=True, kw_only=True):
    """How busy a city is, and who answers; shares are of 1."""

    calls_a_day: int = 1370
    never_arrives: float = 0.15
    by_text: float = 0.93
    answers: float = 0.30
    answers_a_question: float = 0.94
    spanish: float = 0.14
    calls_again_untold: float = 0.085
    calls_again_told: float = 0.055


USUAL = Habits()


class Happens(Struct, frozen=True):
    """The stream's rows of one moment: they make one batch."""

    at: datetime
    rows: tuple[LakeRow, ...]


class MadeUpCity:
    """One agency whose days are made up, one after the other; `went_live` is when its shadow ended."""

    def __init__(self, agency: Agency, seed: int, began: date, habits: Habits = USUAL) -> None:
        self.agency, self._seed, self._habits = agency, seed, habits
        self._live_at = datetime.combine(began, time_of_day(), UTC) + SHADOW_WEEKS
        self._questions = [question.id for question in agency.survey.questions if question.kind == "scale"]
        self._later: dict[date, list[Happens]] = defaultdict(list)

    def day(self, day: date) -> list[Happens]:
        """Return what is heard on a day in UTC, in the order of time: its own calls, and what comes later of others."""
        dice = random.Random(f"{self._seed} {day}")  # noqa: S311  a city, not a secret
        for order in range(self._habits.calls_a_day):
            for one in self._call(dice, day, order):
                self._later[max(day, one.at.date())].append(one)
        return sorted(self._later.pop(day, []), key=lambda one: one.at)

    def _call(self, dice: random.Random, day: date, order: int) -> Iterator[Happens]:
        at = datetime.combine(day, time_of_day(), UTC) + timedelta(seconds=int(dice.triangular(0, 86399, 72000)))
        code, drawn = call_type(dice, _TYPES).code, course(dice, self._habits.never_arrives)
        arrived_at = at + drawn.arrives_after if drawn.arrives_after else None
        closed_at = at + drawn.closes_after
        reason = dice.choices(list(REASONS), list(REASONS.values()))[0]
        live = at >= self._live_at
        facts = Facts(
            origin="officer_initiated" if reason is Reason.OFFICER_INITIATED else "911",
            incident_type="DV" if reason is Reason.SENSITIVE else "PARADE" if reason else code,
            priority=dice.choice("1233344"),
            beat=dice.choice(("111", "112", "121", "122", "211", "212", "311", "312")),
            shift="ABC"[at.hour // 8],
            received_at=at,
            dispatched_at=arrived_at and at + (arrived_at - at) * 0.5,
            arrived_at=arrived_at,
            closed_at=closed_at,
            dispositions=tuple(dispositions(dice, code)),
            units=(Unit(f"{dice.randrange(1, 7)}A{dice.randrange(10, 30)}"),),
        )
        number = f"{day:%y%m%d}-{order:05}"
        heard_at = at + timedelta(seconds=dice.expovariate(1 / 12))
        skipped = tuple(Skipped(kind, reason) for kind in Kind) if reason else not_due(arrived_at)
        before = Facts(origin=facts.origin, incident_type=facts.incident_type, priority=facts.priority, received_at=at)
        yield self._incident(number, before, skipped, heard_at, 1, None, heard_at)
        told = None if reason else live
        again_at = self._called_again(dice, at, arrived_at or closed_at, told=bool(told))
        yield self._incident(number, facts, skipped, heard_at, 5, again_at, closed_at)
        if told is not None:
            yield from self._notified(dice, number, facts, heard_at, closed_at, live=live)

    def _called_again(self, dice: random.Random, at: datetime, until: datetime, *, told: bool) -> datetime | None:
        habits = self._habits
        share = habits.calls_again_told if told else habits.calls_again_untold
        again = dice.random() < share and until - at > SOONEST_CALL_BACK
        return at + (until - at) * dice.uniform(0.5, 0.95) if again else None

    def _incident(
        self,
        number: str,
        facts: Facts,
        skipped: tuple[Skipped, ...],
        created_at: datetime,
        version: int,
        again_at: datetime | None,
        at: datetime,
    ) -> Happens:
        party = Party(ever_at=frozenset({PHONE}))
        again = Follower(leader=number, stamp=Stamp(again_at, "x"), parties={"1": party}) if again_at else None
        incident = Incident(
            agency_id=self.agency.agency_id,
            incident_number=number,
            as_of=at,
            facts=facts,
            parties={"1": party},
            followers={f"{number}-2": again} if again else {},
        )
        changed = IncidentVersion(incident, version, created_at, skipped, 1)
        first = version == 1
        heard = UpdateHeard(
            key=incident.key,
            source_id=str(version),
            heard_at=at,
            as_of=facts.received_at if first and facts.received_at else at,
            updates=1 if first else version - 1,
        )
        return Happens(at, (*lake_rows(changed, self.agency), *lake_rows(heard, self.agency)))

    def _notified(
        self, dice: random.Random, number: str, facts: Facts, heard_at: datetime, closed_at: datetime, *, live: bool
    ) -> Iterator[Happens]:
        received_at = facts.received_at or heard_at
        language = "es" if dice.random() < self._habits.spanish else "en"
        times = {
            Kind.ACKNOWLEDGMENT: received_at + timedelta(seconds=60),
            Kind.DELAY: received_at + DELAY_AFTER,
            Kind.OUTCOME: closed_at,
        }
        if facts.arrived_at and facts.dispositions in (("HAN",), ("RPT",)):
            times[Kind.SURVEY] = (closed_at + timedelta(hours=18)).replace(hour=18, minute=0, second=0)
        for kind, planned_for in times.items():
            yield from self._notification(dice, number, facts, kind, planned_for, heard_at, language, live=live)

    def _notification(
        self,
        dice: random.Random,
        number: str,
        facts: Facts,
        kind: Kind,
        planned_for: datetime,
        heard_at: datetime,
        language: str,
        *,
        live: bool,
    ) -> Iterator[Happens]:
        key = NotificationKey(self.agency.agency_id, number, kind, "1")
        row = Notification(
            key=key,
            channel="sms" if dice.random() < self._habits.by_text else "email",
            address=PHONE,
            planned_for=planned_for,
            send_at=planned_for,
            expires_at=planned_for + timedelta(hours=4),
            created_at=heard_at if kind in (Kind.ACKNOWLEDGMENT, Kind.DELAY) else facts.closed_at or heard_at,
            settings_version=1,
            version=1,
        )
        yield Happens(row.created_at, tuple(lake_rows(row, self.agency)))
        last = ended(dice, row, language, facts.arrived_at, live=live)
        yield Happens(last.finished_at or planned_for, tuple(lake_rows(last, self.agency)))
        if kind is Kind.SURVEY and last.state is State.DELIVERED and last.sent_at:
            yield from self._answer(dice, key, facts, language, last.sent_at)

    def _answer(
        self, dice: random.Random, key: NotificationKey, facts: Facts, language: str, asked_at: datetime
    ) -> Iterator[Happens]:
        local = (facts.received_at or asked_at).astimezone(self.agency.zone)
        if dice.random() > self._habits.answers * _OF_LANGUAGE[language] * _OF_NIGHT[local.hour // 6]:
            return
        pleased = 0.74 + _PLEASED.get(facts.incident_type or "", 0.0) + (asked_at.month - 6) * 0.004
        pleased -= 0.05 if facts.beat == "312" else 0.0
        marks = {
            question: mark(dice, pleased + _OF_QUESTION.get(question, 0.0))
            for question in self._questions
            if dice.random() < self._habits.answers_a_question
        }
        answered_at = asked_at + timedelta(hours=dice.expovariate(1 / 9))
        questions = self.agency.survey.questions
        survey = Survey(
            token_hash=token_hash(key.id),
            agency_id=key.agency_id,
            notification=key,
            settings_version=1,
            questionnaire=questionnaire(questions),
            language="es" if language == "es" else "en",
            asked_at=asked_at,
            expires_at=asked_at + timedelta(days=30),
            keep_until=asked_at + timedelta(days=400),
            answered_at=answered_at,
            answers=Answers(marks=marks),
            doors=("link",),
            version=1,
            carried=carried(facts, self.agency.survey, self.agency.zone),
        )
        yield Happens(answered_at, tuple(lake_rows(survey, self.agency, questions)))
