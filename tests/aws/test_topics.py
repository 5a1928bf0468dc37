"""The desks' topics, as SNS's own model of a request has it: programs get JSON, pagers and mailboxes one line."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.aws.topics import Topics
from chalicelib.domain.surveys.alert import alert, page
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.ports.errors import NotTold
from tests.factories import NOW, agency

TOPICS = ("arn:aws:sns:us-west-2:111111111111:follow-ups", "arn:aws:sns:us-west-2:111111111111:standards")
ONE = alert("springfield", "t1", "he has a gun", "P26-1", NOW)


def client():
    return boto3.client("sns", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x")


def published(one):
    """Return what SNS was asked to publish, checked against SNS's own model."""
    sns, seen = client(), {}
    sns.meta.events.register("before-parameter-build.sns.Publish", lambda params, **_: seen.update(params))
    with Stubber(sns) as stubbed:
        stubbed.add_response("publish", {"MessageId": "1"})
        Topics(sns, *TOPICS).tell(one, page(one, agency()))
    return seen


def test_a_pager_gets_one_line_and_a_program_json():
    asked = published(ONE)
    words = json.loads(asked["Message"])

    line = f"Springfield PD: DANGER, look now, call P26-1, alert {ONE.id}"
    assert (asked["MessageStructure"], asked["Subject"], words["sms"], words["email"]) == ("json", line, line, line)
    told = json.loads(words["default"])
    assert (told["follow_up"], told["because"], told["incident_number"]) == (ONE.id, "danger", "P26-1")
    assert asked["MessageAttributes"]["desk"]["StringValue"] == "alerts"
    assert "gun" not in asked["Message"]


@pytest.mark.parametrize("desk", Desk)
def test_only_standards_have_the_topic_of_standards(desk):
    one = type(ONE)(id="f1", agency_id="springfield", desk=desk, because=ONE.because, raised_at=NOW)

    assert published(one)["TopicArn"] == TOPICS[desk is Desk.STANDARDS]


def test_a_topic_that_takes_nothing_is_not_told():
    sns = client()
    with Stubber(sns) as stubbed:
        stubbed.add_client_error("publish", "AuthorizationError")
        with pytest.raises(NotTold) as raised:
            Topics(sns, *TOPICS).tell(ONE, "line")

    assert isinstance(raised.value.__cause__, ClientError)
