"""The same promises, kept by memory and by DynamoDB."""

from itertools import count
from uuid import uuid4

import pytest

from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.follow_ups import FollowUpTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.ledger import LedgerTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import ContactItem, IncidentItem, LedgerItem, SettingsItem, SurveyItem, bind
from chalicelib.virtual.world import MemoryPorts
from rigs.city.storage import make_tables
from tenfour.common.reach import tables_of

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

    def __init__(self, stack) -> None:
        self.connection = tables_of(stack)
        made = make_tables(stack.aws_endpoint, f"contract-{uuid4().hex[:8]}")
        self.bound = {model: bind(model, made[name], self.connection) for name, model in MODELS.items()}
        self.contacts = ContactTable(self.bound[ContactItem], lambda: b"secret", self.connection)
        self.surveys = SurveyTable(self.bound[SurveyItem], self.connection)
        self.follow_ups = FollowUpTable(self.bound[ContactItem])
        self.ledger = LedgerTable(self.bound[LedgerItem])
        self.incidents = IncidentTable(
            self.bound[IncidentItem], self.contacts, self.surveys, self.connection, self.ledger.add
        )


@pytest.fixture(scope="session")
def tables(stack):
    return Tables(stack)


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.city)])
def world(request):
    """Return something that keeps incidents, contacts and surveys."""
    return MemoryPorts() if request.param == "memory" else request.getfixturevalue("tables")


@pytest.fixture
def number():
    """Return an incident number that no other test has used."""
    return f"P26-{uuid4().hex[:8]}-{next(numbers)}"
