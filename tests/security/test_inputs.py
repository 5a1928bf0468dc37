"""An attacker's input does no harm: bombs, addresses to fetch, log lines, formulas, templates, others' names."""

import ast
import gzip
import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.auth import Unauthentic, WebhookKey, authenticate
from chalicelib.aws.tables import incident_pk, notification_sk
from chalicelib.boundary import answering, logger, report, source_id
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey, is_agency_id
from chalicelib.domain.notifications.render import Unrenderable, fill
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable, read_updates
from chalicelib.insight.settings.lint_words import Text, lint_text
from chalicelib.virtual.world import MemoryPorts
from chalicelib.web import static
from chalicelib.web.callbacks import keep_twilio_status
from chalicelib.web.html import show_notice
from chalicelib.web.webhooks import receive
from tenfour.common.paths import ROOT
from tests.factories import NOW, PHONE, agency
from tests.fuzz.doors import Doors, request, signed

BOMBS = {
    "zipped": gzip.compress(b'{"updates": [' + b" " * 10_000_000 + b"]}"),
    "a number of a million digits": b'{"updates": [{"incident_number": "P26-1", "as_of": ' + b"9" * 200_000 + b"}]}",
    "an exponent": b'{"updates": [{"incident_number": "P26-1", "as_of": 1e999999999}]}',
    "an exponent in a list": b'{"updates": [{"incident_number": "P26-1", "units": [1e999999999, -1e999999999]}]}',
    "nested": b'{"updates": [' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"]}",
    "many fields": b'{"updates": [{' + b",".join(b'"f%d": 1' % n for n in range(20_000)) + b"}]}",
    "one field many times": b'{"updates": [{' + b",".join([b'"as_of": "x"'] * 15_000) + b"}]}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_like_any_other_body(bomb):
    try:
        batch = read_updates(BOMBS[bomb], "wh", "US", NOW)
    except (Malformed, Unacceptable):
        return

    assert not batch.updates
    assert len(str(batch.set_aside)) < 10_000


def test_what_is_zipped_is_not_unzipped_beyond_what_a_body_may_be():
    body = BOMBS["zipped"]
    answer = answering(receive)(
        "springfield", "cad", request("POST", body, signed(body, {"content-encoding": "gzip"})), Doors(agency())
    )

    assert answer.status_code == 413


HOSTILE = (
    "{{ 9**9**9 }}",
    '{{ "x" * 4000000000 }}',
    '{{ "%999999999d" % 1 }}',
    '{{ "x"|center(999999999) }}',
    "{{ lipsum(n=100000) }}",
    "{{ range(100000)|list }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% set a = 1 %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    '{% include "/etc/passwd" %}',
    '{% import "os" as os %}',
    "{{ agency.__class__.__mro__ }}",
    "{{ agency['__class__'] }}",
    "{{ self }}{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ agency|attr('__class__') }}",
    "{{ agency.format_map }}",
    "{{ joiner }}{{ namespace() }}",
    "{% if agency.upper() %}x{% endif %}",
)


@pytest.mark.parametrize("source", HOSTILE)
def test_no_words_of_an_agency_s_run_anything(source):
    with pytest.raises(Unrenderable):
        fill(source, {"agency": "Springfield PD"})


@pytest.mark.parametrize("source", HOSTILE)
def test_settings_say_so_before_they_are_published(source):
    text = Text(path=("words", "en", "sms", "delay"), language="en", channel="sms", name="delay", source=source)
    found = list(lint_text(text, (words.load("en", text_to_911=True),), {"agency": "Springfield PD"}, agency()))

    assert any(one.severity == "error" for one in found)


def test_what_a_person_says_is_never_a_template():
    assert fill("{{ link }}", {"link": "{{ 7*7 }}"}) == "{{ 7*7 }}"


FETCHES = {"urllib.request", "requests", "httpx", "http.client", "socket", "urllib3", "aiohttp", "ftplib"}
SENDS = {"carriers/twilio/http.py"}
"""The one place that calls an address of its own, which is Twilio's or the configuration's."""

ASKS = {"identity/fetch.py"}
"""It asks the identity provider that the stack's secret names: by HTTPS, and no redirect is followed."""


def test_nothing_fetches_an_address_that_came_in():
    for path in (ROOT / "chalicelib").rglob("*.py"):
        tree = ast.parse(path.read_text())
        named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        place = str(path.relative_to(ROOT / "chalicelib"))
        assert bool(named & FETCHES) == (place in ASKS), path
        fetches = "botocore.httpsession" in named
        assert fetches == (place in SENDS), path


@pytest.mark.parametrize("host", ["169.254.169.254", "localhost:8000", "a.example@b.example", "[::1]", "x/../y"])
def test_a_callback_by_another_host_leads_nowhere(host):
    world = Doors(agency())
    posted = request(
        "POST",
        b"MessageStatus=delivered&SubscribeURL=http://169.254.169.254/",
        {"content-type": "application/x-www-form-urlencoded", "host": host, "x-twilio-signature": "AAAA"},
        path="/carriers/twilio/status",
    )

    assert answering(keep_twilio_status)(posted, world).status_code == 403
    assert world.receipts == []


@pytest.fixture
def lines():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)
    yield lambda: stream.getvalue().strip("\n").split("\n")
    logger.removeHandler(handler)


FORGED = 'x"}\n{"level":"ERROR","message":"failed"}\r\x1b[2J\u2028'


class Told(Exception):
    pass


def raised(text):
    with pytest.raises(Told) as caught:
        raise Told(text)
    return caught.value


def test_nobody_writes_a_line_of_their_own_into_the_log(lines):
    logger.warning("unknown event", event_type=FORGED)
    report(raised(FORGED), "receive", agency=FORGED)
    logged = lines()

    assert len(logged) == 2
    assert all("\x1b" not in line for line in logged)
    assert [json.loads(line)["message"] for line in logged] == ["unknown event", "failed"]


def test_an_exception_s_own_words_are_not_logged(lines):
    report(raised(f"cannot text {PHONE}"), "deliver")

    assert PHONE not in "".join(lines())


@pytest.mark.parametrize("name", [FORGED, "a b", "", "é", "x" * 61])
def test_a_webhook_s_own_name_is_kept_only_where_it_is_plain(name):
    assert source_id(request("POST", b"{}", {"webhook-id": name}), b"{}") != name


def test_every_csv_that_people_open_has_harmless_cells():
    """A cell that begins with `=` is a formula: whoever writes cells knows `harmless` (test_shadow has its rules)."""
    for path in (path for top in ("chalicelib", "tenfour", "rigs") for path in (ROOT / top).rglob("*.py")):
        source = path.read_text()
        if "csv.writer" in source or "DictWriter" in source:
            assert "harmless" in source, path


agency_ids = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
numbers = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@given(agency_ids, agency_ids, numbers, numbers)
def test_no_two_agencies_share_a_partition(one, other, number, another):
    mine, theirs = IncidentKey(one, number), IncidentKey(other, another)

    assert (incident_pk(mine) == incident_pk(theirs)) == (mine == theirs)
    assert incident_pk(mine).startswith(f"{other}#") == (one == other)


@given(numbers, numbers, st.integers(0, 99))
def test_no_two_notifications_share_a_place(one, other, ordinal):
    keys = [NotificationKey("a", "n", Kind.DELAY, name.replace("#", "%23"), ordinal) for name in (one, other)]

    assert (notification_sk(keys[0]) == notification_sk(keys[1])) == (keys[0] == keys[1])


@pytest.mark.parametrize("name", ["a#b", "A", "", "a" * 25, "a b", "a\n", "../a", "!rejected"])
def test_no_agency_has_a_name_that_is_a_key_of_another_kind(name):
    assert not is_agency_id(name)


def test_a_key_of_one_agency_is_none_of_another_s():
    world = Doors(agency(), agency(agency_id="shelbyville"))
    body = b'{"updates": [{"incident_number": "P26-1", "as_of": "2026-11-21T18:00:00Z"}]}'
    answer = answering(receive)("shelbyville", "cad", request("POST", body, signed(body)), world)

    assert answer.status_code == 401
    assert not world.incidents.load(IncidentKey("shelbyville", "P26-1")).version


def test_a_key_without_agencies_opens_nothing():
    key = WebhookKey(name="x", feed="cad", agencies=(), bearer="b" * 20)

    assert authenticate({"authorization": f"Bearer {'b' * 20}"}, b"", "cad", (key,), NOW).agencies == ()
    with pytest.raises(Unauthentic):
        authenticate({"authorization": "Bearer "}, b"", "cad", (key,), NOW)


def test_what_somebody_told_one_agency_another_does_not_know():
    ports = MemoryPorts(agency(), agency(agency_id="shelbyville"))
    ports.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, NOW, "STOP")

    assert ports.contacts.load("springfield", PHONE, NOW.date()).opted_out
    assert not ports.contacts.load("shelbyville", PHONE, NOW.date()).opted_out


@pytest.mark.parametrize("part", ["consent", "real"])
def test_no_page_loads_is_framed_or_is_kept(part):
    notice = PublicPage(part=part, standing="unknown", language="en")
    html = show_notice(
        notice, static.read(f"{part}.html"), static.read("survey.css"), words.load("en", text_to_911=True)
    )
    policy = html.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert html.headers["Cache-Control"] == "no-store"
    assert html.headers["Referrer-Policy"] == "no-referrer"
    assert html.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in html.headers["Strict-Transport-Security"]
