"""Tell each notification's life: planned, held, tried, sent, and the answers of carrier and person."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from msgspec.structs import replace

from chalicelib.domain.languages import ENGLISH_NAMES
from chalicelib.domain.notifications.notification import TAKEN, Notification, State, Step
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.surveys.survey import Survey
from chalicelib.insight.explain.clock import Clock
from chalicelib.insight.explain.moment import Moment, Named
from chalicelib.insight.explain.words import IN_DOUBT, PROVIDERS, WHAT, kind_of, why, why_held
from chalicelib.insight.mask import Mask

_CHANNELS = {"sms": "by text", "email": "by email"}
Decided = Callable[[Notification], str]
"""The word or code that decided about a row."""


class Life:
    """Tells the lives of an incident's notifications."""

    def __init__(self, named: Named, decided: Decided, clock: Clock, mask: Mask) -> None:
        self._named, self._decided, self._clock, self._mask = named, decided, clock, mask

    def moments(self, row: Notification) -> Iterator[Moment]:
        """Yield a row's decision and every move that says more than the one after it."""
        due = self._clock.near(row.planned_for, row.created_at)
        planned = Step(row.created_at, State.SCHEDULED)
        yield self._moment(row, planned, "planned", f"{_CHANNELS[row.channel]}, due {due}")
        shown, at = False, row.created_at
        for step, following in pairwise((*row.steps, None)):
            if step is None or _is_passed(step, following):
                continue
            at = max(at, step.at)  # a carrier's clock is not ours, but nothing is delivered before it is sent
            moment = replace(self._step(row, step), at=at)
            first = not shown and (step.state in TAKEN or step.reason == Reason.SHADOW) and row.body
            shown = shown or bool(first)
            yield self._with_text(moment, row) if first else moment

    def answer(self, row: Notification, survey: Survey) -> Iterator[Moment]:
        """Yield what a person answered; what they wrote themselves is theirs, and only revealed."""
        if survey.answered_at is None:
            return
        answers = survey.answers
        marks = ", ".join(f"{question} {mark}" for question, mark in {**answers.marks, **answers.choices}.items())
        written = " | ".join(answers.words)
        hidden = "a comment, which --reveal shows" if written and not self._mask.reveal else ""
        yield Moment(
            at=survey.answered_at,
            what="answered",
            about=kind_of(row),
            who=self._named(row.key.recipient),
            detail=", ".join(filter(None, (marks, hidden))),
            text=written if self._mask.reveal else "",
            kind=row.key.kind,
            recipient=row.key.recipient,
            settings_version=survey.settings_version,
        )

    def _step(self, row: Notification, step: Step) -> Moment:
        if step.state is State.SCHEDULED:
            return self._put_off(row, step)
        words = [why(step.reason)]
        if step.state is State.UNKNOWN:
            words = [IN_DOUBT, *words]
        if step == row.steps[-1]:
            words = [*words, self._decided(row)]
        return self._moment(row, step, WHAT[step.state], "; ".join(filter(None, words)))

    def _put_off(self, row: Notification, step: Step) -> Moment:
        if not step.reason:
            return self._moment(row, step, "planned", "wanted again")
        if step.reason in set(Reason):
            return self._moment(row, step, "held", why_held(step.reason))
        return self._moment(row, step, "put off", f"{why(step.reason)}; it is tried again")

    def _with_text(self, moment: Moment, row: Notification) -> Moment:
        address = self._mask.address(row.address)
        return replace(moment, text=row.body, note=_how(row), address=address, language=row.language)

    def _moment(self, row: Notification, step: Step, what: str, detail: str) -> Moment:
        return Moment(
            at=step.at,
            what=what,
            about=kind_of(row),
            who=self._named(row.key.recipient),
            detail=detail,
            kind=row.key.kind,
            recipient=row.key.recipient,
            state=step.state,
            reason=step.reason,
            settings_version=row.settings_version,
        )


def _is_passed(step: Step, following: Step | None) -> bool:
    """Tell whether a step was over in the same instant: handing over and the answer to it are one thing."""
    return step.state is State.SENDING and following is not None and following.at == step.at


def _how(row: Notification) -> str:
    """Return how a message went: its size, language, provider, and the settings that worded it."""
    segments = f"{row.segments} segment{'s' if row.segments > 1 else ''}" if row.segments else ""
    attempt = f"attempt {row.attempts}" if row.attempts > 1 else ""
    version = f"settings {row.settings_version}" if row.settings_version else ""
    language, provider = ENGLISH_NAMES.get(row.language, row.language), PROVIDERS.get(row.provider, "")
    return ", ".join(filter(None, (segments, language, provider, attempt, version)))
