"""What a route answers to anything: checked against its description, and for what no answer and no log may have."""

import io
import logging
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urlencode

from chalice.app import Request
from hypothesis import strategies as st

from chalicelib.boundary import answering, logger
from chalicelib.web.trouble import as_page
from tests.fuzz.doors import PAGES, is_described
from tests.fuzz.test_parsers import said
from tests.leaks import leaks

MARK = "<script>alert(1)</script>"
nasty = said.map(lambda words: words.encode(errors="replace").decode()) | st.sampled_from(
    [MARK, '"onload="x', "{{ 7*7 }}", "{% raw %}", "%s%n", "a\r\nSet-Cookie: x=1", "\u202e"]
)
languages = st.sampled_from(["en", "es", "fa,en;q=0.5", "*", "", ";q=9", "zz" * 99]) | st.text(max_size=20)


class Wellformed(HTMLParser):
    """Counts what a page opens and closes."""

    VOID = frozenset({"meta", "input", "br", "link", "img", "hr"})

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.scripts = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def is_html(response):
    return "html" in str(response.headers.get("Content-Type", ""))


@contextmanager
def logged():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)
    try:
        yield stream
    finally:
        logger.removeHandler(handler)


def route(view, *args):
    """Answer as the route of a view does: people get pages, also where something is wrong."""
    if view not in PAGES:
        return view(*args)
    name, sent, world = args
    return as_page(view, name, sent, lambda: world)


def answered(view, *args):
    """Return what a route answers: what its description lists; the log has nobody in it, and the answer is no 500."""
    (sent,) = (one for one in args if isinstance(one, Request))
    with logged() as lines:
        response = answering(route)(view, *args)
    assert is_described(view, sent.method, response), (response.status_code, response.headers)
    assert view not in PAGES or is_html(response) or "application/json" in sent.headers.get("accept", "")
    assert leaks(lines.getvalue()) == []
    assert response.status_code < 500, lines.getvalue()
    assert all("\n" not in f"{value}" and "\r" not in f"{value}" for value in response.headers.values())
    if is_html(response):
        page = Wellformed()
        page.feed(response.body)
        assert not page.wrong
        assert page.open == []
        assert MARK not in response.body
        assert page.scripts <= 1
    return response


fields = st.dictionaries(
    st.sampled_from(["respect", "helped", "overall", "comment", "first", "done", "seen", "proof", "ours", "lang"])
    | said,
    nasty | st.sampled_from(["1", "5", "6", "yes", "9" * 5000]),
    max_size=6,
)


def encoded(form):
    return urlencode(
        {name.encode(errors="replace"): text.encode(errors="replace") for name, text in form.items()}
    ).encode()
