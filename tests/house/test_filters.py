"""What a stream's filter lets through is all that the lake has rows of, and as little else as may be."""

import json

import pytest

from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import RELEASE, SurveyItem, bind
from chalicelib.domain.lake.rows import lake_rows
from tenfour.common.reach import tables_at
from tenfour.stack.template import merged
from tests.factories import agency
from tests.flow.lake.test_lake import NOW, answered, replace

SOURCES = merged()["Resources"]["Export"]["Properties"]["Events"]


def passes(source, image):
    """Tell whether an item would be handed over, by the two rules that our filters use."""
    record = {"dynamodb": {"NewImage": image, "Keys": image}}
    patterns = SOURCES[source]["Properties"]["FilterCriteria"]["Filters"]
    return any(_fits(json.loads(one["Pattern"]), record) for one in patterns)


def _fits(pattern, told):
    if isinstance(pattern, list):
        return told is not None and any(rule.get("exists") or told.startswith(rule["prefix"]) for rule in pattern)
    return all(_fits(rule, (told or {}).get(name)) for name, rule in pattern.items())


@pytest.fixture
def surveys():
    connection = tables_at("http://127.0.0.1:1")
    return SurveyTable(bind(SurveyItem, "surveys", connection), connection)


def test_a_survey_is_exported_as_soon_as_it_has_rows(surveys):
    for survey in (answered(), replace(answered(), answered_at=None)):
        image = surveys._item(survey).serialize()

        assert passes("ExportSurveysEventSource", image) == bool(list(lake_rows(survey, agency())))
    assert answered().answered_at > NOW


def test_decisions_about_comments_are_exported_and_codes_of_texts_are_not():
    assert passes("ExportSurveysEventSource", {"pk": {"S": f"{RELEASE}c1"}})
    assert not passes("ExportSurveysEventSource", {"pk": {"S": "code#abc"}, "expires": {"N": "1"}})
