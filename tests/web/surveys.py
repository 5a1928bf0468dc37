"""Surveys that have just been asked, in a city that runs: their links, and a way to see what is stored."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import survey_token, token_hash, token_of
from chalicelib.inbound.settings import read_settings
from rigs.city.inside import Inside
from tenfour.common.reach import Stack, at_home
from tests.whole.people import now

HARBOR = read_settings(Path(__file__).with_name("harbor.toml").read_text(encoding="utf-8"))


class Asked:
    """A person's survey."""

    def __init__(self, stack: Stack, inside: Inside, agency_id: str = "springfield", **changes: Any) -> None:
        key = NotificationKey(agency_id, f"B{uuid4().hex[:10]}", Kind.SURVEY, "1")
        self.token = survey_token(b"browser", key)
        self.link = f"{stack.api}/s/{self.token}"
        self._table = inside.aws.surveys
        survey = Survey(
            token_hash=token_hash(self.token),
            agency_id=agency_id,
            notification=key,
            settings_version=1,
            asked_at=now(),
            expires_at=now() + timedelta(days=30),
            keep_until=now() + timedelta(days=31),
        )
        self._table._item(replace(survey, **changes)).save()

    @property
    def stored(self) -> Survey:
        return self._table.load(token_hash(self.token))

    @property
    def answers(self):
        return self.stored.answers

    def close(self) -> None:
        """Let its time be over."""
        ended = replace(self.stored, expires_at=now() - timedelta(minutes=1))
        self._table._item(ended).save()


def publish_harbor(stack: Stack, inside: Inside) -> None:
    """Publish the other agency's settings, once."""
    if inside.aws.settings.agency("harbor") is None:
        inside.aws.settings.publish(at_home(HARBOR, stack), "test", "every kind of question", now())


def new_card(stack: Stack, inside: Inside, **changes: Any) -> str:
    """Return the link of a new card."""
    token = token_of(inside.aws.chance())
    card = Card(
        token_hash=token_hash(token),
        agency_id="springfield",
        settings_version=1,
        uses=2,
        made_at=now(),
        expires_at=now() + timedelta(days=90),
    )
    inside.aws.surveys.keep_card(replace(card, **changes))
    return f"{stack.api}/s/{token}"


def violations(page):
    """Return what axe finds against WCAG 2.1 AA and its best practices."""
    results = Axe().run(page).response["violations"]
    return [(found["id"], [node["html"] for node in found["nodes"]][:2]) for found in results]
