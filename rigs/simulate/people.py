"""People: what they text back, and what they answer when they are asked how it went."""

import re
from datetime import timedelta
from typing import Any

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Intent, Reply, is_answer
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Question
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import token_hash
from chalicelib.ports.carrier import Outgoing
from rigs.simulate.incident import punctually
from rigs.simulate.lambdas import Lambdas
from rigs.simulate.world import World

_LINK = re.compile(r"/s/([0-9A-Za-z]{13})")
_REPLIES = ("STOP", "STOP", "no more surveys", "HELP", "thanks", "he is back and has a gun", "yes")
_AT_ONCE = 60
_MEANT = {Intent.STOP: OptOutScope.ALL, Intent.NO_SURVEYS: OptOutScope.SURVEYS, Intent.START: None}
_COMMENTS = ("They were kind.", "Please call me back.", "The officer shoved me.", "Nobody came.")


class People:
    """All who get messages."""

    def __init__(self, agency: Agency, world: World, lambdas: Lambdas, punctual: bool) -> None:
        self._punctual, self._agency, self._world, self._lambdas, self._rng = (
            punctual,
            agency,
            world,
            lambdas,
            world.loop.rng,
        )
        self._texts = 0
        self.given: dict[str, dict[str, set[str]]] = {}
        """Return all that was ever posted, by survey and question; `thanked` has what a page confirmed."""
        self.thanked: list[Survey] = []

    def got(self, outgoing: Outgoing) -> None:
        """Let the person who has got a message do something about it, or not."""
        if is_answer(outgoing.id) or "@" in outgoing.address:
            self._perhaps_answer(outgoing)
            return
        if self._rng.random() < 0.15:  # noqa: PLR2004  most people do nothing
            wait = self._rng.expovariate(1 / 300)
            self._text(outgoing.address, self._rng.choice(_REPLIES), wait)
            if self._rng.random() < 0.3:  # noqa: PLR2004  some change their minds
                self._text(outgoing.address, "START", wait + self._rng.uniform(0, 600))
        self._perhaps_answer(outgoing)

    def _perhaps_answer(self, outgoing: Outgoing) -> None:
        if is_answer(outgoing.id) or NotificationKey.from_id(outgoing.id).kind is not Kind.SURVEY:
            return
        if self._rng.random() < 0.2:  # noqa: PLR2004  one in five says nothing
            return
        link = _LINK.search(outgoing.body)
        wait = self._rng.expovariate(1 / 600)
        if link:
            self._answer_page(link[1], wait)
        else:
            for place in range(self._rng.randrange(1, 5)):
                words = self._rng.choice(("5", "1", "yes", *_COMMENTS))
                self._text(outgoing.address, words, wait + place * self._rng.uniform(0.1, 120))

    def _text(self, address: str, body: str, wait: float) -> None:
        self._texts += 1
        if self._punctual and wait > _AT_ONCE:
            wait = (punctually(self._world.loop.now) - self._world.loop.now).total_seconds() + self._rng.random()
        reply = Reply(
            sender=address,
            number=self._agency.numbers.sms_from,
            body=body,
            at=self._world.loop.now + timedelta(seconds=wait),
            message_id=f"text-{self._texts}",
        )

        def heard(intent: object) -> None:
            if intent in _MEANT:
                self._world.watch.said(address, reply.at, _MEANT[Intent(str(intent))])

        self._world.loop.after(wait, lambda: self._lambdas.text(reply, heard))

    def _answer_page(self, token: str, wait: float) -> None:
        """Answer some questions, each as it is tapped and some again, faster than the network is."""
        questions = [one for one in self._agency.survey.questions if self._rng.random() < 0.6]  # noqa: PLR2004
        for question in [*questions, *questions[:1]]:
            wait += self._rng.uniform(0, 0.03 if self._punctual else 3)
            self._post(token, question.id, self._mark(question), wait)

    def _post(self, token: str, question: str, mark: str, wait: float) -> None:
        name = token_hash(token)
        self.given.setdefault(name, {}).setdefault(question, set()).add(mark)

        def seen(page: Any) -> None:
            if page.standing in ("thanks", "changed") and page.survey is not None:
                self.thanked.append(page.survey)

        self._world.loop.after(wait, lambda: self._lambdas.visit(token, {question: mark}, seen))

    def _mark(self, question: Question) -> str:
        return self._rng.choice(_COMMENTS) if question.kind == "text" else str(self._rng.randrange(1, 6))
