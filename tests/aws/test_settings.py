"""Settings over DynamoDB: versions that never change, and a brake that holds from the next second."""

import zlib
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.aws.document import decode, encode, plain
from chalicelib.aws.stores.agencies import COMPARED_FOR, AgencyList
from chalicelib.aws.stores.agency_state import FRESH
from chalicelib.aws.stores.settings import SettingsTable
from chalicelib.aws.stores.settings_version import JudgementsLost, read_version, write_version
from chalicelib.aws.tables import AGENCIES, FEED, VERSION, VOCABULARY, SettingsItem
from chalicelib.domain.desk.paging import Climb, PagingBook
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration, encode_duration
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.incidents.legal_hold import LegalHold, of_incident
from chalicelib.domain.notifications.breaker import Breaker
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.wave import Wave
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.identifiers import Identifiers
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.page_words import ADDED
from chalicelib.inbound.settings import read_settings
from chalicelib.ports.errors import Conflict, NumberTaken
from chalicelib.virtual.world import MemorySettings
from tests.aws.conftest import DATABASES
from tests.factories import NOW, after, agency, judged

HARBOR = (Path(__file__).parents[1] / "web" / "harbor.toml").read_text(encoding="utf-8")


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tables, clock):
    return settings_in(tables, clock)


def settings_in(tables, clock):
    return SettingsTable(tables.bound[SettingsItem], tables.connection, clock)


@pytest.fixture
def ours():
    """Return an agency that no other test has."""
    numbers = replace(agency().numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    return agency(agency_id=f"a{uuid4().hex[:8]}", numbers=numbers)


@pytest.fixture(params=["memory", *DATABASES])
def brakes(request, ours, clock):
    """Return settings of an agency that has sent nothing and met no trouble."""
    if request.param == "memory":
        return MemorySettings(ours)
    return settings_in(request.getfixturevalue(request.param), clock)


def pause(of="agency", which=""):
    return Pause(of=of, which=which, author="S. Visor", reason="wrong words", at=NOW)


def test_each_version_stays_as_it_was_published(settings, ours):
    settings.publish(ours, "R. Lead", "first", after(0))
    settings.publish(replace(ours, mass_call=9), "R. Lead", "more callers", after(1))

    versions = list(settings.history(ours.agency_id))
    assert [(item.agency.version, item.agency.mass_call, item.comment) for item in versions] == [
        (2, 9, "more callers"),
        (1, 5, "first"),
    ]
    assert settings.version(ours.agency_id, 1).mass_call == 5
    assert settings.version(ours.agency_id, 3) is None
    assert ours.agency_id in settings.agencies()


def test_a_version_keeps_the_text_that_it_was_read_from_until_other_values_are_published(settings, ours):
    text = "# our first\nname = 'Ours'\n"
    judgements = Judgements((judged("type_modifier", "LOUD"),))
    first = settings.publish(replace(ours, judgements=judgements), "R. Lead", "first", after(0), source=text)
    settings.publish(replace(ours, judgements=Judgements()), "R. Lead", "judged at the desk", after(1))
    settings.publish(replace(ours, mass_call=9), "R. Lead", "without a text", after(2))

    assert [settings.source(ours.agency_id, number) for number in (1, 2, 3, 4)] == [text, text, "", ""]
    assert settings.version(ours.agency_id, 1) == first
    assert [one.agency.version for one in settings.history(ours.agency_id, most=1, until=2)] == [2]


def test_a_proposal_leads_to_the_text_of_its_settings(settings, ours):
    ours = replace(ours, judgements=Judgements())
    words = settings.propose(ours, "# why\n")

    assert settings.source_named(ours.agency_id, words["source"]) == "# why\n"
    assert settings.proposed(ours.agency_id, words) == ours
    assert "source" not in settings.propose(ours)
    assert settings.source_named(ours.agency_id, "") == settings.source_named(ours.agency_id, "none") == ""


def test_the_release_before_can_read_a_version_with_fields_that_it_does_not_know(ours):
    ours = replace(ours, judgements=Judgements())
    form = Identifiers(incident="[0-9]{7}", longest=7)
    links = {"privacy_link": "https://springfield.example/privacy", "terms_link": "https://springfield.example/texts"}
    named = replace(ours, identifiers=form, text_to_911=False, **links)
    item = SettingsItem("springfield", "v")
    write_version(item, named)

    assert decode(item.document, dict).keys().isdisjoint({"identifiers", "judgements", "text_to_911", *links})
    assert decode(item.document, Agency) == ours
    assert read_version(SettingsItem, item) == named
    item.added = '{"identifiers":{},"of a release to come":1}'
    assert read_version(SettingsItem, item) == ours
    item.added = None
    assert read_version(SettingsItem, item) == ours


def test_the_release_before_can_read_a_survey_s_words_and_complaints(ours):
    own = replace(read_settings(HARBOR).survey.words["ar"], holder="")
    rules = replace(ours.survey.follow_up, complaints={"en": "us.example/c", "es": "us.example/q"})
    named = replace(ours, survey=replace(ours.survey, words={"ar": own}, follow_up=rules))
    item = SettingsItem("springfield", "v")
    write_version(item, named)

    before = decode(item.document, Agency).survey
    assert before.follow_up.complaints == "us.example/c"
    assert decode(item.document, dict)["survey"]["words"]["ar"].keys().isdisjoint(ADDED)
    assert read_version(SettingsItem, item).survey == named.survey
    item.added = None
    assert read_version(SettingsItem, item).survey == before


def test_a_site_leads_to_the_agencies_whose_links_go_there(settings, ours, clock):
    host, other = f"{ours.agency_id}.ex", f"b{ours.agency_id}"
    at_host = replace(ours.survey, link=f"https://{host}/s")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    second = replace(ours, agency_id=other, numbers=numbers, survey=at_host)
    settings.publish(replace(ours, survey=at_host), "R. Lead", "first", NOW)
    settings.publish(second, "R. Lead", "first", NOW)
    assert list(settings.agencies_at(host)) == [ours.agency_id, other]
    assert list(settings.agencies_at("elsewhere.ex")) == []

    moved = replace(at_host, link=f"https://New.{host}:8443/api/s")
    settings.publish(replace(second, survey=moved), "R. Lead", "moved", NOW)
    clock.now += 2 * FRESH
    assert list(settings.agencies_at(host)) == [ours.agency_id]
    assert list(settings.agencies_at(f"new.{host}:8443")) == [other]


def test_settings_that_can_not_be_read_take_no_other_agency_off_a_site(settings, tables, ours, clock):
    host, other = f"{ours.agency_id}.ex", f"b{ours.agency_id}"
    at_host = replace(ours.survey, link=f"https://{host}/s")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    settings.publish(replace(ours, survey=at_host), "R. Lead", "first", NOW)
    settings.publish(replace(ours, agency_id=other, numbers=numbers, survey=at_host), "R. Lead", "first", NOW)
    items = tables.bound[SettingsItem]
    for item in items.query(other, SettingsItem.sk.startswith(VERSION)):
        item.document = "zAAAA"
        item.save()
    told = []
    fresh = SettingsTable(items, tables.connection, clock, leave_out=told.append)

    assert list(fresh.agencies_at(host)) == [ours.agency_id]
    assert told == [f"{other} settings"]


def test_the_agencies_of_the_desk_are_found_by_one_query(settings, tables, ours, clock):
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    without = replace(ours, agency_id=f"b{ours.agency_id}", numbers=numbers)
    staff = Desk(roles={"Staff": (Role.WATCH,)}, idle=Duration(minutes=10))
    settings.publish(replace(ours, desk=staff), "R. Lead", "first", NOW)
    settings.publish(without, "R. Lead", "first", NOW)
    calls = []
    events = tables.connection.client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="count")
    try:
        found = settings.desks()
    finally:
        events.unregister("before-call.dynamodb", unique_id="count")

    assert found[ours.agency_id] == staff
    assert without.agency_id not in found
    assert calls.count("Query") == 1
    assert "Scan" not in calls
    settings.publish(ours, "R. Lead", "nobody any more", NOW)
    clock.now += 2 * FRESH
    assert ours.agency_id not in settings.desks()


def test_settings_that_can_not_be_read_keep_nobody_of_another_agency_out(settings, tables, ours, clock):
    other = f"b{ours.agency_id}"
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    staff = Desk(roles={"Staff": (Role.WATCH,)})
    settings.publish(replace(ours, desk=staff), "R. Lead", "first", NOW)
    settings.publish(replace(ours, agency_id=other, numbers=numbers, desk=staff), "R. Lead", "first", NOW)
    items = tables.bound[SettingsItem]
    for item in items.query(other, SettingsItem.sk.startswith(VERSION)):
        item.document = "zAAAA"
        item.save()
    told = []
    fresh = SettingsTable(items, tables.connection, clock, leave_out=told.append)

    found = fresh.desks()
    assert ours.agency_id in found
    assert other not in found
    assert f"{other} settings" in told


def test_an_agencys_form_of_numbers_is_published_with_its_settings(settings, ours):
    settings.publish(replace(ours, identifiers=Identifiers(longest=12)), "R. Lead", "shorter", NOW)

    assert settings.version(ours.agency_id, 1).identifiers.longest == 12


def test_a_version_is_in_force_within_a_minute_and_read_once(settings, clock, ours):
    settings.publish(ours, "R. Lead", "first", NOW)
    first = settings.agency(ours.agency_id)
    clock.now += FRESH + timedelta(seconds=1)
    again = settings.agency(ours.agency_id)
    settings.publish(replace(ours, mass_call=9), "R. Lead", "second", NOW)
    clock.now += FRESH + timedelta(seconds=1)

    assert again is first
    assert settings.agency(ours.agency_id).mass_call == 9


def test_whoever_needs_a_later_version_than_is_known_reads_it_at_once(settings, tables, clock, ours):
    """Found: a call of a type judged a second ago was planned, and cancelled by a sender with settings of before."""
    elsewhere = settings_in(tables, clock)

    def known_there(agency_id, at_least=0):
        found = elsewhere.agency(agency_id, at_least)
        return found and found.version

    settings.publish(ours, "R. Lead", "first", NOW)
    assert known_there(ours.agency_id) == 1
    settings.publish(replace(ours, mass_call=9), "R. Lead", "second", NOW)

    assert [known_there(ours.agency_id, at_least) for at_least in (1, 2, 0)] == [1, 2, 2]
    nowhere, numbers = f"{ours.agency_id}n", replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    assert known_there(nowhere) is None
    settings.publish(replace(ours, agency_id=nowhere, numbers=numbers), "R. Lead", "first", NOW)
    assert [known_there(nowhere, at_least) for at_least in (0, 1)] == [None, 1]


def test_a_number_leads_to_one_agency(settings, ours):
    settings.publish(ours, "R. Lead", "first", NOW)

    with pytest.raises(NumberTaken, match=r"numbers\.sms_from"):
        settings.publish(replace(ours, agency_id=f"b{uuid4().hex[:8]}"), "R. Lead", "first", NOW)


def test_each_provider_s_number_leads_to_the_agency(settings, ours):
    service = f"MG{uuid4().hex}"
    numbers = replace(ours.numbers, twilio_from=service, sns_from=f"+1{uuid4().int % 10**10:010}")
    settings.publish(replace(ours, numbers=numbers), "R. Lead", "two more", NOW)

    assert {settings.agency_at(number).agency_id for number in numbers.texting} == {ours.agency_id}
    assert len(numbers.texting) == 3
    neighbour = replace(numbers, sms_from=f"+1{uuid4().int % 10**10:010}", sns_from="")
    with pytest.raises(NumberTaken, match="twilio_from"):
        settings.publish(replace(ours, agency_id=f"b{uuid4().hex[:8]}", numbers=neighbour), "R. Lead", "first", NOW)


def test_a_pause_holds_from_the_next_second(settings, ours):
    settings.note_feed(ours.agency_id, NOW)
    settings.pause(ours.agency_id, pause())
    settings.pause(ours.agency_id, pause("type", "NOISE"))
    settings.pause(ours.agency_id, pause("type", "NOISE"))

    held = settings.conditions(ours.agency_id)
    assert [(item.of, item.which) for item in held.pauses] == [("agency", ""), ("type", "NOISE")]
    assert held.feed_heard_at == NOW

    settings.resume(ours.agency_id, "agency", "")
    settings.resume(ours.agency_id, "type", "NOISE")
    assert settings.conditions(ours.agency_id).pauses == ()


DOWN = {"twilio": Breaker(5, NOW, after(0.5), 1)}
WAVE = {"twilio": Wave(2, NOW)}


def test_how_providers_do_is_known_at_once(brakes, ours):
    brakes.note_breakers(ours.agency_id, {}, DOWN)
    assert brakes.conditions(ours.agency_id).breakers == DOWN

    brakes.note_breakers(ours.agency_id, DOWN, {})
    assert brakes.conditions(ours.agency_id).breakers == {}


@pytest.mark.parametrize("seen", [{}, {"twilio": Breaker(1, NOW)}])
def test_of_two_who_tell_how_providers_do_one_looks_again(brakes, ours, seen):
    brakes.note_breakers(ours.agency_id, {}, DOWN)

    with pytest.raises(Conflict):
        brakes.note_breakers(ours.agency_id, seen, {"ses": Breaker(1, NOW)})
    assert brakes.conditions(ours.agency_id).breakers == DOWN


def test_a_wave_that_is_noted_here_is_known_here_at_once(brakes, ours):
    assert brakes.is_calm(ours.agency_id)

    brakes.note_waves(ours.agency_id, {}, WAVE)
    assert not brakes.is_calm(ours.agency_id)

    brakes.note_waves(ours.agency_id, WAVE, {})
    assert brakes.is_calm(ours.agency_id)


def test_a_wave_that_is_noted_elsewhere_is_known_in_ten_seconds(tables, settings, clock, ours):
    assert settings.is_calm(ours.agency_id)
    settings_in(tables, clock).note_waves(ours.agency_id, {}, WAVE)

    assert settings.is_calm(ours.agency_id)
    clock.now += timedelta(seconds=11)
    assert not settings.is_calm(ours.agency_id)


def test_a_pause_and_the_feed_stand_beside_how_providers_do(settings, ours):
    settings.pause(ours.agency_id, pause())
    settings.note_feed(ours.agency_id, NOW)
    settings.note_breakers(ours.agency_id, {}, DOWN)

    known = settings.conditions(ours.agency_id)
    assert (known.pauses, known.feed_heard_at, known.breakers) == ((pause(),), NOW, DOWN)


def test_what_texts_came_to_is_counted_once(brakes, ours):
    first, second = Spent(at=NOW, messages=1, day=1, month=1), Spent(at=after(1), messages=1, day=2, month=2)
    assert brakes.spent(ours.agency_id) == Spent()

    brakes.note_spent(ours.agency_id, Spent(), first)
    with pytest.raises(Conflict):
        brakes.note_spent(ours.agency_id, Spent(), first)
    brakes.note_spent(ours.agency_id, first, second)

    assert brakes.spent(ours.agency_id) == second


def test_what_is_remembered_of_pages_is_written_over_what_was_read(brakes, ours):
    first = PagingBook(climbs={"danger#call P26-1": Climb(NOW, (0,), NOW)})
    second = PagingBook(climbs=first.climbs, grouped={"0123456789ab": after(1)})
    assert brakes.paging(ours.agency_id) == PagingBook()

    brakes.note_paging(ours.agency_id, PagingBook(), first)
    with pytest.raises(Conflict):
        brakes.note_paging(ours.agency_id, PagingBook(), second)
    brakes.note_paging(ours.agency_id, first, second)

    assert brakes.paging(ours.agency_id) == second


def test_what_a_feed_brings_adds_up_and_a_heartbeat_is_no_update(brakes, ours):
    assert brakes.feed(ours.agency_id) == (FeedHeard(), None)

    brakes.note_feed(ours.agency_id, NOW, Tally(updates=3, typed=2, unlisted=1))
    brakes.note_feed(ours.agency_id, after(2), Tally(rejected=4))
    brakes.note_feed(ours.agency_id, after(4))

    heard, _ = brakes.feed(ours.agency_id)
    assert heard == FeedHeard(after(4), NOW, Tally(updates=3, rejected=4, typed=2, unlisted=1))


def test_what_comes_within_a_minute_is_noted_with_the_next(settings, ours):
    for minute in (0, 0.2, 0.4):
        settings.note_feed(ours.agency_id, after(minute), Tally(updates=1))
    assert settings.feed(ours.agency_id)[0] == FeedHeard(NOW, NOW, Tally(updates=1))

    settings.note_feed(ours.agency_id, after(1), Tally(updates=1))
    assert settings.feed(ours.agency_id)[0] == FeedHeard(after(1), after(1), Tally(updates=4))


def test_who_was_late_counts_what_it_knows_the_next_time(tables, clock, settings, ours):
    other = SettingsTable(tables.bound[SettingsItem], tables.connection, clock)
    settings.note_feed(ours.agency_id, after(1), Tally(updates=1))
    other.note_feed(ours.agency_id, after(0), Tally(updates=1))
    assert settings.feed(ours.agency_id)[0] == FeedHeard(after(1), after(1), Tally(updates=1))

    other.note_feed(ours.agency_id, after(2), Tally(updates=1))
    assert settings.feed(ours.agency_id)[0] == FeedHeard(after(2), after(2), Tally(updates=3))


def test_of_two_who_watch_a_feed_one_looks_again(brakes, ours):
    first = FeedBook(since=NOW, tallied_at=NOW, longest={5: 20})
    later = replace(first, longest={5: 20, 6: 30})
    brakes.note_book(ours.agency_id, None, first)
    with pytest.raises(Conflict):
        brakes.note_book(ours.agency_id, None, later)
    brakes.note_book(ours.agency_id, first, later)

    assert brakes.feed(ours.agency_id)[1] == later


def test_a_book_that_was_compressed_elsewhere_is_written_over_all_the_same(tables, settings, ours):
    full = FeedBook(since=NOW, tallied_at=NOW, longest={hour: hour % 7 for hour in range(168)})
    elsewhere = "z" + b64encode(zlib.compress(plain(encode(full)), level=1)).decode()
    assert elsewhere != encode(full)
    tables.bound[SettingsItem](ours.agency_id, FEED, document=elsewhere).save()

    _, known = settings.feed(ours.agency_id)
    settings.note_book(ours.agency_id, known, replace(full, usual=20))

    assert settings.feed(ours.agency_id)[1] == replace(full, usual=20)


def test_a_hold_is_known_within_a_minute_and_read_once(tables, clock, settings, ours):
    other = SettingsTable(tables.bound[SettingsItem], tables.connection, clock)
    first, second = (LegalHold(author="C. Clerk", reason=reason, at=NOW) for reason in ("subpoena", "claim"))
    assert other.held(ours.agency_id) == {}

    settings.hold(ours.agency_id, "keyed-hash", first)
    settings.hold(ours.agency_id, of_incident("P26-1"), second)
    assert settings.held(ours.agency_id) == {"keyed-hash": first, of_incident("P26-1"): second}
    assert other.held(ours.agency_id) == {}
    clock.now += FRESH + timedelta(seconds=1)
    assert other.held(ours.agency_id) == settings.held(ours.agency_id)

    settings.hold(ours.agency_id, "keyed-hash", None)
    settings.hold(ours.agency_id, of_incident("P26-1"), None)
    assert settings.held(ours.agency_id) == {}


JUDGED = Judgements(
    Judgements(
        (
            judged("incident_type", "NOISE", "Noise complaint"),
            judged("incident_type", "646", "Annoying calls", "sensitive"),
            judged("incident_type", "VIP", "A visit", "never"),
            *(judged("type_modifier", f"Q {number}") for number in range(1200)),
        )
    ).in_order
)


def test_judgements_are_published_with_the_settings_that_name_them(settings, clock, ours, tables):
    wanted = replace(ours, judgements=JUDGED, sensitive_types=frozenset({"DV"}))
    settings.publish(wanted, "records", "first", NOW)
    fresh = SettingsTable(tables.bound[SettingsItem], tables.connection, clock)

    assert fresh.agency(ours.agency_id) == replace(wanted, version=1)
    assert next(fresh.history(ours.agency_id)).agency.judgements.digest == JUDGED.digest


def test_a_publication_that_died_is_taken_up_in_another_order(settings, clock, ours, tables):
    items, shuffled = tables.bound[SettingsItem], Judgements(tuple(reversed(JUDGED.entries)))
    settings.publish(replace(ours, judgements=JUDGED), "records", "first", NOW)
    list(items.query(ours.agency_id, items.sk.startswith(VOCABULARY)))[-1].delete()

    settings.publish(replace(ours, judgements=shuffled), "records", "again", NOW)
    fresh = SettingsTable(items, tables.connection, clock)
    assert fresh.version(ours.agency_id, 2).judgements.digest == JUDGED.digest


def test_the_release_before_reads_a_judged_version_and_texts_no_more_than_it(settings, ours, tables):
    settings.publish(replace(ours, judgements=JUDGED), "records", "first", NOW)
    item = tables.bound[SettingsItem].get(ours.agency_id, "version#00000001")
    document = msgspec.json.decode(plain(item.document))

    assert "judgements" not in document
    assert {"646", "DV"} == set(document["sensitive_types"])
    assert set(document["never_types"]) == {"VIP"}


def test_a_version_without_judgements_lets_nothing_go(settings, ours, tables):
    item = tables.bound[SettingsItem](ours.agency_id, "version#00000001", document=encode_before(ours))
    item.save()

    assert settings.version(ours.agency_id, 1) == replace(ours, judgements=Judgements())


def test_judgements_that_are_not_as_they_were_published_are_refused(settings, ours, tables, clock):
    settings.publish(replace(ours, judgements=JUDGED), "records", "first", NOW)
    items = tables.bound[SettingsItem]
    items(ours.agency_id, f"{VOCABULARY}{JUDGED.digest}#0001", document=encode(())).save()

    with pytest.raises(JudgementsLost):
        SettingsTable(items, tables.connection, clock).agency(ours.agency_id)


def encode_before(ours):
    """Return a version as the release before wrote it."""
    document = msgspec.to_builtins(replace(ours, judgements=Judgements()), enc_hook=encode_duration)
    del document["judgements"]
    return encode(document)


def test_agencies_are_read_from_a_list_and_a_table_is_scanned_once_a_day(settings, ours, clock, monkeypatch):
    settings.publish(ours, "R. Lead", "first", NOW)
    items = settings._items
    items(AGENCIES, "compared").delete()
    scans, scan = [], items.scan
    monkeypatch.setattr(items, "scan", lambda *words: scans.append(words) or scan(*words))

    def fresh():
        return AgencyList(items, clock).names()

    assert ours.agency_id in fresh()
    already = len(scans)
    assert ours.agency_id in fresh()
    assert len(scans) == already
    clock.now += COMPARED_FOR
    assert ours.agency_id in fresh()
    assert len(scans) == already + 1


def test_an_agency_that_a_release_before_published_is_listed_a_day_later_at_most(settings, ours, clock):
    settings.publish(ours, "R. Lead", "first", NOW)
    settings._items(AGENCIES, "compared").delete()
    names = AgencyList(settings._items, clock)
    names.names()
    other = f"b{uuid4().hex[:8]}"
    settings._items(other, "current", version=1).save()  # as the release before writes it, without the list

    clock.now += COMPARED_FOR
    assert {ours.agency_id, other} <= set(names.names())
    assert other in set(names.names())
