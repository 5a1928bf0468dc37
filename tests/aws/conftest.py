"""The same promises, kept by memory, by DynamoDB, and by the DynamoDB that floods are counted on."""

from itertools import count
from uuid import uuid4

import pytest
from pynamodb.connection import Connection

from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.follow_ups import FollowUpTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import ContactItem, IncidentItem, SettingsItem, SurveyItem, bind
from chalicelib.virtual.world import MemoryPorts
from rigs.city.emulator import REGION
from rigs.flood.meter import Meter
from tenfour.common.reach import client, tables_of
from tenfour.stack.template import merged

numbers = count()


MODELS = {"Incidents": IncidentItem, "Contacts": ContactItem, "Surveys": SurveyItem, "Settings": SettingsItem}


class Tables:
    """DynamoDB tables of a test's own, made as the stack's template says."""

    def __init__(self, stack) -> None:
        self.connection = tables_of(stack)
        template, database = merged(), client("dynamodb", stack.aws_endpoint)
        self.bound = {}
        for name, model in MODELS.items():
            table = f"contract-{name}-{uuid4().hex[:8]}"
            wanted = template["Resources"][name]["Properties"]
            shape = {key: wanted[key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")}
            indexes = {key: wanted[key] for key in ("GlobalSecondaryIndexes",) if key in wanted}
            database.create_table(TableName=table, **shape, **indexes)
            self.bound[model] = bind(model, table, self.connection)
        self._open()

    def _open(self):
        self.contacts = ContactTable(self.bound[ContactItem], lambda: b"secret", self.connection)
        self.surveys = SurveyTable(self.bound[SurveyItem], self.connection)
        self.follow_ups = FollowUpTable(self.bound[ContactItem])
        self.incidents = IncidentTable(self.bound[IncidentItem], self.contacts, self.surveys, self.connection)


class CountedTables(Tables):
    """The tables on which floods are counted."""

    def __init__(self) -> None:
        self.connection = Connection(region=REGION, aws_access_key_id="test", aws_secret_access_key="test")
        Meter(lambda entry: None).listen(self.connection.client)
        self.bound = {model: bind(model, name, self.connection) for name, model in MODELS.items()}
        self._open()


@pytest.fixture(scope="session")
def tables(stack):
    return Tables(stack)


@pytest.fixture(scope="session")
def counted_tables():
    return CountedTables()


WORLDS = {"dynamodb": "tables", "counted": "counted_tables"}


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.city), "counted"])
def world(request):
    """Return something that keeps incidents, contacts and surveys."""
    return MemoryPorts() if request.param == "memory" else request.getfixturevalue(WORLDS[request.param])


@pytest.fixture
def number():
    """Return an incident number that no other test has used."""
    return f"P26-{uuid4().hex[:8]}-{next(numbers)}"
