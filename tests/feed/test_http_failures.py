"""Asking a CAD over HTTP: keys and tokens, times since which, and a server that misbehaves in each way we know."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count, pairwise

import pytest

from feed.config import BadFeed
from feed.http import source
from feed.http.settings import SOURCE_SECRET
from tests.factories import NOW
from tests.feed.cad_server import Reply, basic
from tests.feed.test_http import MAP, SHAPES, numbered_list, problem, steps


@pytest.fixture(autouse=True)
def one_call(calls):
    calls.put("A-1")


@pytest.fixture
def asking(feed, cad):
    def opened(more="", mapping=MAP, path="/calls", **told):
        return feed(f'[http]\nurl = "{cad.url}{path}"\nevery = "10s"\n{more}', mapping, **told)

    return opened


# --- keys and tokens

KEYS = {
    "basic": ("kind = 'basic'\nuser = 'tenfour'", "authorization", basic("tenfour", "s3cret")),
    "bearer": ("kind = 'bearer'", "authorization", "Bearer s3cret"),
    "header": ("kind = 'header'\nheader = 'x-cad-key'", "x-cad-key", "s3cret"),
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_the_cad_knows_the_feed_by_its_key(asking, cad, agency, monkeypatch, tmp_path, kind, where):
    told, header, value = KEYS[kind]
    if where == "environment":
        monkeypatch.setenv(SOURCE_SECRET, "s3cret")
    else:
        (tmp_path / "key").write_text("s3cret\n")
        told += "\nsecret_file = 'key'"
    with asking(f"[http.auth]\n{told}") as runner:
        runner.step()

    assert agency.accepted == 1
    assert cad.requests[0].headers[header] == value


class Tokens:
    """A server of tokens and calls: a token lives for so long by the feed's clock."""

    def __init__(self, calls, time_, life=600):
        self.calls, self.time, self.life, self.given, self.ends, self.revoked = calls, time_, life, [], {}, set()

    def __call__(self, request):
        if request.path == "/token":
            token = f"t{len(self.given)}"
            self.given.append((dict(request.headers), request.body.decode()))
            self.ends[token] = self.time.seconds + self.life
            return Reply({"access_token": token, "token_type": "Bearer", "expires_in": self.life})
        token = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        good = self.ends.get(token, 0) > self.time.seconds and token not in self.revoked
        return Reply({"calls": self.calls.all()}) if good else Reply(status=401)


def with_tokens(cad, more=""):
    return f"[http.auth]\nkind = 'client_credentials'\nuser = 'tenfour'\ntoken_url = '{cad.url}/token'\n{more}"


@pytest.mark.parametrize("credentials", ["header", "body"])
def test_a_token_is_renewed_before_it_ends(asking, cad, calls, agency, time_, monkeypatch, credentials):
    monkeypatch.setenv(SOURCE_SECRET, "s3cret")
    tokens = cad.answer = Tokens(calls, time_)
    more = f"scope = 'calls.read'\ncredentials_in = '{credentials}'\ntoken_params = {{audience = 'cad'}}"
    with asking(with_tokens(cad, more)) as runner:
        steps(runner, time_, 120)
        said = problem(runner)

    headers, form = tokens.given[0]
    lower = {name.lower(): value for name, value in headers.items()}
    assert (said, agency.accepted) == ("", 1)
    assert len(tokens.given) == 3  # in 1,200 s, a minute before each 600 s end
    assert ("client_secret=s3cret" in form) == (credentials == "body")
    assert (lower.get("authorization") == basic("tenfour", "s3cret")) == (credentials == "header")
    assert "grant_type=client_credentials" in form
    assert "scope=calls.read" in form
    assert "audience=cad" in form


def test_a_token_that_was_revoked_is_asked_for_anew_once(asking, cad, calls, agency, time_, monkeypatch):
    monkeypatch.setenv(SOURCE_SECRET, "s3cret")
    tokens = cad.answer = Tokens(calls, time_)
    with asking(with_tokens(cad)) as runner:
        steps(runner, time_, 2)
        tokens.revoked.add("t0")
        calls.put("A-2")
        steps(runner, time_, 1)
        said, asked = problem(runner), len(tokens.given)
        tokens.revoked |= {f"t{number}" for number in range(99)}
        before = len(cad.requests)
        steps(runner, time_, 1)

    assert (said, asked, agency.accepted) == ("", 2, 2)
    assert len(cad.requests) - before == 3  # refused, a token, refused


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply({"error": "invalid_client"}, status=401), "no token from 127.0.0.1: 401 invalid_client"),
        (Reply("<html>sign in</html>"), "no token from 127.0.0.1: 200"),
        (Reply({"access_token": None, "expires_in": "soon"}), "no token from 127.0.0.1: 200"),
        (Reply({"error": "s3cret is wrong"}, status=400), "no token from 127.0.0.1: 400"),
    ],
)
def test_a_token_that_can_not_be_had_is_said_without_the_secret(asking, cad, agency, monkeypatch, reply, said):
    monkeypatch.setenv(SOURCE_SECRET, "s3cret")
    cad.answer = lambda request: reply
    with asking(with_tokens(cad)) as runner:
        runner.step()
        told, beats = problem(runner), agency.beats

    assert (told, beats) == (said, 0)


# --- since


def test_each_read_asks_for_what_changed_since_the_last_and_a_little_before(asking, cad, calls, agency, time_):
    """By the CAD's own clock, which is three minutes ahead, in its own format and zone."""

    def answer(request):
        since = datetime.strptime(request.params["since"], "%m/%d/%Y %H:%M:%S")  # noqa: DTZ007
        there = [call for call in calls.all() if call["changed"] >= since.isoformat()]
        return Reply({"calls": there}, headers={"date": format_datetime(time_.now + timedelta(minutes=3))})

    def denver(at):
        return (at - timedelta(hours=7)).replace(tzinfo=None).isoformat()

    cad.answer = answer
    told = "params = {since = '$since'}\n[http.since]\nformat = '%m/%d/%Y %H:%M:%S'\ntime_zone = 'America/Denver'"
    calls.put("A-1", changed=denver(NOW - timedelta(hours=20)))
    calls.put("A-0", changed=denver(NOW - timedelta(hours=30)))
    with asking(f'{told}\noverlap = "2m"') as runner:
        for minute in range(30):
            calls.put(f"B-{minute}", changed=denver(time_.now + timedelta(minutes=3, seconds=-90)))  # committed late
            steps(runner, time_, 6)
    with asking(f'{told}\noverlap = "2m"') as runner:
        steps(runner, time_, 3)

    first, last = cad.requests[0].params["since"], cad.requests[-1].params["since"]
    assert agency.accepted == 31
    assert agency.duplicates == 0
    assert first == (NOW - timedelta(hours=31, minutes=2)).strftime("%m/%d/%Y %H:%M:%S")
    assert last == (time_.now - timedelta(hours=7, minutes=2, seconds=10)).strftime("%m/%d/%Y %H:%M:%S")


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("iso", r"2026-11-20T17:55:00Z"),
        ("epoch", r"1795197300"),
        ("epoch_ms", r"1795197300000"),
        ("%Y%m%d", r"20261120"),
    ],
)
def test_the_time_is_written_as_the_file_says_in_address_header_and_body(asking, cad, time_, written, pattern):
    body = '{"since": "$since", "note": "$$"}'
    told = (
        f"method = 'POST'\nbody = '''{body}'''\nheaders = {{x-since = '$since'}}\n[http.since]\nformat = '{written}'\n"
    )
    with asking(told, path="/calls/$since") as runner:
        runner.step()

    (asked,) = cad.requests
    assert asked.body.decode() == f'{{"since": "{pattern}", "note": "$"}}'
    assert asked.headers["x-since"] == pattern
    assert asked.path == f"/calls/{pattern.replace(':', '%3A')}"


def test_a_read_that_failed_moves_no_time_on(asking, cad, calls, agency, time_):
    told = "params = {since = '$since'}\n[http.since]"
    with asking(told) as runner:
        steps(runner, time_, 2)
        cad.goes_wrong = lambda request: Reply(status=502)
        steps(runner, time_, 30, 60)
        cad.goes_wrong = lambda request: None
        steps(runner, time_, 20, 60)
    reads = [datetime.fromisoformat(request.params["since"]) for request in cad.requests]

    assert reads == sorted(reads)
    assert reads[3] == reads[2]


# --- a server that misbehaves

ODD = {
    "500": (Reply(status=500), "127.0.0.1 answers 500 Internal Server Error"),
    "404": (Reply(status=404), "127.0.0.1 answers 404 Not Found"),
    "403": (Reply("the key s3cret may not", status=403), "127.0.0.1 answers 403 Forbidden"),
    "moved": (Reply(status=302, headers={"location": "https://elsewhere.example/"}), "follows no redirection"),
    "html": (Reply("<html>sign in</html>"), "the answer can't be read: the body is not JSON in UTF-8"),
    "blank": (Reply(""), "the answer is blank"),
    "half": (Reply('{"calls": ['), "the answer can't be read"),
    "cut": (Reply({"calls": []}, cut=True), "127.0.0.1: RemoteProtocolError"),
    "hang up": ("hang up", "127.0.0.1: "),
    "encoding": (Reply(b'{"calls": [{"no": "\xff"}]}'), "the answer can't be read: the body is not JSON in UTF-8"),
    "bad gzip": (Reply(b"no gzip", headers={"content-encoding": "gzip"}), "127.0.0.1: DecodingError"),
    "elsewhere": (Reply({"error": "the database is gone"}), "records: nothing at calls[]"),
    "null": (Reply({"calls": None}), "records: nothing at calls[]"),
    "texts": (Reply({"calls": ["A-1", 5]}), "records: expected objects or lists"),
    "deep": (Reply('{"calls":' + "[" * 50_000), "the answer can't be read"),
    "304": (Reply(status=304), "127.0.0.1 answers 304 Not Modified"),
    "large": (Reply(b"[" + b" " * 3_000_000 + b"]"), "the answer is larger than 1 MB"),
    "bomb": (
        Reply(gzip.compress(b" " * 30_000_000), headers={"content-encoding": "gzip"}),
        "the answer is larger than 1 MB",
    ),
    "renamed": (Reply({"calls": [{"number": "A-1", "at": "2026-11-21T17:00:00Z"}]}), "no record of the answer can be"),
}


@pytest.mark.parametrize("odd", ODD)
def test_whatever_the_cad_answers_is_said_and_the_feed_is_silent_until_it_is_well(
    asking, cad, calls, agency, time_, odd
):
    wrong, why = ODD[odd]
    with asking("largest_mb = 1") as runner:
        steps(runner, time_, 2)
        cad.goes_wrong = lambda request: wrong
        steps(runner, time_, 2)
        said, beats = problem(runner), agency.beats
        steps(runner, time_, 60)
        silent = agency.beats == beats
        cad.goes_wrong = lambda request: None
        calls.put("A-2")
        steps(runner, time_, 40, 30)
        well = problem(runner)

    assert why in said
    assert "s3cret" not in said
    assert (silent, well, agency.accepted) == (True, "", 2)
    assert agency.beats > beats


@pytest.mark.parametrize("reply", [Reply({"calls": []}), Reply(status=204)], ids=["list", "204"])
def test_a_quiet_night_is_no_failure(asking, cad, agency, time_, reply):
    cad.answer = lambda request: reply
    with asking() as runner:
        steps(runner, time_, 30)
        said = problem(runner)

    assert (said, agency.accepted) == ("", 0)
    assert agency.beats >= 4


def test_an_answer_that_is_good_may_be_empty_and_an_error_with_status_200_is_none(asking, cad, agency, time_):
    """As `vendors/inform` has it: `Incidents` is null where there is none."""
    replies = {True: Reply({"Success": True, "calls": None}), False: Reply({"Success": False, "calls": []})}
    well = [True]
    cad.answer = lambda request: replies[well[0]]
    with asking("good = {Success = ['true']}") as runner:
        steps(runner, time_, 2)
        quiet = problem(runner)
        well[0] = False
        steps(runner, time_, 2)
        wrong = problem(runner)

    assert (quiet, wrong) == ("", "the answer is not good: Success says otherwise, or nothing")


@pytest.mark.parametrize("asked", ["90", "date", "soon", "9" * 30, "-5"])
def test_retry_after_is_kept_within_reason(asking, cad, agency, time_, asked):
    at = []

    def answer(request):
        at.append(time_.seconds)
        given = format_datetime(time_.now + timedelta(seconds=90), usegmt=True) if asked == "date" else asked
        return Reply(
            status=429, headers={"retry-after": given, "date": format_datetime(time_.now.astimezone(UTC), usegmt=True)}
        )

    cad.answer = answer
    with asking() as runner:
        steps(runner, time_, 500)

    assert at[1] - at[0] == (90 if asked in ("90", "date") else 10)
    assert len(at) >= 3
    assert max(after - before for before, after in pairwise(at)) <= 3_600


def test_a_cad_that_is_down_is_left_alone_more_and_more(asking, cad, time_):
    cad.answer = lambda request: Reply(status=503)
    with asking() as runner:
        steps(runner, time_, 360)

    assert 10 <= len(cad.requests) <= 20


def test_an_answer_that_drips_is_given_up(asking, cad):
    """Each part comes in time, and the whole never."""
    cad.answer = lambda request: Reply([b'{"calls": [', *[b" " * 100_000] * 50, b"]}"])
    with asking("timeout = '10s'") as runner:
        ticks = count(0, 15)
        runner._source._fetcher._steady = lambda: next(ticks)
        runner.step()
        said = problem(runner)

    assert said == "the answer took longer than 40 s"


def test_a_cad_that_is_not_there_is_said_to_be(feed, agency, time_):
    with feed('[http]\nurl = "http://127.0.0.1:9/calls"', MAP) as runner:
        steps(runner, time_, 3)
        said = problem(runner)

    assert said == "127.0.0.1: ConnectError"
    assert agency.beats == 0


# --- lists that are the same


@pytest.mark.parametrize(("name", "asks"), [("etag", "if-none-match"), ("last-modified", "if-modified-since")])
def test_a_list_that_has_not_changed_is_not_sent_again(asking, cad, calls, agency, time_, name, asks):
    def answer(request):
        tag = f'"{len(calls.calls)}"'
        same = request.headers.get(asks) == tag
        return Reply(status=304) if same else Reply({"calls": calls.all()}, headers={name: tag})

    cad.answer = answer
    with asking() as runner:
        steps(runner, time_, 20)
        same, beats, told = problem(runner), agency.beats, agency.accepted
        calls.put("A-2")
        steps(runner, time_, 2)
    with asking() as runner:
        steps(runner, time_, 2)

    asked = [request.headers.get(asks) for request in cad.requests]
    assert (same, told, agency.accepted) == ("", 1, 2)
    assert beats >= 2
    assert asked[0] is None
    assert asked[1] == '"1"'
    assert asked.count(None) == 2  # after a restart the whole is asked for


# --- what is written in the file

GOOD = '[http]\nurl = "https://cad.springfield.example/calls"\n'


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (GOOD.replace("https", "http"), "http.url: expected https://, or http:// on a private network"),
        ('[http]\nurl = "calls"', "http.url: expected https"),
        (GOOD + "body = 'x'", "http.body: only for method"),
        (GOOD + "params = {a = '$pag'}", "http.params.a: $pag is none of $cursor, $offset, $page, $since, $size"),
        (GOOD + "params = {a = '5 $'}", "http.params.a: $ stands before a name; write $$ for the sign itself"),
        (GOOD + "params = {a = '$since'}", "http.params.a: $since needs [http.since]"),
        (GOOD + "[http.since]", "http.since: nothing in the request has $since"),
        (GOOD + "params = {a = '$since'}\n[http.since]\ntime_zone = 'Denver'", "http.since.time_zone: no time zone"),
        (GOOD + "params = {a = '$since'}\n[http.since]\nformat = 'dots'", "http.since.format: expected iso"),
        (GOOD + "params = {a = '$since'}\ngone = 'closed'\n[http.since]", "http.gone: with [http.since]"),
        (GOOD + "gone = 'lost'", "http.gone: Invalid enum value"),
        (GOOD + "[http.auth]\nkind = 'basic'", "http.auth.user: required for basic"),
        (GOOD + "[http.auth]\nkind = 'client_credentials'\nuser = 'u'", "http.auth.token_url: expected"),
        (GOOD + "[http.auth]\nkind = 'bearer'", "no secret for the CAD: set TENFOUR_FEED_SOURCE_SECRET"),
        (GOOD + "[http.auth]\nkind = 'bearer'\nsecret_file = 'none'", "http.auth.secret_file: "),
        (GOOD + "[http.pages]\nby = 'cursor'", "http.pages.next: required"),
        (GOOD + "[http.pages]\nby = 'offset'", "http.pages: nothing in the request has $offset"),
        (GOOD + "authority = 'none.pem'", "http.authority: No such file or directory"),
        (GOOD + "certificate = 'none.pem'", "http.certificate: No such file or directory"),
        (GOOD + "key = ['a b c.']", "http.key: "),
        (GOOD + "good = {'a b c.' = ['x']}", "http.good: "),
    ],
)
def test_a_file_that_can_not_be_meant_is_refused_by_name(feed, told, said):
    with pytest.raises(BadFeed, match=re.escape(said)), feed(told, MAP):
        pass


def test_a_page_of_xml_with_the_parts_of_its_request_escaped(asking, cad, agency):
    """A body of XML around a cursor, as systems ask for that are older than JSON."""
    pages = {"": ("26A0701", "a&b <1>"), "a&amp;b &lt;1&gt;": ("26A0702", "")}

    def answer(request):
        cursor = request.body.decode().removeprefix("<Ask><From>").removesuffix("</From></Ask>")
        number, more = pages[cursor]
        escaped = more.replace("&", "&amp;").replace("<", "&lt;")
        return Reply(f"<L><C><No>{number}</No><At>2026-11-21T17:00:00Z</At></C><More>{escaped}</More></L>")

    cad.answer = answer
    mapping = 'format = "xml"\nrecords = "L/C"\n[fields]\nincident_number = "No"\nas_of = "At"\n'
    told = "method = 'POST'\nbody = '<Ask><From>$cursor</From></Ask>'\n[http.pages]\nby = 'cursor'\nnext = 'L/More'"
    with asking(told, mapping) as runner:
        runner.step()
        said = problem(runner)

    assert (said, agency.accepted) == ("", 2)


def test_a_list_that_changes_while_it_takes_many_reads_is_told_once(asking, cad, calls, agency, time_, monkeypatch):
    """More pages than one read takes: the feed posts in between, and goes on where it was."""
    monkeypatch.setattr(source, "MOST_PAGES_AT_ONCE", 4)
    for number in range(40):
        calls.put(f"N-{number:03}")
    cad.answer = numbered_list(calls)
    with asking(SHAPES["number"][1]) as runner:
        for number in range(30):
            calls.put(f"X-{number}")
            steps(runner, time_)
        steps(runner, time_, 30)

    assert (agency.accepted, agency.duplicates) == (71, 0)
