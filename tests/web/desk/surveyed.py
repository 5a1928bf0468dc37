"""People who were asked how it went, and what they answered."""

from datetime import timedelta

from chalicelib.domain.names import Kind
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.name_words import proposed
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.insight.approval.quoting import release
from chalicelib.insight.surveys import to_read
from tests.factories import PHONE, caller, update
from tests.web.desk.world import key, story

ALLEGES = "The officer hit me. XYZZY"
WISHES = "Please call me back, it is about the report. QUUX"
PRAISES = "Officer Ruiz was kind and helpful, thank you. FRED"
IN_DANGER = "He is here now with a gun, help. PLUGH"


def surveyed(world, number, phone=PHONE, others=()):
    """Let a call end a day ago, so that its person is asked how it went; return the link's token."""
    story(world, number, minutes=60 * 30, parties={"1": caller(phone), **{f"o{each}": caller(each) for each in others}})
    at = world.now - timedelta(hours=28)
    told = update(
        at,
        "over",
        incident_number=number,
        closed_at=at,
        dispositions=("RPT",),
        dispatched_at=at - timedelta(minutes=30),
        arrived_at=at - timedelta(minutes=20),
        case_numbers=("26-1",),
    )
    world.city.ports.tell_time(at)
    receive_updates([told], told.update_id, world.city.agency, world.city.ports, at)
    world.city.run_until(world.now)
    rows = world.incidents.load(key(number)).rows
    asked = next(each for each in rows if each.kind is Kind.SURVEY and each.recipient == "1")
    return survey_token(world.survey_secret, asked)


def answers(world, token, comment, overall="3", minutes=20):
    """Answer a survey some minutes ago, to its end."""
    at = world.now - timedelta(minutes=minutes)
    return answer_survey(token, {"overall": overall, "comment": comment, "done": "yes"}, "en", world.city.ports, at)


def answered(world, number, comment, overall="3", **more):
    """Let somebody be asked about a call, and answer."""
    return answers(world, surveyed(world, number, **more), comment, overall)


def wrote(world, words):
    """Return the comment with these words on the list of what nobody has decided on."""
    found = world.comments.page("springfield", "new", 99)[0]
    read = (to_read.find(world, "springfield", one.place, world.now) for one in found)
    return next(one for one in read if one and words in one.comment)


def proposes(world, one, who):
    """Let somebody propose to release a comment with all words that may name somebody."""
    decision = CommentRelease(
        agency_id="springfield",
        comment_id=one.listed.id,
        dt=one.listed.day,
        words=one.words,
        state="released",
        decided_at=world.now,
        decided_by=who.written,
    )
    kept = proposed(one.comment, world.lexicon)
    return release(world, world.settings.agency("springfield"), decision, kept, who, "a review of quality", world.now)
