"""Nothing on a page in Spanish is in English, unless it is marked as what somebody else wrote (WCAG 2.2, 3.1.2)."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.approval import Act
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.what import REASONS
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.approval import reporting
from chalicelib.insight.approval.approve import DEEDS
from chalicelib.insight.approval.erasing import ENDS
from chalicelib.insight.approval.of_person import KINDS
from chalicelib.insight.approval.releasing import HELD_AS
from chalicelib.insight.explain.translated import phrases
from chalicelib.web.desk import draft_forms, draft_page, report_acts
from chalicelib.web.desk.ledger_words import about_words
from chalicelib.web.desk.routes import ROUTES
from chalicelib.web.desk.visit import Visit
from chalicelib.web.desk.wording import Worded, reason_given, worded
from tests.factories import OTHER_PHONE, PHONE
from tests.web.desk.full import full_desk
from tests.web.desk.test_conversations import hear
from tests.web.desk.test_each_act import ACTS, HERE, of, opened, press
from tests.web.desk.test_words import ENGLISH, SPANISH
from tests.web.desk.valid import EMPTY
from tests.web.desk.world import asked

SPEAKS = {"accept-language": "es"}
FUNCTION_WORDS = re.compile(
    r"\b(the|of|was|were|is|are|by|with|and|for|not|this|that|from|on|to|it|its|or|in|at|an|who|which|their|they|been|"
    r"have|nobody|somebody|still|does|did|will|would|after|before|until|each|all|one|only|your|you)\b"
)
"""Words that no sentence in Spanish has, and few in English lack."""

READ_ALOUD = ("aria-label", "title", "placeholder", "alt")

PHRASES = {text for name, text in ENGLISH.items() if SPANISH[name] != text and "{" not in text and len(text) > 2}
PHRASES |= {text for text, into in phrases("es").items() if text != into and "{" not in text} | set(REASONS.values())
PHRASES -= set(SPANISH.values()) | set(phrases("es").values())
"""What the desk says in English, and in other words in Spanish."""


class Texts(HTMLParser):
    """The texts of a page that are read out in its own language: those that are marked as another's are left out."""

    def __init__(self, source) -> None:
        super().__init__(convert_charrefs=True)
        self.open, self.found = [("", "")], []
        self.feed(source)

    def handle_starttag(self, tag, given):
        attributes = dict(given)
        language = attributes.get("lang", self.open[-1][1])
        self.found += [attributes[name] or "" for name in READ_ALOUD if name in attributes and language == "es"]
        if tag not in EMPTY:
            self.open.append((tag, language if tag not in ("script", "style") else "none"))

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and self.open[-1][1] == "es":
            self.found.append(text)


def english(source):
    """Return the texts of a page in Spanish that are in English."""
    return [text for text in Texts(source).found if _is_english(text)]


def _is_english(text):
    """Tell whether a text is a phrase of ours, or has a word that only English has; a code in capitals is CAD's."""
    return text.strip(" :;.,·()") in PHRASES or bool(FUNCTION_WORDS.search(text[:1].lower() + text[1:]))


CALLS = ("P26-1", "P26-2", "P26-3", "P26-4", "P26-5", "P26-404", PHONE)
LISTS = [*({"kind": kind} for kind in ("call", *Kind)), *({"state": state} for state in State), {"from": "x"}]


def addresses(world):
    """Yield each page with what its address may name."""
    names = {"agency_id": "springfield", "name": "cad-1"}
    fixed = {f"{HERE}/incident": [{"number": number} for number in CALLS]}
    fixed[f"{HERE}/incident"] += [
        {"number": "P26-1", "done": done} for done in ("silenced", "cancelled", "cancel_gone")
    ]
    fixed[f"{HERE}/reveal"] = [{"number": "P26-1"}]
    fixed[f"{HERE}/find"] = [
        {},
        *LISTS,
        *({"of": of(world, phone), "why": "complaint"} for phone in (PHONE, OTHER_PHONE)),
    ]
    fixed[f"{HERE}/conversation"] = [{"with": of(world)}, {"with": "f" * 64}]
    fixed[f"{HERE}/ledger"] = [
        {},
        {"reason": "complaint"},
        {"from": "x"},
        {"about": "incident P26-1"},
        {"what": "looked"},
    ]
    fixed[f"{HERE}/held"] = [{}, {"done": "released"}, {"done": "proposed"}]
    fixed[f"{HERE}/approvals"] = [{}, {"done": "approved"}, {"done": "declined"}]
    for route in ROUTES:
        if route.method == "GET" and "assets" not in route.path and route.path != "/desk/signed-in":
            path = route.path.format_map(names)
            person = [{"of": of(world, phone), "why": "complaint"} for phone in (PHONE, OTHER_PHONE)]
            for query in fixed.get(path, person if "/person" in path else [{}, {"number": "P26-1", "name": "cad-1"}]):
                yield path, query


@pytest.fixture
def full(monkeypatch):
    world = full_desk(monkeypatch)
    world.signed_in("watch", cookie="other", agencies=("springfield",), subject="other")
    return world


def test_the_oracle_knows_english_where_it_is_and_not_where_it_is_marked():
    page = '<html lang="es"><p>{}</p><p lang="en">the end</p><p>Qué pasó</p><a title="by hand">x</a></html>'

    assert english(page.format("officers came")) == ["officers came", "by hand"]
    assert english(page.format("the end")) == ["the end", "by hand"]


def test_every_page_in_spanish_is_in_spanish(full):
    hear(full, "he has a gun", minutes=1)
    hear(full, "STOP", minutes=0.5, phone=OTHER_PHONE)
    full.contacts.protected.put("springfield", full.contacts.reference(PHONE), "Dana Ruiz", full.now)
    for act in ("propose a release", "propose to end a silence", "hold a person", "cancel a message", "reveal a call"):
        press(full, ACTS[act], opened(full, ACTS[act]))
    found = {}
    for path, query in addresses(full):
        full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
        answer = asked(full, "GET", path, cookie="mine", query=query, headers=SPEAKS)
        assert answer.status_code < 500, answer.body
        for text in english(answer.body):
            found.setdefault(text, f"{path} {query}")

    assert found == {}


def pressed(world, act, form):
    """Return what somebody reads who sends a form: its answer, and the page that it leads to."""
    answer = asked(world, "POST", act.path, cookie="mine", form=form, headers=SPEAKS)
    if answer.status_code != 303 or "/sign" in answer.headers["Location"]:
        return answer.body
    led = urlsplit(answer.headers["Location"])
    given = dict(parse_qsl(led.query))
    return asked(world, "GET", led.path, cookie="mine", query=given, headers=SPEAKS).body


@pytest.mark.parametrize("name", ACTS)
def test_every_answer_to_an_act_and_its_line_of_the_ledger_is_in_spanish(full, name):
    act = ACTS[name]
    form = opened(full, act)
    broken = {**form, **dict.fromkeys(("why", "number", "typed", "name", "what", "digest", "answer", "from"), "x" * 70)}
    texts = [*english(pressed(full, act, broken)), *english(pressed(full, act, {}))]
    full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    full.ledger.down = True
    texts += english(pressed(full, act, form))
    full.ledger.down = False
    full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    texts += [*english(pressed(full, act, form)), *english(pressed(full, act, form))]
    full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    ledger = asked(full, "GET", f"{HERE}/ledger", cookie="mine", headers=SPEAKS)
    texts += english(ledger.body)

    assert (ledger.status_code, texts) == (200, [])


@pytest.fixture
def spanish(full):
    """Return a visit of somebody at the agency who reads Spanish."""
    return Visit(asked=None, world=full, now=full.now, language="es", agency=full.settings.agency("springfield"))


TRIED_LINES = (
    "the agency's scenarios played",
    *("tried on the calls of the last week", "what it would have done to the calls of a week"),
)
DRAFT_LINES = (
    *("saved", "taken over", "left for others", "discarded", "sent for review", "approved", "changes asked"),
    *("in force", "from 2026-11-22 15:00 UTC on", "not by itself", *TRIED_LINES),
)
"""What is done with a draft, as the pages note it."""

WORDS = {"person": "ab" * 32, "reason": "a complaint", "form": "F-1", "dated": "2026-11-20"}


@pytest.mark.parametrize("what", KINDS)
def test_an_act_about_a_person_says_in_spanish_what_it_does_and_what_it_ends(spanish, what):
    said = DEEDS[what].words(spanish.world, Act(agency_id="springfield", what=what, words=WORDS, of="", ends=()))
    does = worded(spanish, said.removesuffix(": a complaint"))

    assert (does.language, english(f'<p lang="es">{does.words}</p>')) == ("es", [])
    assert not _is_english(worded(spanish, KINDS[what].ends).words)


@pytest.mark.parametrize("what", ["sensitive", "juvenile", "do_not_contact", "unsafe"])
@pytest.mark.parametrize("many", [1, 3])
def test_a_release_says_in_spanish_what_it_ends(spanish, what, many):
    phones = "1 phone or email" if many == 1 else f"{many} phones and emails"
    ends = (
        f"P26-3 {HELD_AS[what]}; its people may be texted about it then",
        f"its silence of {phones}; other incidents may keep them silent",
        f"the word that it is not safe to contact {phones}, on whichever incident",
    )

    assert [text for text in (*ends, ENDS) if _is_english(worded(spanish, text).words)] == []


def test_the_release_of_a_report_says_in_spanish_what_it_does_why_and_what_it_ends(spanish):
    words = {"quarter": "2026Q3", "reason": reporting.REASON}
    act = Act(agency_id="springfield", what=reporting.REPORT, words=words, of="", ends=())
    texts = (DEEDS[reporting.REPORT].words(spanish.world, act), reporting.ENDS, f"declined: {report_acts.DECLINED}")

    for text in (*texts[1:], *texts[0].split(": ")):
        assert worded(spanish, text).language == "es"
        assert not _is_english(worded(spanish, text).words)


@pytest.mark.parametrize(
    "about",
    [
        "calls and messages, as a file",
        "the code of a text",
        "phones by their last digits, on a day and a beat",
        "more than 30 searches for people in an hour",
        "session 0123456789ab of Dana Ruiz",
        "session 0123456789ab of somebody without a name, and all others of this person",
        "a code that arrived",
        "key cad-1: added",
        "key cad-1: may not read back",
        "key cad-1: may read back for 7 days",
        "as supervisor, watch",
        "incident P26-1",
        "incident P26-1, which is held as juvenile",
        "person 3f2a9c01d77b",
        "everything",
        "the ledger",
        "settings",
        "draft abcdefghij: begun from version 7",
        *(f"draft abcdefghij: {what}" for what in DRAFT_LINES),
        *(f"settings proposed at a terminal: {what}" for what in TRIED_LINES),
        "draft abcdefghij: a phone of one's own",
        *(f"draft abcdefghij: {kind} in {language} as a test" for kind in Kind for language in ("en", "es")),
        "settings version 7 again",
        "scenario a-call: kept",
        "scenario a-call: removed",
        "version 7 of the settings",
        "1 value: BARKING",
        "3 values: BARKING, LOUD = Loud party, PARK",
        "a card for 20 answers",
        "follow-up 0123456789ab",
        *(f"follow-ups of {desk}" for desk in Desk),
        "thanks 2026-11",
        "replies by text",
        "comments in surveys",
        "comments in surveys, kept out of reports",
        "comment 0123456789ab, kept out of reports",
        "mapping cad-updates",
        "list tenfour",
        "query comments",
        "the quarterly report of 2026Q3",
        "kind survey",
        "type NOISE",
        "beat 7",
        "danger first",
        "held second",
        "overdue now",
        "2026-11-01 to 2026-11-05",
    ],
)
def test_what_a_line_of_the_ledger_is_about_is_in_spanish(spanish, about):
    said = about_words(spanish, about)

    assert said != about
    assert not _is_english(said)


def test_each_reason_of_the_list_is_the_same_in_the_story_as_elsewhere():
    assert {text: phrases("es")[text] for text in REASONS.values()} == {
        text: SPANISH[f"why.{code}"] for code, text in REASONS.items()
    }


def test_why_somebody_acted_is_in_spanish_where_it_is_of_the_list_and_marked_as_theirs_where_it_is_not(spanish):
    assert reason_given(spanish, "a complaint, T-1") == Worded("una queja, T-1", "es")
    assert reason_given(spanish, "told by mistake") == Worded("told by mistake", "en")


def test_each_kind_of_what_a_page_does_with_a_draft_is_tried():
    noted = re.compile(
        r"""about\((?:found\.id|name|found), f?"([^"]+)"|": \("([^"]+)", partial\(write|= "(saved)", saved"""
    )
    pages = "".join(file.read_text() for file in Path(draft_page.__file__).parent.glob("draft*_page*.py"))
    pages += Path(draft_forms.__file__).read_text()
    found = {next(filter(None, one)).partition("{")[0] for one in noted.findall(pages)} | {"sent for review"}

    assert len(found) > 8
    assert {
        one for one in found if not any(each.startswith(one) for each in (*DRAFT_LINES, "begun from version 7"))
    } == set()


@pytest.mark.parametrize(
    "why",
    [
        "its time came: 7",
        "the draft was edited",
        "somebody else wrote the draft at that moment",
        "it only narrows: one person publishes it",
    ],
)
def test_why_a_proposal_is_not_done_is_in_spanish(spanish, why):
    assert worded(spanish, why).language == "es"
    assert not _is_english(worded(spanish, why).words)
