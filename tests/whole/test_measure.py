"""Handlers are measured by the calls that they make, beside the same calls made by bare clients."""

from rigs.bench.handlers import measure
from rigs.bench.pages import pages
from tests.factories import demo_agency


def test_handlers_are_measured_beside_the_calls_that_they_make(stack):
    intake, deliver, survey = measure(stack, rounds=1)

    assert intake.calls == {"Query": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    assert deliver.calls == {"Query": 2, "GetItem": 2, "TransactWriteItems": 1, "SendTextMessage": 1, "PutItem": 1}
    assert survey.calls == {"GetItem": 2, "PutItem": 1}
    assert all(one.ours > 0 and one.bare > 0 and one.bare_on_ours > 0 for one in (intake, deliver, survey))


def test_a_handler_calls_fewer_functions_than_a_bare_one_with_boto3s_clients(stack):
    for one in measure(stack, rounds=1):
        ours, bare, bare_on_ours = one.functions

        assert bare_on_ours < ours < bare
        assert ours < 1.35 * bare_on_ours


def test_pages_are_light():
    assert max(pages(demo_agency()).values()) < 30 * 1024
