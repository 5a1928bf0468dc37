"""Forms as browsers, mail programs and carriers post them."""

from types import SimpleNamespace

import pytest

from chalicelib import boundary
from chalicelib.boundary import MOST_FIELDS, Failed, Refused, all_of, form, pairs
from chalicelib.flow.people.unsubscribe import ONE_CLICK

PART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n'


def posted(raw, content_type="application/x-www-form-urlencoded"):
    return SimpleNamespace(raw_body=raw, headers={"content-type": content_type})


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (PART + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (PART + b"--x--\r\n", 'Multipart/Form-Data; charset=utf-8; boundary="x"'),
        (PART.replace(b"\r\n", b"\n") + b"--x--", "multipart/form-data; boundary=x"),
        (PART, "multipart/form-data; boundary=x"),
    ],
)
def test_one_click_is_read_however_it_is_posted(raw, content_type):
    assert form(posted(raw, content_type)) == ONE_CLICK


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", PART[:40], b"--x--", b"--x\r\n\r\nOne-Click\r\n--x--"])
@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=y"]
)
def test_what_is_no_form_has_no_fields(raw, content_type):
    assert pairs(posted(raw, content_type)) == []


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [(b"&".join([b"a=1"] * (MOST_FIELDS + 1)), ""), (PART * (MOST_FIELDS + 1), "multipart/form-data; boundary=x")],
)
def test_a_form_of_too_many_fields_is_refused(raw, content_type):
    with pytest.raises(Refused):
        pairs(posted(raw, content_type))


def test_each_act_has_its_turn_and_each_failure_is_told_with_what_it_is_about(monkeypatch):
    done, told = [], []
    monkeypatch.setattr(boundary.logger, "error", lambda message, extra: told.append(extra))
    group = ExceptionGroup("some", [LookupError(), ValueError("+13035550123")])
    group.exceptions[0].add_note("arden")

    def fail():
        raise group

    with pytest.raises(Failed):
        all_of("minute", {"watch": fail, "rest": lambda: done.append("rest")})

    assert done == ["rest"]
    assert [(one["step"], one["error"], one.get("about")) for one in told] == [
        ("watch", "LookupError", "arden"),
        ("watch", "ValueError", None),
    ]


def test_a_page_with_a_large_form_may_take_more_fields():
    request = posted(b"&".join([b"a=1"] * (MOST_FIELDS + 1)), "")

    assert len(pairs(request, MOST_FIELDS + 1)) == MOST_FIELDS + 1
