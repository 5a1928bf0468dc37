"""The desk shows whatever people, dispatch and the identity provider write as words, and every template is tried."""

import hashlib
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.aws.stores.mappings import PublishedMapping
from chalicelib.domain.approval import Author, digest
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.draft_week import Count, Day, Example, Told
from chalicelib.domain.desk.drafts import begun
from chalicelib.domain.desk.jobs import Part, read_work
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.reports import Released
from chalicelib.domain.desk.scenarios import Kept
from chalicelib.domain.desk.to_sign import types_of
from chalicelib.domain.incidents.facts import Unit
from chalicelib.domain.lake.written import written
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.surveys.comment_release import CommentRelease, in_address
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp
from chalicelib.insight.approval.publishing import publish
from chalicelib.insight.drafts.terminal import at_terminal
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.keys.make import fresh_key
from chalicelib.insight.results import report
from chalicelib.insight.settings.diff import CHANGES
from chalicelib.insight.settings.written import as_toml
from chalicelib.insight.shadow import days
from chalicelib.insight.shadow.count import tallied
from chalicelib.insight.templates import templates_of
from chalicelib.web.desk import page as pages
from chalicelib.web.desk.assets import FOLDER
from chalicelib.web.desk.follow_up_pages import PLACES
from tests.factories import PHONE, judged
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.horrors.horrors import ALL
from tests.horrors.test_pages import well
from tests.insight.inside import figures
from tests.web.desk.full import reported as reported_once
from tests.web.desk.judging import comes, strict, value
from tests.web.desk.surveyed import WISHES, answered
from tests.web.desk.test_conversations import hear
from tests.web.desk.world import DeskWorld, asked, story

KEYED, AT = hashlib.sha256(PHONE.encode()).hexdigest(), "2026-11-21T18:00:00+00:00"
AT_NOW = datetime.fromisoformat(AT)
FORMS = {
    "words": "f.words.es.sms.delay",
    "rules": "f.numbers.non_emergency",
    "questions": "f.survey.questions[0].text.en",
    "cities": "city_name",
}
"""The forms of a draft, each with a field of it."""

ADDRESSES = (
    ("GET", "/desk", {}),
    ("GET", "/desk/sessions", {}),
    ("GET", "/desk/springfield", {}),
    ("GET", "/desk/springfield/pause", {}),
    ("POST", "/desk/springfield/pause", {"form": {"what": "type:ALL"}}),
    ("GET", "/desk/springfield/resume", {}),
    ("GET", "/desk/springfield/held", {}),
    ("POST", "/desk/springfield/release", {"form": {"number": "ALL", "what": "ALL", "of": "ALL", "why": "decided"}}),
    ("POST", "/desk/springfield/release", {"form": {"number": "P26-1", "ticket": "ALL", "why": "ALL", "of": "x"}}),
    ("GET", "/desk/springfield/approvals", {}),
    ("POST", "/desk/springfield/approvals", {"form": {"digest": "ALL", "reason": "ALL", "decline": "yes"}}),
    ("POST", "/desk/springfield/silence", {"form": {"number": "ALL"}}),
    ("POST", "/desk/springfield/cancel", {"form": {"number": "ALL", "message": "ALL"}}),
    ("POST", "/desk/springfield/cancel", {"form": {"number": "P26-1", "message": "ALL"}}),
    ("GET", "/desk/springfield/reveal", {"query": {"number": "ALL"}}),
    ("POST", "/desk/springfield/reveal", {"form": {"number": "P26-1", "why": "complaint"}}),
    ("POST", "/desk/springfield/resume", {"form": {"of": "beat", "which": "ALL"}}),
    ("GET", "/desk/springfield/incident", {"query": {"number": "ALL"}}),
    ("GET", "/desk/springfield/incident", {"query": {"number": "P26-1"}}),
    ("GET", "/desk/springfield/incident", {"query": {"number": "P26-2"}}),
    ("POST", "/desk/springfield/reveal", {"form": {"number": "P26-2", "why": "complaint"}}),
    ("GET", "/desk/springfield/find", {"query": {"of": KEYED, "why": "complaint"}}),
    ("POST", "/desk/springfield/person-reveal", {"form": {"of": KEYED, "why": "complaint"}}),
    ("GET", "/desk/springfield/conversations", {}),
    ("GET", "/desk/springfield/conversations", {"query": {"after": "ALL"}}),
    ("GET", "/desk/springfield/conversation", {"query": {"with": KEYED}}),
    ("GET", "/desk/springfield/conversation", {"query": {"with": "ALL", "at": "ALL"}}),
    ("POST", "/desk/springfield/conversation", {"form": {"with": "ALL"}}),
    ("POST", "/desk/springfield/conversation-answer", {"form": {"with": KEYED, "at": AT, "answer": "ALL"}}),
    ("GET", "/desk/springfield/judge", {}),
    ("POST", "/desk/springfield/judge", {"form": {"v.ID": "dull", "m.ID": "ALL", "r.ID": "ALL", "field": "ALL"}}),
    ("GET", "/desk/springfield/judge/review", {}),
    ("POST", "/desk/springfield/judge/review", {"form": {"v.ID": "return", "d.ID": "x", "r.ID": "ALL"}}),
    ("GET", "/desk/springfield/judge", {"query": {"after": "ALL", "field": "ALL", "show": "proposed"}}),
    ("GET", "/desk/springfield/drafts", {}),
    ("POST", "/desk/springfield/drafts", {"form": {"id": "abcdefghij", "comment": "ALL", "version": "ALL"}}),
    ("POST", "/desk/springfield/drafts", {"form": {"id": "abcdefghij", "comment": "ALL"}}),
    ("GET", "/desk/springfield/drafts/edit", {"query": {"id": "abcdefghij"}}),
    (
        "POST",
        "/desk/springfield/drafts/edit",
        {"form": {"id": "abcdefghij", "number": "1", "text": "a = 1", "comment": "ALL", "act": "ALL"}},
    ),
    ("GET", "/desk/springfield/drafts/review", {"query": {"id": "abcdefghij"}}),
    ("POST", "/desk/springfield/drafts/review", {"form": {"id": "abcdefghij", "text": "ALL", "reason": "ALL"}}),
    ("POST", "/desk/springfield/drafts/publish", {"form": {"id": "abcdefghij", "act": "at", "at": "ALL"}}),
    ("POST", "/desk/springfield/drafts/cancel", {"form": {"id": "ALL"}}),
    ("GET", "/desk/springfield/drafts/week", {"query": {"id": "abcdefghij", "job": "ALL"}}),
    ("POST", "/desk/springfield/drafts/week", {"form": {"id": "abcdefghij"}}),
    ("GET", "/desk/springfield/drafts/week-live", {"query": {"id": "abcdefghij", "job": "JOB"}}),
    ("GET", "/desk/springfield/drafts/week-result", {"query": {"id": "abcdefghij", "job": "JOB"}}),
    *(("GET", f"/desk/springfield/drafts/{name}", {"query": {"id": "formsabcde"}}) for name in FORMS),
    *(("GET", f"/desk/springfield/drafts/{name}", {"query": {"id": "abcdefghij"}}) for name in FORMS),
    *(
        ("POST", f"/desk/springfield/drafts/{name}", {"form": {"id": "formsabcde", "number": "ALL", field: "ALL"}})
        for name, field in FORMS.items()
    ),
    ("GET", "/desk/springfield/drafts/phone", {"query": {"id": "formsabcde", "kind": "ALL"}}),
    ("POST", "/desk/springfield/drafts/phone", {"form": {"id": "formsabcde", "act": "code", "phone": "ALL"}}),
    ("POST", "/desk/springfield/drafts/phone", {"form": {"id": "formsabcde", "act": "enter", "code": "ALL"}}),
    ("POST", "/desk/springfield/drafts/phone", {"form": {"id": "formsabcde", "act": "send", "text": "ALL"}}),
    ("GET", "/desk/springfield/drafts/proposal", {"query": {"id": "PROPOSED"}}),
    ("POST", "/desk/springfield/drafts/proposal", {"form": {"id": "PROPOSED", "reason": "ALL", "other": "ALL"}}),
    ("GET", "/desk/springfield/shadow", {"query": {"days": "ALL", "job": "ALL"}}),
    ("POST", "/desk/springfield/shadow", {"form": {"days": "ALL"}}),
    ("GET", "/desk/springfield/shadow/live", {"query": {"job": "REPORT"}}),
    ("GET", "/desk/springfield/shadow/result", {"query": {"job": "REPORT", "of": "ALL"}}),
    ("GET", "/desk/springfield/shadow/result", {"query": {"job": "REPORT", "of": "TYPE"}}),
    ("GET", "/desk/springfield/drafts/scenarios", {"query": {"id": "formsabcde"}}),
    ("POST", "/desk/springfield/drafts/scenarios", {"form": {"id": "formsabcde"}}),
    ("POST", "/desk/springfield/drafts/scenario", {"form": {"act": "keep", "name": "Not a name", "text": "ALL"}}),
    ("GET", "/desk/springfield/going-live", {}),
    ("POST", "/desk/springfield/going-live", {"form": {"name": "ALL", "of": "ALL", "reference": "ALL"}}),
    ("POST", "/desk/springfield/going-live", {"form": {"name": "counsel", "of": "ALL", "reference": "ALL"}}),
    ("POST", "/desk/springfield/going-live", {"form": {"name": "stop", "act": "withdraw", "number": "ALL"}}),
    ("GET", "/desk/springfield/going-live/type", {"query": {"of": "ALL"}}),
    ("GET", "/desk/springfield/going-live/type", {"query": {"of": "TYPE"}}),
    ("GET", "/desk/springfield/results", {"query": {"quarter": "ALL", "measure": "ALL", "by": "ALL"}}),
    ("GET", "/desk/springfield/results", {"query": {"question": "ALL"}}),
    ("POST", "/desk/springfield/results", {"form": {"quarter": "ALL"}}),
    ("GET", "/desk/springfield/report", {"query": {"quarter": "ALL"}}),
    ("POST", "/desk/springfield/report/release", {"form": {"quarter": "ALL", "act": "ALL", "of": "ALL"}}),
    ("GET", "/desk/springfield/report/file", {"query": {"version": "2026Q3.0001", "language": "en"}}),
    ("GET", "/desk/springfield/settings", {}),
    ("GET", "/desk/springfield/settings", {"query": {"version": "ALL", "until": "ALL"}}),
    ("GET", "/desk/springfield/settings/compare", {"query": {"from": "0", "to": "0"}}),
    ("GET", "/desk/springfield/ledger", {"query": {"from": "ALL"}}),
    ("GET", "/desk/springfield/ledger", {}),
    ("GET", "/desk/springfield/access-review", {}),
    ("GET", "/desk/springfield/keys", {}),
    ("GET", "/desk/springfield/key", {"query": {"name": "known"}}),
    ("POST", "/desk/springfield/keys", {"form": {"name": "cad-1", "version": "ALL"}}),
    ("POST", "/desk/springfield/keys", {"form": {"name": "cad-1"}}),
    ("GET", "/desk/springfield/feeds", {}),
    ("GET", "/desk/springfield/sessions", {}),
    ("GET", "/desk/shelbyville", {}),
    ("GET", "/desk/atlantis", {}),
    ("GET", "/desk/sign-in", {}),
    ("POST", "/desk/sign-in", {"form": {"target": "ALL"}}),
    ("GET", "/desk/signed-in", {"query": {"error": "ALL", "state": "ALL"}}),
    ("POST", "/desk/sign-out", {}),
    ("GET", "/desk/springfield/waits", {"query": {"cause": "ALL", "after": ""}}),
    ("POST", "/desk/springfield/take", {"form": {"cause": "danger", "about": "ALL"}}),
    ("POST", "/desk/sessions", {"form": {"session": "ALL"}}),
    ("GET", "/desk/springfield/watchers", {}),
    ("POST", "/desk/springfield/watchers", {"form": {"drill": "ALL", "code": "ALL"}}),
    ("GET", "/desk/springfield/find", {"query": {"since": "tomorrow"}}),
    ("GET", "/desk/springfield/find", {"query": {"since": "2026-11-20T18:00", "until": "2026-11-21T18:00"}}),
    ("POST", "/desk/springfield/find", {"form": {"since": "ALL", "why": "ALL", "ticket": "ALL"}}),
    ("GET", "/desk/springfield/person", {"query": {"of": KEYED}}),
    ("GET", "/desk/springfield/person", {"query": {"of": KEYED, "why": "complaint"}}),
    ("GET", "/desk/springfield/person", {"query": {"of": "0" * 64, "why": "complaint"}}),
    ("GET", "/desk/springfield/person-opt-out", {"query": {"of": KEYED}}),
    ("POST", "/desk/springfield/person-opt-out", {"form": {"of": KEYED, "why": "complaint", "scope": "ALL"}}),
    ("GET", "/desk/springfield/wall", {}),
    ("POST", "/desk/springfield/wall", {}),
    ("GET", "/desk/springfield/follow-ups", {}),
    ("GET", "/desk/springfield/follow-up", {"query": {"of": "of supervisors"}}),
    ("POST", "/desk/springfield/follow-up", {"form": {"of": "of supervisors", "seen": "MARK", "number": "ALL"}}),
    ("GET", "/desk/springfield/follow-up-phone", {"query": {"of": "of supervisors"}}),
    ("POST", "/desk/springfield/follow-up-phone", {"form": {"of": "CALLED", "why": "ALL", "ticket": "ALL"}}),
    ("POST", "/desk/springfield/follow-up-phone", {"form": {"of": "CALLED", "why": "complaint"}}),
    ("GET", "/desk/springfield/follow-up", {"query": {"of": "ALL"}}),
    ("GET", "/desk/springfield/allegation", {"query": {"of": "of standards"}}),
    ("GET", "/desk/springfield/alerts", {}),
    ("GET", "/desk/springfield/alert", {"query": {"of": "of alerts"}}),
    ("GET", "/desk/springfield/cards", {}),
    ("POST", "/desk/springfield/cards", {"form": {"label": "ALL", "uses": "ALL", "days": "ALL"}}),
    ("POST", "/desk/springfield/cards", {"form": {"label": "x", "uses": "9", "days": "9"}}),
    ("GET", "/desk/springfield/thanks", {}),
    ("GET", "/desk/springfield/thanks", {"query": {"month": "ALL", "after": "ALL"}}),
    ("GET", "/desk/springfield/thanks/card", {"query": {"of": "of unit"}}),
    ("GET", "/desk/springfield/thanks/card", {"query": {"of": "ALL"}}),
    ("GET", "/desk/springfield/thanks/digest", {}),
    ("GET", "/desk/springfield/comments", {"query": {"show": "ALL", "after": "ALL"}}),
    ("GET", "/desk/springfield/comment", {"query": {"of": "COMMENT"}}),
    ("GET", "/desk/springfield/comment", {"query": {"of": "ALL"}}),
    ("POST", "/desk/springfield/comment", {"form": {"of": "COMMENT", "act": "preview", "seen": "ALL", "more": "ALL"}}),
)
ON_THE_WALL = [("GET", f"/desk/springfield/{page}", {}) for page in ("wall", "wall-board", "wall-hours", "pause")]
"""What a screen on the wall asks for."""


HERE = ("supervisor", "records", "words", "approver", "auditor", "admin", "quality", "standards")


def filled(more, known):
    """Return the fields of a request, with what stands for a name that is known only now."""

    def named(text):
        for word, name in known.items():
            text = text.replace(word, name)
        return text

    return {kind: {named(key): named(told) for key, told in one.items()} for kind, one in more.items()}


def facts(words):
    """Return what dispatch may say in words of its own; the type makes a call sensitive, whatever the words are."""
    texts = ("incident_type", "incident_type_description", "type_modifier", "initial_type")
    codes = ("priority", "beat", "shift", "transferred_to", "call_taker_id")
    lists = ("dispositions", "case_numbers", "offenses")
    told = {**dict.fromkeys(texts, f"{words} assault"), **dict.fromkeys(codes, words), **dict.fromkeys(lists, (words,))}
    return {**told, "units": (Unit(words, (words,)),)}


def follow_up(words, name, desk, **more):
    return FollowUp(
        id=name,
        agency_id="springfield",
        desk=desk,
        because=Because.DANGER if desk == "alerts" else Because.CONTACT,
        raised_at=AT_NOW - timedelta(hours=1),
        due_at=AT_NOW - timedelta(hours=1),
        marks={words: 1},
        comments=(words,),
        calls=(Call(incident_number=words, incident_type=words, beat=words, called=words),),
        called=words,
        units=(words,),
        officer_ids=(words,),
        owner=words,
        owned_at=AT_NOW,
        **more,
    )


def written_by(words, monkeypatch):
    """Return a desk where everybody writes such words, and by name a value that was judged and a follow-up."""
    world = DeskWorld()
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: world.now)
    story(world, beat=words)
    told = facts(words)
    story(world, "P26-2", told.pop("incident_type"), minutes=29, **told)
    before = world.settings.agency("springfield")
    for name in ("springfield", "shelbyville"):
        ours = world.settings.agency(name)
        world.settings._port._agencies[name] = replace(
            ours, name=words, short_name=words, conversation=RULES, watchers=WATCHED
        )
    hear(world, words)
    world.conversations.see("springfield", KEYED, [world.now - timedelta(minutes=5)], words, world.now)
    answered(world, "P26-9", WISHES, phone="+13035550168")
    called = world.follow_ups.of("springfield", "supervisors")[0].id
    commented(world, words)
    # Which words are marked depends on them, and whether pages are alike but for words is what is asked here.
    monkeypatch.setattr("chalicelib.web.desk.comment_pages.proposed", lambda *_: ())
    for place, desk in enumerate((*PLACES, Desk.UNIT)):
        heard = follow_up(words, f"of {desk}", desk, incident_number="P26-1" if desk == "supervisors" else words)
        world.follow_ups.keep(heard, None)
        world.follow_ups.keep(replace(heard, id=f"{place}"), None)
    waits = [
        Waiting(
            agency_id="springfield",
            cause=cause,
            about=words,
            since=world.now,
            called=words,
            incident_number=words,
            taken_by=words,
            taken_at=world.now,
        )
        for cause in Cause
    ]
    world.attention.note("springfield", Attention(tuple(waits)))
    world.settings._port.pauses = tuple(
        Pause(of=of, which=words, author=words, reason=words, at=world.now) for of in ("type", "beat", "incident")
    )
    strict(world, judged("type_modifier", "near", words[:400], "never"))
    unreadable = "\u0627 near"  # so that no words make it another page
    judged_as = comes(world, value(f"{words} {unreadable}", words, "type_modifier"), calls=2)
    proposed = value(f"proposed {words} {unreadable}", words, "type_modifier")
    comes(world, proposed, calls=3)
    drafted = Draft(
        item=proposed, verdict="dull", meaning=f"{words}!", reason=words, judge=Author("desk:x:1", words), at=world.now
    )
    world.judging.draft("springfield", drafted)
    text = world.drafts.keep_text("springfield", "a = 1", world.now)
    by = Author("desk:id.example:1", words)
    world.drafts.write("springfield", begun("abcdefghij", text, words, 0, by, world.now))
    text = world.drafts.keep_text("springfield", as_toml(before), world.now)
    world.drafts.write("springfield", begun("formsabcde", text, words, 0, by, world.now))
    reported(world, words)
    world.scenarios.keep("springfield", Kept(name="quiet", title=words, text=words, by=by, at=world.now))
    publish(world, replace(before, mass_call=99), Author("arn:aws:iam::111122223333:user/lead"), words, world.now)
    for name in (words, "known"):
        world.key_ring.add(fresh_key(name, "cad", "springfield"))
    world.sent.errors = [f"at once {words}"]
    world.sent.mappings = [PublishedMapping(words, 1, words, words, world.now)]
    return world, judged_as, called


def reported(world, words):
    """Let a report be made, and one of an agency that is called so be released by people who are."""
    reported_once(world)
    told = figures()
    text = report.written(compose(told, replace(world.settings.agency("springfield"), name=words), "en", told.today))
    one = Released(quarter="2026Q3", number=1, of="other", languages=("en",), by=f"{words} (desk:x:1)", at=world.now)
    world.reports.release("springfield", one, {"en": text})


def commented(world, words):
    """Let the one answer that there is say such words, with a decision on them by somebody who is called so."""
    (one,) = world.comments.page("springfield", "new", 2)[0]
    survey = world.surveys.load(one.survey)
    said = replace(survey.answers, comments={one.question: words})
    world.surveys._surveys[one.survey] = newer = replace(survey, answers=said)
    (now,) = written(newer)
    decision = CommentRelease(
        agency_id="springfield",
        comment_id=one.id,
        dt=one.day,
        words=now.words,
        state="released",
        decided_at=world.now,
        decided_by=words,
    )
    world.comments._port._decisions["springfield", one.id] = decision


def played(world, words):
    """End the job that somebody asked for, with such words in its result; return its name."""
    (name,) = {job for body in world.work if not _is_report(world, job := read_work(body).job)}
    job = world.jobs.find("springfield", name).job
    before, after = Told(at=world.now, channel="sms"), Told(reason="arrived")
    facts = {"incident_type": words, "kind": "delay", "change": CHANGES[0]}
    example = Example(incident_number=words, called=words, before=before, after=after, **facts)
    day = Day(played=1, calls=2, sent_before=1, sent_after=0, counts=(Count(messages=1, **facts),), examples=(example,))
    for chunk in job.chunks:
        part = Part(chunk=chunk, asked_at=job.asked_at)
        world.jobs.end("springfield", job, part, msgspec.json.encode(day).decode())
    return name


def counted(world):
    """Count all calls that there are as those of the shadow report that somebody asked for; return its job's name."""
    name = next(job for job in (read_work(body).job for body in world.work) if _is_report(world, job))
    job = world.jobs.find("springfield", name).job
    agency = world.settings.agency("springfield")
    for chunk in job.chunks:
        records = world.city.records() if chunk == job.chunks[-1] else ()
        part = Part(chunk=chunk, asked_at=job.asked_at)
        world.jobs.end("springfield", job, part, days._result(tallied(records, agency), agency))
    return name


def _is_report(world, name):
    return world.jobs.find("springfield", name).job.kind == "shadow"


def everything(words, monkeypatch):
    """Return every page of a desk where everybody writes such words."""
    world, judged_as, called = written_by(words, monkeypatch)
    groups = {"roles": (*(f"tenfour-{role}" for role in HERE), "other-watch")}
    ours, found = world.settings.agency("springfield"), []
    proposed = next(digest(one.act) for one in at_terminal(world, "springfield", world.now))
    (comment,) = world.comments.page("springfield", "new", 2)[0]
    known = {
        "PROPOSED": proposed,
        "COMMENT": in_address(comment.place),
        "CALLED": called,
        "TYPE": types_of(ours, templates_of(ours))[0].id,
        "ID": judged_as,
        "ALL": words,
    }
    for wall, addresses in ((False, ADDRESSES), (True, ON_THE_WALL)):
        at = "springfield" if wall else ""
        for method, path, more in addresses:
            world.now += timedelta(seconds=1)  # the ledger sorts lines of one instant by what they say
            cookie = world.signed_in(
                name=words, subject=words, groups=groups, agencies=("springfield",), wall=wall, wall_at=at
            )
            found.append(asked(world, method, path, cookie=cookie, **filled(more, known)).body)
            if (method, path.rpartition("/")[2]) == ("POST", "week"):
                known = {"JOB": played(world, words), **known}
            if (method, path.rpartition("/")[2]) == ("POST", "shadow"):
                known = {"REPORT": counted(world), **known}
    return found


def test_words_stay_words_on_every_page(monkeypatch):
    found = list(zip(everything(ALL, monkeypatch), everything("plain", monkeypatch), strict=True))
    said = "".join(well(page, plain) for page, plain in found if page)

    assert said.count("[/bold]") > 20


def test_every_template_is_tried(monkeypatch):
    used = set()
    environment = pages._templates()
    load = environment.loader.get_source

    def noted(known, name):
        used.add(name)
        return load(known, name)

    environment.cache.clear()
    monkeypatch.setattr(environment.loader, "get_source", noted)
    everything("plain", monkeypatch)

    assert used == {path.name for path in FOLDER.glob("*.html")}
