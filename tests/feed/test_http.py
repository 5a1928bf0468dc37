"""Asking a CAD over HTTP: a real server of our own, each shape of a list, each way to be known, each failure."""

import pytest

from tests.feed.cad_server import Reply

MAP = """
format = "json"
records = "calls[]"
[fields]
incident_number = "no"
as_of = "at"
incident_type = "kind"
closed_at = "closed"
"""


@pytest.fixture
def asking(feed, cad):
    """Return what opens a feed that asks the server: `asking("every = …", mapping, path)`."""

    def opened(more="", mapping=MAP, path="/calls", **told):
        return feed(f'[http]\nurl = "{cad.url}{path}"\nevery = "5s"\n{more}', mapping, **told)

    return opened


def steps(runner, time_, count=1, seconds=10):
    for _ in range(count):
        runner.step()
        time_.passes(seconds)


def problem(runner):
    return runner._place.note("source_problem")


# --- what is new


def test_each_change_is_told_once_and_an_identical_list_tells_nothing(asking, cad, calls, agency, time_):
    calls.put("A-1")
    calls.put("A-2")
    with asking() as runner:
        steps(runner, time_, 20, 5)
        told, posts = agency.accepted, len(agency.bodies)
        calls.put("A-2", kind="SUSP", at="2026-11-21T17:05:00Z")
        steps(runner, time_, 20, 5)

    assert (told, posts) == (2, 1)
    assert (agency.accepted, agency.duplicates) == (3, 0)
    assert agency.incident("A-2").facts.incident_type == "SUSP"
    assert len(cad.requests) >= 20


def test_a_snapshot_whose_time_is_now_and_an_arrival_that_is_now_are_told_once(asking, calls, agency, time_):
    mapping = MAP.replace('as_of = "at"', 'as_of = {now = true}\narrived_at = {now = true, when = {state = ["ONSCN"]}}')
    calls.put("A-1", state="RCVD")
    with asking(mapping=mapping) as runner:
        steps(runner, time_, 30, 5)
        calls.put("A-1", state="ONSCN")
        steps(runner, time_, 30, 5)

    assert agency.accepted == 2
    assert agency.duplicates == 0


def test_after_a_restart_nothing_is_told_again(asking, calls, agency, time_):
    for number in range(30):
        calls.put(f"A-{number}")
    for _ in range(3):
        with asking() as runner:
            steps(runner, time_, 3)

    assert (agency.accepted, agency.duplicates) == (30, 0)


def test_records_of_one_incident_are_told_apart(asking, calls, agency, time_):
    """One row for each unit: without a key of its own each row would look like a change of the one before."""
    for unit in ("A", "B", "C"):
        calls.calls[unit] = {"no": "A-1", "at": "2026-11-21T17:00:00Z", "kind": "NOISE", "unit": unit}
    mapping = MAP + '[[units]]\nunit = "unit"\n'
    with asking(mapping=mapping) as runner:
        steps(runner, time_, 20)
    without_key = sum(len(body["updates"]) for body in agency.bodies)
    with asking("key = ['no', 'unit']", mapping=mapping, state="other") as runner:
        steps(runner, time_, 20)

    assert (without_key, sum(len(body["updates"]) for body in agency.bodies)) == (3, 6)


# --- pages


def offset_list(calls):
    def answer(request):
        start = int(request.params["offset"])
        return Reply({"calls": calls.all()[start : start + 4]})  # it gives fewer than were asked for

    return answer


def numbered_list(calls, *, repeats=False):
    def answer(request):
        page = int(request.params["page"])
        there = calls.all()
        last = max(0, (len(there) - 1) // 4) if repeats else 10**9
        start = min(page - 1, last) * 4
        return Reply({"calls": there[start : start + 4]})

    return answer


def cursor_list(calls):
    def answer(request):
        start = int(request.params.get("cursor", "c0")[1:])
        more = start + 4 < len(calls.calls)
        return Reply({"calls": calls.all()[start : start + 4], "paging": {"next": f"c{start + 4}" if more else None}})

    return answer


def link_list(calls, *, in_header):
    def answer(request):
        start = int(request.params.get("from", "0"))
        more = start + 4 < len(calls.calls)
        where = f"/calls?from={start + 4}" if more else ""
        headers = {"link": f'</calls?from=0>; rel="first", <{where}>; rel="next"'} if more and in_header else {}
        body = {"calls": calls.all()[start : start + 4]} | ({} if in_header else {"next": where or None})
        return Reply(body, headers=headers)

    return answer


SHAPES = {
    "offset": (offset_list, "params = {offset = '$offset', limit = '$size'}\n[http.pages]\nby = 'offset'\nsize = 50"),
    "number": (numbered_list, "params = {page = '$page'}\n[http.pages]\nby = 'number'"),
    "repeats": (
        lambda calls: numbered_list(calls, repeats=True),
        "params = {page = '$page'}\n[http.pages]\nby = 'number'",
    ),
    "cursor": (cursor_list, "params = {cursor = '$cursor'}\n[http.pages]\nby = 'cursor'\nnext = 'paging.next'"),
    "link": (lambda calls: link_list(calls, in_header=True), "[http.pages]\nby = 'link'"),
    "next": (lambda calls: link_list(calls, in_header=False), "[http.pages]\nby = 'link'\nnext = 'next'"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_in_pages_is_read_to_its_end_whatever_their_form(asking, cad, calls, agency, time_, shape):
    made, told = SHAPES[shape]
    cad.answer = made(calls)
    for number in range(23):
        calls.put(f"A-{number:02}")
    with asking(told) as runner:
        steps(runner, time_, 3)
        calls.put("A-22", kind="SUSP")
        calls.put("A-99")
        steps(runner, time_, 3)
        said = problem(runner)

    assert (said, agency.accepted, agency.duplicates) == ("", 25, 0)


def test_counted_pages_are_read_again_until_a_pass_brings_nothing_new(asking, cad, calls, agency, time_):
    """Between two pages the first call ends: the list moves up by one, and the call at the border would be missed."""
    answer = offset_list(calls)
    for number in range(12):
        calls.put(f"A-{number:02}")

    def moves(request):
        if request.params["offset"] == "4" and "A-00" in calls.calls:
            del calls.calls["A-00"]
        return answer(request)

    cad.answer = moves
    with asking(SHAPES["offset"][1]) as runner:
        runner.step()

    assert agency.accepted == 12


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/calls", "//elsewhere.example/calls", "http://127.0.0.1:9/x"]
)
def test_a_next_page_on_another_machine_is_not_asked_for(asking, cad, agency, time_, where):
    cad.answer = lambda request: Reply({"calls": [], "next": where})
    with asking("[http.pages]\nby = 'link'\nnext = 'next'") as runner:
        runner.step()
        said = problem(runner)

    assert said.startswith("the next page is said to be on another machine")
    assert len(cad.requests) == 1


def test_pages_that_go_in_a_circle_are_said_to(asking, cad, agency, time_):
    lead = {"0": "/calls?from=1", "1": "/calls?from=2", "2": "/calls?from=1"}
    cad.answer = lambda request: Reply({"calls": [], "next": lead[request.params.get("from", "0")]})
    with asking("[http.pages]\nby = 'link'\nnext = 'next'") as runner:
        runner.step()
        said, beats = problem(runner), agency.beats

    assert (said, beats) == ("its pages go in a circle", 0)
    assert len(cad.requests) == 3


def test_a_limit_in_the_middle_of_a_list_is_waited_for_and_reading_goes_on_there(asking, cad, calls, agency, time_):
    """Sixty requests a minute, and a list of more pages: from the start it would never come to its end."""
    answer, asked = numbered_list(calls), []
    for number in range(200):
        calls.put(f"A-{number:03}")

    def limited(request):
        asked[:] = [at for at in asked if time_.seconds - at < 60] + [time_.seconds]
        return Reply(status=429, headers={"retry-after": "60"}) if len(asked) > 20 else answer(request)

    cad.answer = limited
    with asking(SHAPES["number"][1]) as runner:
        steps(runner, time_, 60)
        said = problem(runner)

    assert (agency.accepted, agency.duplicates) == (200, 0)
    assert len(cad.requests) < 220
    assert said in ("", "127.0.0.1 answers 429 Too Many Requests")
