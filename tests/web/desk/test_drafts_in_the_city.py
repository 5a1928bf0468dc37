"""A draft in the running city: written and approved at the desk by two, and put in force now, or at its time."""

import re
from datetime import timedelta

from msgspec.structs import replace

from chalicelib.domain.approval import Author, digest, signed_by
from chalicelib.insight.approval.publishing import publish
from chalicelib.insight.settings.written import as_toml
from tests.web.desk.test_judge_in_the_city import Somebody
from tests.web.desk.test_scenarios_kept import GOES
from tests.whole.people import now


def fields(body, action):
    form = next(one for one in body.split("<form")[1:] if f'{action}"' in one.split(">")[0])
    return dict(re.findall(r'name="(id|number|text|over)" value="([^"]*)"', form.split("</form>")[0]))


def drafted(inside, agency, ana, ben, **changes):
    """Let Ana write a draft and Ben approve it; return its name."""
    ours = inside.aws.settings.latest(agency.agency_id)
    begun = fields(ana.asks("drafts"), "/drafts")
    ana.asks("drafts", comment="in the city", **begun)
    known = fields(ana.asks(f"drafts/edit?id={begun['id']}"), "/drafts/edit")
    ana.asks(
        "drafts/edit", **{**known, "text": as_toml(replace(ours, **changes)), "comment": "in the city", "act": "ask"}
    )
    page = ben.asks(f"drafts/review?id={begun['id']}")
    ben.asks("drafts/review", act="approve", **fields(page, "/drafts/review"))
    assert inside.aws.drafts.find(agency.agency_id, begun["id"]).state == "approved"
    return begun["id"]


def test_two_people_publish_at_the_desk_now_and_at_a_time(stack, inside, agency):
    ana, ben = (Somebody(stack, inside, agency, name) for name in ("Ana Ruiz", "Ben Okafor"))
    name = drafted(inside, agency, ana, ben, short_name="City PD")
    ben.asks("drafts/publish", act="now", **fields(ben.asks(f"drafts/review?id={name}"), "/drafts/publish"))
    published = inside.aws.settings.latest(agency.agency_id)
    assert published.short_name == "City PD"

    later = drafted(inside, agency, ana, ben, short_name="Town PD")
    at = f"{(now() + timedelta(hours=2)).astimezone(agency.zone):%Y-%m-%dT%H:%M}"
    ben.asks("drafts/publish", act="at", at=at, **fields(ben.asks(f"drafts/review?id={later}"), "/drafts/publish"))
    known = inside.aws.drafts.find(agency.agency_id, later)
    assert known.state == "scheduled"
    inside.aws.drafts.write(agency.agency_id, replace(known, publish_at=now()))  # nobody waits two hours here
    inside.aws.drafts.mark(agency.agency_id, later, now())
    inside.publish_scheduled()
    after = inside.aws.settings.latest(agency.agency_id)

    assert (after.short_name, after.version) == ("Town PD", published.version + 1)
    assert inside.aws.drafts.find(agency.agency_id, later).state == "published"
    steps = {one.step for one in inside.aws.ledger.since(agency.agency_id, known.proposed_at)}
    assert steps == {"proposed", "approved", "done"}


def test_what_a_terminal_proposed_is_approved_at_the_desk_and_restored_by_one_with_scenarios(stack, inside, agency):
    ana, ben = (Somebody(stack, inside, agency, name) for name in ("Ana Ruiz", "Ben Okafor"))
    name, ours = agency.agency_id, inside.aws.settings.latest(agency.agency_id)
    lead = Author("arn:aws:iam::111122223333:user/lead")
    ana.asks("drafts/scenario", name="quiet", text=GOES, act="keep")
    one = publish(inside.aws, replace(ours, mass_call=ours.mass_call + 1), lead, "in the city", now())
    page = ben.asks(f"drafts/proposal?id={digest(one.act)}")
    ben.asks("drafts/proposal", id=digest(one.act), act="approve", other="yes")
    by_two = inside.aws.settings.latest(name)
    inside.aws.settings.publish(replace(by_two, mass_call=ours.mass_call), lead.by, "narrower", now())
    ben.asks("settings/restore", version=str(by_two.version), over=str(by_two.version + 1))
    after = inside.aws.settings.latest(name)

    assert "mass_call is higher" in page
    assert "keeps scenarios (1)" in page
    assert (by_two.mass_call, by_two.version) == (ours.mass_call + 1, ours.version + 1)
    assert len(signed_by(inside.aws.settings.signed(name, by_two.version)[0])) == 2
    assert (after.mass_call, after.version) == (by_two.mass_call, by_two.version + 2)
    assert {each.step for each in inside.aws.ledger.since(name, one.at)} == {"proposed", "approved", "done"}
