"""Clients of AWS do no more than their calls need."""

from botocore.awsrequest import AWSResponse

from chalicelib.aws.queue import BRIEFLY
from chalicelib.aws.tables import connect
from chalicelib.carriers.failures import ONCE


def sent_as(client, operation, params):
    sent = []
    client.meta.events.register("before-send.*.*", lambda request, **_: sent.append(request) or answer(request))
    client._make_api_call(operation, params)
    return sent[0].headers["User-Agent"].split()


def answer(request):
    return AWSResponse(request.url, 200, {}, Answer())


class Answer:
    def stream(self):
        yield b"{}"


def named(words):
    """Leave out what powertools adds, once for a session, if this run has loaded it."""
    return [word for word in words if not word.startswith(b"PT")]


def test_every_client_names_itself_in_one_word(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    connection = connect("us-west-2")
    made = connection.session.create_client("sqs", region_name="us-west-2", config=BRIEFLY)

    assert named(sent_as(connection.client, "ListTables", {})) == [b"tenfour"]
    assert named(sent_as(made, "ListQueues", {})) == [b"tenfour"]


def test_what_carriers_get_is_still_checked_here():
    assert ONCE.parameter_validation


def test_time_outs_and_retries_are_our_own(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    config = connect("us-west-2").client.meta.config

    assert (config.connect_timeout, config.read_timeout) == (1, 4)
    assert config.retries["total_max_attempts"] == 4
