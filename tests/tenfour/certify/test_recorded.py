"""Recorded requests in each form, and what can't be read."""

import base64
import json
from datetime import UTC, datetime

import pytest

from chalicelib.insight.certify.post import Post
from tenfour.certify.recorded import InvalidRecording, as_line, read_recorded

BODY = '{"updates": [{"incident_number": "P26-1", "as_of": "2026-11-21T17:20:00-07:00"}]}'
MESSAGE = (
    f"POST /cad/springfield/updates?mapping=x HTTP/1.1\nContent-Type: application/json\nWebhook-Id: msg_1\n\n{BODY}"
)
AT = datetime(2026, 11, 22, 0, 20, 1, tzinfo=UTC)


def har(**response):
    request = {
        "method": "POST",
        "url": "https://tell.example/cad/springfield/updates",
        "headers": [{"name": "Webhook-Id", "value": "msg_1"}],
        "postData": {"text": BODY},
    }
    entry = {"startedDateTime": "2026-11-21T17:20:01-07:00", "request": request, "response": response}
    return json.dumps({"log": {"entries": [entry, entry]}})


def test_an_http_message_is_a_request(tmp_path):
    (tmp_path / "1.http").write_text(MESSAGE)

    (post,) = read_recorded(tmp_path)

    assert (post.where, post.method, post.place, post.feed) == ("1.http", "POST", "updates", "cad")
    assert (post.headers["webhook-id"], post.body) == ("msg_1", BODY.encode())


def test_lines_of_an_http_message_may_end_as_on_the_wire(tmp_path):
    file = tmp_path / "1.http"
    file.write_bytes(MESSAGE.replace("\n", "\r\n").encode() + b"\r\n\r\n")

    assert read_recorded(file)[0].body == BODY.encode() + b"\r\n\r\n"


def test_a_har_has_times_and_answers(tmp_path):
    file = tmp_path / "night.har"
    file.write_text(har(status=503, headers=[{"name": "Retry-After", "value": "2"}]))

    first, second = read_recorded(file)

    assert (first.where, second.where) == ("night.har, entry 1", "night.har, entry 2")
    assert (first.at, first.status, first.retry_after, first.failed) == (AT, 503, 2.0, True)


def test_lines_are_bodies_or_requests(tmp_path):
    file = tmp_path / "night.jsonl"
    file.write_text(f"{BODY}\n\n{json.dumps({'path': '/rms/springfield/updates', 'body': json.loads(BODY)})}\n")

    first, second = read_recorded(file)

    assert first.body == BODY.encode()
    assert (second.where, second.feed, json.loads(second.body)) == ("night.jsonl, line 3", "rms", json.loads(BODY))


def test_a_folder_is_read_in_the_order_of_names_without_what_is_hidden(tmp_path):
    for name in ("b.json", "a.xml", ".DS_Store", "c/d.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY)

    assert [post.where for post in read_recorded(tmp_path)] == ["a.xml", "b.json", "d.json"]


@pytest.mark.parametrize("body", [b"{}", b"\xff\x00", "é".encode()])
def test_what_was_written_is_read_again(tmp_path, body):
    post = Post(
        where="requests.jsonl, line 1",
        at=AT,
        path="/cad/springfield/updates",
        headers={"webhook-id": "msg_1", "content-type": "application/json"},
        body=body,
        status=503,
        retry_after=2.0,
        trouble="503",
    )
    file = tmp_path / "requests.jsonl"
    file.write_text(as_line(post))

    assert read_recorded(file) == [post]


@pytest.mark.parametrize("name", ["authorization", "x-api-key", "cookie"])
def test_no_key_is_written(name):
    assert "a-long-random-key" not in as_line(Post(where="1", headers={name: "Bearer a-long-random-key"}))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.http", "GET"),
        ("a.http", "no request\n\n{}"),
        ("a.http", "POST /x HTTP/1.1\nno header\n\n{}"),
        ("a.har", "{}"),
        ("a.har", "["),
        ("a.har", '{"log": {"entries": [{"request": 1}]}}'),
        ("a.jsonl", "{"),
        ("a.jsonl", '{"body": "", "headers": 1}'),
        ("a.jsonl", '{"body_base64": "*"}'),
        ("a.jsonl", '{"body": "", "path": 1}'),
        ("a.jsonl", '{"body": "", "at": "yesterday"}'),
        ("a.jsonl", '{"body": "", "status": "many"}'),
    ],
)
def test_what_can_not_be_read_is_named(tmp_path, name, text):
    (tmp_path / name).write_text(text)

    with pytest.raises(InvalidRecording, match=f"{name}: "):
        read_recorded(tmp_path)


def test_a_folder_without_files_is_no_recording(tmp_path):
    with pytest.raises(InvalidRecording, match="no files"):
        read_recorded(tmp_path)


def test_a_body_in_base64_is_what_it_stands_for(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"body_base64": base64.b64encode(BODY.encode()).decode()}))

    assert read_recorded(file)[0].body == BODY.encode()
