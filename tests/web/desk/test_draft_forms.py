"""Forms on a draft: they change its text a setting at a time, by the rules of any draft; the check is at the field."""

import html
import re
import tomllib
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.insight.settings import form_pages
from chalicelib.insight.settings.as_read import LOCK_SCREEN, as_read, without
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.edit import edit, value_at
from chalicelib.insight.settings.form_fields import field
from chalicelib.insight.settings.preview import preview, samples
from chalicelib.insight.settings.written import as_toml
from chalicelib.words import desk as words
from tenfour.common.paths import AGENCIES, ROOT
from tests.web.desk.test_drafts import OURS, ana, begin, ben, change, decide, get, post, somebody, the_draft, world
from tests.web.desk.world import asked

__all__ = ("ana", "ben", "world")
BOTH = replace(OURS, languages=("es",))
NOTED = f"# signed by the advocate\n{as_toml(BOTH)}"
OF_A_SET = (AGENCIES / "demo.toml").read_text().replace('mode = "live"', 'languages = ["es"]')
"""A text without questions of its own: what is composed of a version has those that were asked."""

LONG = "{{ agency }}: " + "los agentes tardan. " * 9 + "Si empeora, llame al 911."
DELAY = "f.words.es.sms.delay"
ANYTHING = {
    "f.caps.per_incident": "4",
    "city_name": "Eastford",
    DELAY: "x",
    "kind": "delay",
    "f.survey.questions[0].text.en": "How?",
}
PAGES = ("words", "rules", "questions", "cities")


@pytest.fixture
def drafted(world, ana):
    """Return a desk with a draft of Ana's, whose text has a comment and two languages."""
    begin(world, ana)
    change(world, ana, "save", NOTED)
    return world


def text_of(world):
    return world.drafts.text("springfield", the_draft(world).text)


def press(world, cookie, page, act="save", draft=None, **form):
    draft = draft or the_draft(world)
    return post(world, cookie, f"/{page}", id=draft.id, number=str(draft.number), act=act, **form)


def seen(world, cookie, page, **query):
    return get(world, cookie, f"/{page}", id=the_draft(world).id, **query).body


def at_field(body, name):
    """Return what stands about one field of a page: its label, what it does, and what the check says."""
    part = body.split(f'name="{html.escape(name)}"')
    return html.unescape(part[0].rpartition('<div class="field">')[2] + part[1].partition("</div>")[0])


def test_a_spanish_text_is_written_found_too_long_at_its_field_shortened_and_shown_on_a_phone(drafted, ana):
    answer = press(drafted, ana, "words", kind="delay", **{DELAY: LONG})
    body = seen(drafted, ana, "words", kind="delay")
    assert answer.headers["Location"].endswith("&kind=delay")
    assert "segments where 1 is most" in at_field(body, DELAY)
    press(drafted, ana, "words", kind="delay", **{DELAY: "{{ agency }}: los agentes tardan. Peligro: 911."})
    body = seen(drafted, ana, "words", kind="delay")

    assert text_of(drafted).startswith("# signed by the advocate\n")
    assert value_at(tomllib.loads(text_of(drafted)), ("words", "es", "sms", "delay")).endswith("Peligro: 911.")
    assert "is most" not in at_field(body, DELAY)
    assert '<p class="bubble" lang="es">Springfield PD: los agentes tardan. Peligro: 911.</p>' in body
    assert [one.about.partition(": ")[2] for one in drafted.ledger.entries] == [
        "begun from version 0",
        *["saved"] * 3,
    ]


def test_only_what_was_changed_is_written(drafted, ana):
    known = dict(
        re.findall(
            r'<input type="text" id="\w+"[^>]* name="(f\.[^"]+)"[^>]* value="([^"]*)"', seen(drafted, ana, "rules")
        )
    )
    press(drafted, ana, "rules", **{**known, "f.caps.per_incident": "4", "f.hours.survey.start": "09:30"})
    lines = set(text_of(drafted).split("\n"))

    assert len(known) > 30
    assert tomllib.loads(text_of(drafted))["caps"]["per_incident"] == 4
    assert set(NOTED.split("\n")) - lines <= {"per_incident = 0", "start = 00:00:00"}
    press(drafted, ana, "rules", **{"f.caps.per_incident": known["f.caps.per_incident"]})
    press(drafted, ana, "rules", **{"f.hours.survey.start": known["f.hours.survey.start"]})
    assert text_of(drafted) == NOTED


def test_a_form_that_changes_nothing_saves_nothing(drafted, ana):
    number = the_draft(drafted).number
    answer = press(drafted, ana, "rules", **{"f.caps.per_incident": "0"})

    assert "Nothing was changed" in answer.body
    assert the_draft(drafted).number == number


def test_a_look_saves_nothing_and_shows_how_it_would_be(drafted, ana):
    before, lines = the_draft(drafted), len(drafted.ledger.entries)
    for act in ("look", ""):
        answer = press(drafted, ana, "words", act, kind="delay", **{DELAY: "{{ agency }}: un “momento”. 911"})
        assert "Springfield PD: un “momento”. 911</p>" in answer.body
        assert "70 characters fill a segment, not 160: still 1 segment ($0.012)</bdi>" in answer.body
        assert "Letters outside the alphabet of texts: “ ”." in answer.body

    assert the_draft(drafted) == before
    assert len(drafted.ledger.entries) == lines


@pytest.mark.parametrize("page", PAGES)
def test_whoever_does_not_edit_the_draft_reads_its_forms_and_changes_nothing(drafted, page):
    cleo = somebody(drafted, "cleo", "words")
    before = the_draft(drafted)
    body = seen(drafted, cleo, page)
    answer = press(drafted, cleo, page, **ANYTHING)

    assert 'value="save"' not in body
    assert "take the draft over" in body
    assert answer.status_code == 409
    assert the_draft(drafted) == before


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(drafted, ana):
    old = the_draft(drafted)
    press(drafted, ana, "words", kind="delay", **{DELAY: "{{ agency }}: uno. 911"})
    after = the_draft(drafted)
    answer = press(drafted, ana, "words", draft=old, kind="delay", **{DELAY: "{{ agency }}: dos. 911"})

    assert answer.status_code == 409
    assert "changed the draft meanwhile" in answer.body
    assert "{{ agency }}: dos. 911</textarea>" in answer.body
    assert the_draft(drafted) == after


def test_a_change_by_form_voids_an_approval(drafted, ana, ben):
    change(drafted, ana, "ask", NOTED.replace("mass_call", "mass_call"))
    decide(drafted, ben, "approve")
    assert the_draft(drafted).state == "approved"
    cleo = somebody(drafted, "cleo", "words")
    change(drafted, cleo, "take", NOTED)
    press(drafted, cleo, "rules", **{"f.caps.per_incident": "4"})

    assert the_draft(drafted).state == "open"
    assert the_draft(drafted).second is None


def test_a_draft_that_ended_takes_no_form(drafted, ana):
    change(drafted, ana, "discard")
    answer = press(drafted, ana, "rules", **{"f.caps.per_incident": "4"})

    assert answer.status_code == 409
    assert "published or discarded" in answer.body


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"f.caps.per_incident": "four"}, "caps.per_incident"),
        ({"f.acknowledgment.hold": "soon"}, "expected a duration"),
        ({"f.numbers.sms_from": ""}, "missing"),
        ({"f.survey.follow_up.standards": "nobody"}, "survey.follow_up.standards"),
        ({"f.survey.carry": "beat\nofficer"}, "no labor agreement is named that lets answers carry officer"),
        ({"f.survey.labor_agreement": "The union"}, "does not say with whom and of when"),
    ],
)
def test_the_check_stands_at_its_field_in_the_words_of_the_command_line(drafted, ana, given, said):
    press(drafted, ana, "rules", **given)
    (name,) = given
    here = at_field(seen(drafted, ana, "rules"), name)

    assert "Error:" in here
    assert said in here
    assert 'aria-invalid="true"' in here


def test_what_answers_carry_and_the_agreement_that_allows_it_are_written_by_form(drafted, ana):
    agreed = {"f.survey.carry": "beat\nofficer", "f.survey.labor_agreement": "Officers Association, January 2026"}
    press(drafted, ana, "rules", **agreed)
    survey = tomllib.loads(text_of(drafted))["survey"]

    assert (survey["carry"], survey["labor_agreement"]) == (["beat", "officer"], "Officers Association, January 2026")
    assert "Error:" not in at_field(seen(drafted, ana, "rules"), "f.survey.carry")


def test_a_character_that_nobody_sees_is_refused_with_what_was_typed(drafted, ana):
    before = the_draft(drafted)
    answer = press(drafted, ana, "words", kind="delay", **{DELAY: "a\u200bb"})

    assert answer.status_code == 422
    assert "words.es.sms.delay has a character that nobody sees" in answer.body
    assert the_draft(drafted) == before


def test_what_the_text_has_in_another_form_is_left_to_its_editor(drafted, ana):
    change(drafted, ana, "save", f'{NOTED}\n[words.es.sms]\noutcome = "una sola"\ndelay = {{ x = "1" }}\n')
    body = seen(drafted, ana, "words", kind="delay")
    answer = press(drafted, ana, "words", kind="outcome", **{"f.words.es.sms.outcome.handled": "x"})

    assert "in another form" in body
    assert f'name="{DELAY}"' not in body
    assert answer.status_code == 422
    assert "words.es.sms.outcome.handled" in answer.body


@pytest.mark.parametrize("page", PAGES)
def test_a_text_that_is_no_toml_is_left_to_its_editor(drafted, ana, page):
    change(drafted, ana, "save", "not [ TOML")
    answer = press(drafted, ana, page, **{"f.caps.per_incident": "4"})

    assert "The text is not TOML" in seen(drafted, ana, page)
    assert answer.status_code == 422
    assert text_of(drafted) == "not [ TOML"


def test_a_disposition_is_added_changed_and_taken_away(drafted, ana):
    press(drafted, ana, "rules", code="REPORT (NO ARREST)", means="report_taken")
    told = tomllib.loads(text_of(drafted))["dispositions"]
    assert told["REPORT (NO ARREST)"] == "report_taken"
    press(drafted, ana, "rules", **{'f.dispositions."REPORT (NO ARREST)"': "handled"})
    assert tomllib.loads(text_of(drafted))["dispositions"]["REPORT (NO ARREST)"] == "handled"
    press(drafted, ana, "rules", **{'f.dispositions."REPORT (NO ARREST)"': ""})

    assert text_of(drafted) == NOTED


def test_an_answer_and_a_group_of_a_new_name_are_added_and_a_known_group_gets_one_more_role(drafted, ana):
    press(drafted, ana, "rules", answer_name="on_the_way", answer_words=" {{ agency }}: we have read it. ")
    press(drafted, ana, "rules", group="Night watch", role="watch")
    press(drafted, ana, "rules", group="Night watch", role="supervisor")
    press(drafted, ana, "rules", group="Night watch", role="watch")
    told = tomllib.loads(text_of(drafted))

    assert told["conversation"]["answers"]["on_the_way"] == {"en": "{{ agency }}: we have read it."}
    assert told["desk"]["roles"]["Night watch"] == ["watch", "supervisor"]
    assert press(drafted, ana, "rules", answer_name="other", answer_words=" ").status_code == 200
    assert press(drafted, ana, "rules", group="Others", role="").status_code == 200
    assert tomllib.loads(text_of(drafted)) == told


def test_the_set_s_questions_are_copied_and_changed_and_another_is_added(drafted, ana):
    change(drafted, ana, "save", OF_A_SET)
    assert "of the set “standard”" in html.unescape(seen(drafted, ana, "questions"))
    press(drafted, ana, "questions", copy="yes")
    copied = tomllib.loads(text_of(drafted))["survey"]["questions"]
    press(
        drafted,
        ana,
        "questions",
        question="again",
        **{"first.en": "Would you call again?", "first.es": "¿Llamaría otra vez?"},
        **{"f.survey.questions[0].text.en": "All in all, how was it?"},
    )
    told = tomllib.loads(text_of(drafted))["survey"]["questions"]

    assert len(copied) == len(OURS.survey.questions)
    assert [one["id"] for one in told] == [*(one["id"] for one in copied), "again"]
    assert told[0]["text"]["en"] == "All in all, how was it?"
    assert told[-1]["text"]["es"] == "¿Llamaría otra vez?"
    assert "Question again" in seen(drafted, ana, "questions")
    assert "copy" not in re.findall(r'name="(\w+)"', seen(drafted, ana, "questions"))


def cities_of(world):
    return tomllib.loads(text_of(world)).get("cities", [])


def test_a_city_is_added_changed_moved_and_taken_out_again(drafted, ana):
    east = {"city_name": "Police of Eastford", "city_short": "Eastford PD", "city_beats": "6*\n 711 "}
    press(drafted, ana, "cities", **east)
    press(drafted, ana, "cities", city_name="Police of Westford", city_short="Westford PD", city_beats="61")
    first = text_of(drafted)
    body = html.unescape(seen(drafted, ana, "cities"))
    assert [one["beats"] for one in cities_of(drafted)] == [["6*", "711"], ["61"]]
    assert "beat 61 is Police of Eastford's already" in at_field(body, "f.cities[1].beats")
    press(drafted, ana, "cities", act="", move="1.down")
    body = html.unescape(seen(drafted, ana, "cities"))
    assert [one["name"] for one in cities_of(drafted)] == ["Police of Westford", "Police of Eastford"]
    assert "already" not in body
    assert body.index("<bdi>Police of Westford") < body.index("<bdi>Police of Eastford")
    press(drafted, ana, "cities", act="", move="2.up")
    assert text_of(drafted) == first
    press(drafted, ana, "cities", **{"f.cities[0].delay.after": "45m", "f.cities[0].mode": "shadow"})
    assert cities_of(drafted)[0]["delay"] == {"after": ["45m"]}
    press(drafted, ana, "cities", **{"f.cities[0].delay.after": "", "f.cities[0].mode": ""})
    assert text_of(drafted) == first
    press(drafted, ana, "cities", out="2")
    press(drafted, ana, "cities", out="1")
    assert text_of(drafted) == NOTED


def test_a_city_that_lacks_something_is_added_and_the_check_says_what(drafted, ana):
    press(drafted, ana, "cities", city_name="Police of Eastford")
    body = seen(drafted, ana, "cities")

    assert "missing" in at_field(body, "f.cities[0].beats")
    assert "missing" in at_field(body, "f.cities[0].short_name")


def test_a_city_leads_to_the_words_of_its_own_types(drafted, ana):
    change(drafted, ana, "save", TYPED)
    body = html.unescape(seen(drafted, ana, "cities"))

    assert f'&of={quote(OF)}" lang="en">NOISE, LOUD* (Noise complaint)</a>' in body


def asked_in(world):
    return [one["id"] for one in tomllib.loads(text_of(world))["survey"]["questions"]]


def test_a_question_moves_with_what_was_typed_is_objected_to_where_it_stands_and_moves_back(drafted, ana):
    press(drafted, ana, "questions", **{"f.survey.questions[2].only_if.question": "respect"})
    press(drafted, ana, "questions", **{"f.survey.questions[2].only_if.answers": "1\n2"})
    first, names = text_of(drafted), asked_in(drafted)
    assert names[0] == "respect"
    for place in (1, 2):
        answer = press(drafted, ana, "questions", act="", move=f"{place}.down", **{"f.survey.after": "18h"})
    body = html.unescape(seen(drafted, ana, "questions"))

    assert answer.headers["Location"].endswith("#order")
    assert asked_in(drafted) == [*names[1:3], "respect", *names[3:]]
    assert "respect is no question with marks before this one" in body
    assert "respect is no question with marks before this one" in at_field(
        body, "f.survey.questions[1].only_if.question"
    )
    for place in (3, 2):
        press(drafted, ana, "questions", act="", move=f"{place}.up")
    assert text_of(drafted) == first
    typed = {"f.survey.questions[0].text.en": "Were you treated with respect?"}
    press(drafted, ana, "questions", act="", move="1.down", **typed)
    assert tomllib.loads(text_of(drafted))["survey"]["questions"][1]["text"]["en"] == "Were you treated with respect?"


def test_a_question_that_moves_above_all_others_keeps_its_condition_on_the_page_where_the_check_objects(drafted, ana):
    press(drafted, ana, "questions", **{"f.survey.questions[1].only_if.question": "respect"})
    press(drafted, ana, "questions", **{"f.survey.questions[1].only_if.answers": "1\n2"})
    press(drafted, ana, "questions", act="", move="2.up")
    name = "f.survey.questions[0].only_if.question"
    objected = at_field(seen(drafted, ana, "questions"), name)
    order = html.unescape(seen(drafted, ana, "questions").partition('id="order"')[2].partition("</ol>")[0])
    freed = {name: "", "f.survey.questions[0].only_if.answers": ""}
    press(drafted, ana, "questions", **freed)

    assert "respect is no question with marks before this one" in objected
    assert "respect is no question with marks before this one" in order
    assert "only_if" not in tomllib.loads(text_of(drafted))["survey"]["questions"][0]


def test_the_enter_key_saves_and_moves_nothing(drafted, ana):
    """A browser presses the first button of a form for it."""
    form = seen(drafted, ana, "questions").partition(
        '<form method="post" action="/desk/springfield/drafts/questions">'
    )[2]

    assert re.findall(r'<button [^>]*name="(\w+)" value="([^"]+)"', form)[:3] == [
        ("act", "save"),
        ("act", "look"),
        ("move", "1.down"),
    ]


def test_a_question_is_taken_out_once_it_is_saved(drafted, ana):
    names = asked_in(drafted)
    press(drafted, ana, "questions", "look", out="2")
    assert asked_in(drafted) == names
    press(drafted, ana, "questions", out="2")
    assert asked_in(drafted) == [names[0], *names[2:]]
    press(drafted, ana, "questions", **{"f.survey.reply_questions": f"{names[0]}\n{names[1]}"})

    assert f"there is no question {names[1]}" in at_field(
        html.unescape(seen(drafted, ana, "questions")), "f.survey.reply_questions"
    )


@pytest.mark.parametrize("of", form_pages.SETS)
def test_a_text_on_the_page_is_what_the_preview_and_the_sender_s_count_say(of):
    tried = samples(BOTH, None, None)
    known = {
        (one.language, one.channel, one.kind, one.variant, one.sample): one
        for one in preview(BOTH, tried)
        if not one.types
    }
    for cell in (cell for row in form_pages.words(tomllib.loads(NOTED), of) for cell in row):
        read = as_read(BOTH, cell)
        assert not read.problem
        assert without(BOTH, cell)
        assert len(read.first) <= LOCK_SCREEN + 1
        assert read.segments == (segment_count(read.body) if cell.channel == "sms" else 0)
        told = known.get((cell.language, cell.channel, cell.name, cell.variant, "typical"))
        if told:
            most = known[cell.language, cell.channel, cell.name, cell.variant, "longest"]
            assert (read.body, read.subject, read.segments) == (told.body, told.subject, told.segments)
            assert cell.channel == "email" or (read.most, read.most_price) == (
                most.segments,
                most.price.split(", ")[-1],
            )


def test_every_kind_stands_with_each_language_and_outcome_beside_each_other():
    shown = [cell for of in form_pages.SETS for row in form_pages.words(tomllib.loads(NOTED), of) for cell in row]
    channels = Channel.__args__

    assert {(one.name, one.channel) for one in shown} >= {(kind, channel) for kind in Kind for channel in channels}
    assert {one.variant for one in shown if one.name == "outcome"} == set(form_pages.OUTCOMES)
    assert {one.language for one in shown} == {"en", "es"}


TYPED = f"""{NOTED}
[[cities]]
beats = ["6*"]
name = "Police Department of Eastford"
short_name = "Eastford PD"

[[cities.incident_types]]
codes = ["NOISE", "LOUD*"]
description = "Noise complaint"   # read by the advocate
notify = ["acknowledgment"]
"""
OF = "cities[0].incident_types[0]"
OWN = f"f.{OF}.words.en.sms.acknowledgment"


def test_a_type_s_own_words_stand_beside_the_common_ones_and_read_as_its_city_s(drafted, ana):
    common, own = "{{ agency }}: we have your call. STOP ends texts. 911", "{{ agency }}: “noise” noted, STOP ends. 911"
    change(drafted, ana, "save", TYPED)
    press(drafted, ana, "words", kind="acknowledgment", **{"f.words.en.sms.acknowledgment": common})
    written = text_of(drafted)
    answer = press(drafted, ana, "words", kind="acknowledgment", of=OF, **{OWN: own})
    body = seen(drafted, ana, "words", kind="acknowledgment", of=OF)

    assert answer.headers["Location"].endswith("&kind=acknowledgment&of=cities%5B0%5D.incident_types%5B0%5D")
    assert "NOISE, LOUD* (Noise complaint)" in body
    assert "Eastford PD: “noise” noted, STOP ends. 911</p>" in body
    assert "Letters outside the alphabet of texts: “ ”." in body
    assert common in at_field(body, OWN)
    assert "says what the call was about" in at_field(body, OWN)
    told = tomllib.loads(text_of(drafted))
    assert value_at(told, ("cities", 0, "incident_types", 0, "words", "en", "sms", "acknowledgment")) == own
    assert value_at(told, ("words", "en", "sms", "acknowledgment")) == common
    assert seen(drafted, ana, "words").index("with words of their own") < seen(drafted, ana, "words").index(
        "NOISE, LOUD*"
    )
    assert "Nobody gets this kind of text" in html.unescape(seen(drafted, ana, "words", kind="delay", of=OF))
    press(drafted, ana, "words", kind="acknowledgment", of=OF, **{OWN: ""})
    assert text_of(drafted) == written


def test_words_of_a_type_that_the_text_has_not_are_not_taken_and_not_shown(drafted, ana):
    before = text_of(drafted)
    form = {"kind": "delay", "f.words.en.sms.delay": "x 911"}

    assert press(drafted, ana, "words", of="incident_types[99]", **form).status_code == 400
    assert text_of(drafted) == before
    assert DELAY in seen(drafted, ana, "words", kind="delay", of="incident_types[99]")


def test_a_type_s_text_is_what_the_preview_says_of_it():
    written = edit(
        NOTED, ("incident_types", 0, "words", "en", "sms", "delay"), "{{ agency }}: {{ incident_number }} 911"
    )
    ours = check_text(written, BOTH).agency
    (cell,) = (
        one
        for row in form_pages.words(tomllib.loads(written), "delay", ("incident_types", 0))
        for one in row
        if (one.language, one.channel) == ("en", "sms")
    )
    told = {one.sample: one for one in preview(ours, samples(ours, None, None)) if one.types and one.kind == "delay"}
    read = as_read(ours, cell)

    assert read.body == told["typical"].body == "Springfield PD: P26-0001234 911"
    assert read.most == told["longest"].segments
    assert without(ours, cell) == without(BOTH, replace(cell, at=()))


SECTIONS = {
    "questions": "Questions",
    "survey.follow_up": "Follow-ups",
    "incident_types": "Incident types",
    "cities": "Cities",
}
"""The settings whose rows docs/agency/settings.md has under a heading of their own, by their last name."""


def explained():
    """Return what docs/agency/settings.md says that each setting does, in plain words, by heading and name."""
    told, heading = {}, ""
    for line in (ROOT / "docs" / "agency" / "settings.md").read_text().split("\n"):
        heading = line.strip("# ") if line.startswith("#") else heading
        cells = [one.strip() for one in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5:
            words_of = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", cells[4]).replace("`", "").replace("\\|", "|")
            told.setdefault(cells[0].strip("`"), words_of)
            told[heading, cells[0].strip("`")] = words_of
    return told


def test_each_field_says_what_the_settings_page_says_that_it_does():
    data = {**tomllib.loads(NOTED), "survey": {"questions": [{"kind": "scale"}, {"kind": "choice", "choices": [{}]}]}}
    fields = [one for group in form_pages.rules(data).values() for one in group]
    fields += [one for question in form_pages.questions(data) for one in question]
    fields += [field(("words",)), form_pages.by_text(), *form_pages.cities({"cities": [{}]})[0]]
    fields += [cell.field for row in form_pages.words(data, "delay", ("incident_types", 0)) for cell in row]
    told = explained()
    for one in fields:
        group, _, name = one.about.rpartition(".")
        listed = one.about.replace("watchers.", "watchers.*.")
        documented = told[SECTIONS[group], name] if group in SECTIONS else told[listed]
        assert words.find("en", f"setting.{one.about}") == documented
        assert words.find("es", f"setting.{one.about}") != documented


@pytest.mark.parametrize("page", PAGES)
def test_each_field_has_a_label_what_it_does_and_in_spanish_too(drafted, ana, page):
    press(drafted, ana, "cities", city_name="Police of Eastford", city_beats="6*")
    press(drafted, ana, "cities", city_name="Police of Westford", city_beats="7*")
    body = seen(drafted, ana, page, lang="es", kind="outcome")
    ids = re.findall(r'<(?:input type="text"|select|textarea) id="(f\d+)"', body)

    assert len(ids) > 9
    assert all(f'<label for="{one}">' in body and f'id="{one}-hint"' in body for one in ids)


def test_who_watches_and_who_is_told_by_mail_are_written_by_form_and_checked_at_their_fields(drafted, ana):
    wrong = press(
        drafted, ana, "rules", "look", **{"f.watchers.danger.first": "303", "f.watchers.danger.second": "303"}
    )
    right = {"f.watchers.danger.first": "+13035550140", "f.watchers.danger.second": "duty@pd.example"}
    press(drafted, ana, "rules", **right, **{"f.desk.mail.when": "daily", "f.desk.mail.to.supervisor": "a@pd.example"})
    after = tomllib.loads(text_of(drafted))

    assert "is not a phone such as" in at_field(wrong.body, "f.watchers.danger.first")
    assert after["watchers"] == {"danger": {"first": "+13035550140", "second": "duty@pd.example"}}
    assert after["desk"]["mail"] == {"when": "daily", "to": {"supervisor": ["a@pd.example"]}}
    press(drafted, ana, "rules", **dict.fromkeys(right, ""))
    assert "watchers" not in tomllib.loads(text_of(drafted))


def test_nothing_is_found_of_a_draft_of_another_agency(drafted, ana):
    for page in PAGES:
        assert (
            asked(drafted, "GET", f"/desk/springfield/drafts/{page}", cookie=ana, query={"id": "x"}).status_code == 404
        )
        assert post(drafted, ana, f"/{page}", id="x", number="1", act="save").status_code == 404
