"""Forms as browsers, mail programs and carriers post them."""

from types import SimpleNamespace

import pytest

from chalicelib.boundary import MOST_FIELDS, Refused, form, pairs
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
