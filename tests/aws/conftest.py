"""The same promises, kept by memory and by DynamoDB, as two emulators have it that others wrote apart.

The city's emulator is one of them. Moto is the other; it is slower to come by, so its tests are marked `whole`.
"""

from itertools import count
from uuid import uuid4

import pytest

from chalicelib.aws.stores.comments import CommentTable
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.conversations import ConversationTable
from chalicelib.aws.stores.follow_ups import FollowUpTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.ledger import LedgerTable
from chalicelib.aws.stores.own_texts import OwnTextTable
from chalicelib.aws.stores.recent import RecentTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import ContactItem, IncidentItem, LedgerItem, SettingsItem, SurveyItem, bind
from chalicelib.virtual.world import MemoryPorts
from rigs.city.storage import make_tables
from tenfour.common.reach import tables_at
from tests.aws.moto import moto_server
from tests.factories import NOW

numbers = count()


MODELS = {
    "Incidents": IncidentItem,
    "Contacts": ContactItem,
    "Surveys": SurveyItem,
    "Settings": SettingsItem,
    "Ledger": LedgerItem,
}


class Tables:
    """DynamoDB tables of a test's own, made as the stack's template says."""

    def __init__(self, endpoint) -> None:
        self.connection = tables_at(endpoint)
        made = make_tables(endpoint, f"contract-{uuid4().hex[:8]}")
        self.bound = {model: bind(model, made[name], self.connection) for name, model in MODELS.items()}
        self.contacts = ContactTable(self.bound[ContactItem], lambda: b"secret", self.connection)
        self.surveys = SurveyTable(self.bound[SurveyItem], self.connection)
        self.attention = self.contacts.attention
        self.follow_ups = FollowUpTable(self.bound[ContactItem], self.connection)
        self.comments = CommentTable(self.bound[SurveyItem], self.bound[ContactItem], self.connection)
        self.recent = RecentTable(self.bound[IncidentItem], lambda: NOW)
        self.bound_contacts = self.bound[ContactItem]
        self.ledger = LedgerTable(self.bound[LedgerItem], self.connection)
        self.conversations = ConversationTable(
            self.bound[ContactItem], self.bound[IncidentItem], self.contacts, self.connection
        )
        self.own_texts = OwnTextTable(self.bound[ContactItem], self.bound[IncidentItem], self.contacts, self.connection)
        self.incidents = IncidentTable(
            self.bound[IncidentItem], self.contacts, self.surveys, self.connection, self.ledger.add
        )


DATABASES = (
    pytest.param("emulated", id="dynamodb", marks=pytest.mark.city),
    pytest.param("second", id="moto", marks=pytest.mark.whole),
)
"""The fixtures that have a DynamoDB."""


@pytest.fixture(scope="session")
def emulated(stack):
    return Tables(stack.aws_endpoint)


@pytest.fixture(scope="session")
def second():
    with moto_server() as endpoint:
        yield Tables(endpoint)


@pytest.fixture(params=DATABASES)
def tables(request):
    """Return tables in DynamoDB, for promises that memory has no need of."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["memory", *DATABASES])
def world(request):
    """Return something that keeps incidents, contacts and surveys."""
    return MemoryPorts() if request.param == "memory" else request.getfixturevalue(request.param)


@pytest.fixture
def number():
    """Return an incident number that no other test has used."""
    return f"P26-{uuid4().hex[:8]}-{next(numbers)}"
