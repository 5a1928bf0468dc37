"""All ports together: AWS on Lambda, memory in tests and on the virtual clock."""

from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.attention import WaitingList
from chalicelib.ports.carrier import Sender
from chalicelib.ports.conversations import Conversations
from chalicelib.ports.follow_ups import Desks, FollowUps
from chalicelib.ports.incidents import Incidents
from chalicelib.ports.notices import Metric, Notice
from chalicelib.ports.own_texts import OwnTexts
from chalicelib.ports.people import Contacts
from chalicelib.ports.queue import Queue
from chalicelib.ports.settings import Settings
from chalicelib.ports.surveys import Comments, Surveys


class Ports(Protocol):
    """The world, as the flows see it."""

    @property
    def incidents(self) -> Incidents:
        """Return the incidents."""

    @property
    def contacts(self) -> Contacts:
        """Return the contacts."""

    @property
    def conversations(self) -> Conversations:
        """Return what people texted back, and the answers."""

    @property
    def own_texts(self) -> OwnTexts:
        """Return the texts to people's own phones, from the desk."""

    @property
    def settings(self) -> Settings:
        """Return the settings."""

    @property
    def surveys(self) -> Surveys:
        """Return the surveys."""

    @property
    def comments(self) -> Comments:
        """Return the lists of comments that somebody must read."""

    @property
    def follow_ups(self) -> FollowUps:
        """Return what somebody must look at."""

    @property
    def attention(self) -> WaitingList:
        """Return what waits for somebody."""

    @property
    def desks(self) -> Desks:
        """Return who is told of it at once."""

    @property
    def queue(self) -> Queue:
        """Return the queue of hints."""

    @property
    def senders(self) -> Mapping[Provider, Sender]:
        """Return the providers by their names."""

    @property
    def survey_secret(self) -> bytes:
        """Return the key from which survey links are derived."""

    @property
    def unsubscribe_secret(self) -> bytes:
        """Return the key that signs unsubscribe links."""

    @property
    def code_secret(self) -> bytes:
        """Return the key from which the codes in texts are derived."""

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""

    def words(self, agency: Agency, language: str) -> Mapping[str, Any]:
        """Return the templates of a language, as the people of an agency read them."""

    def notice(self, notice: Notice, **ids: str) -> None:
        """Count and log something that people at the agency should look at."""

    def measure(self, metric: Metric, value: float, kind: str = "") -> None:
        """Note a figure, perhaps of one kind of notification; times are in seconds."""

    def back_off(self, attempt: int) -> None:
        """Wait a moment after a conflict, longer each time."""
