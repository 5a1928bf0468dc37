"""The same promises, kept by memory and by DynamoDB."""

from itertools import count
from uuid import uuid4

import pytest
from pynamodb.connection import Connection

from chalicelib.store.contacts import ContactTable
from chalicelib.store.follow_ups import FollowUpTable
from chalicelib.store.incidents import IncidentTable
from chalicelib.store.surveys import SurveyTable
from chalicelib.store.tables import ContactItem, IncidentItem, SettingsItem, SurveyItem, bind
from ops.local.deploy import client
from ops.memory.world import MemoryPorts
from ops.template import merged

numbers = count()


MODELS = {"Incidents": IncidentItem, "Contacts": ContactItem, "Surveys": SurveyItem, "Settings": SettingsItem}


class Tables:
    """DynamoDB tables of a test's own, made as the stack's template says."""

    def __init__(self, stack) -> None:
        self.connection = Connection(
            region=stack.region, host=stack.aws_endpoint, aws_access_key_id="test", aws_secret_access_key="test"
        )
        template, database = merged(), client("dynamodb", stack.aws_endpoint)
        self.bound = {}
        for name, model in MODELS.items():
            table = f"contract-{name}-{uuid4().hex[:8]}"
            wanted = template["Resources"][name]["Properties"]
            shape = {key: wanted[key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")}
            indexes = {key: wanted[key] for key in ("GlobalSecondaryIndexes",) if key in wanted}
            database.create_table(TableName=table, **shape, **indexes)
            self.bound[model] = bind(model, table, self.connection)
        self.contacts = ContactTable(self.bound[ContactItem], lambda: b"secret", self.connection)
        self.surveys = SurveyTable(self.bound[SurveyItem], self.connection)
        self.follow_ups = FollowUpTable(self.bound[ContactItem])
        self.incidents = IncidentTable(self.bound[IncidentItem], self.contacts, self.surveys, self.connection)


@pytest.fixture(scope="session")
def tables(stack):
    return Tables(stack)


@pytest.fixture(params=["memory", "dynamodb"])
def world(request):
    """Return something that keeps incidents, contacts and surveys."""
    return MemoryPorts() if request.param == "memory" else request.getfixturevalue("tables")


@pytest.fixture
def number():
    """Return an incident number that no other test has used."""
    return f"P26-{uuid4().hex[:8]}-{next(numbers)}"
