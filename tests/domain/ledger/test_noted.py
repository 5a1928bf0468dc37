"""Entries of the ledger: no phone or email gets in, every word has a sentence, and what is owed is asked for."""

import re
from datetime import datetime

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.ledger import noted as ledger
from chalicelib.domain.ledger.noted import (
    Noted,
    Unnotable,
    called,
    check,
    clean_ticket,
    incident,
    kind_of,
    part,
    person,
    sentence,
)
from chalicelib.domain.ledger.what import BRAKES, NEED_ABOUT, NEED_REASON, NEED_TICKET, REASONS, WORDS, What, Why
from chalicelib.domain.ledger.who import by_as_shown, by_desk, clean_by, clean_name, shown_by
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW

ANN = "arn:aws:iam::111122223333:user/ann"
HASH = "3f2a9c01d77b" + "0" * 52

numbers = st.integers(0, 99).map(fictional_phone)


def _written(number):
    """Return the ways in which people write a phone: E.164, grouped, and with letters of other scripts."""
    area, middle, rest = number[2:5], number[5:8], number[8:]
    wide = "".join(chr(ord(each) + 0xFEE0) for each in number[2:])
    return [
        number,
        number[1:],
        number[2:],
        f"({area}) {middle}-{rest}",
        f"{area}-{middle}-{rest}",
        f"{area}.{middle}.{rest}",
        f"+1 {area} {middle} {rest}",
        f"1-{area}-{middle}-{rest}",
        f"{area}{middle}-{rest}",
        f"{area}\u200b{middle}{rest}",
        f"{middle}-{rest}",
        wide,
    ]


phones = numbers.flatmap(lambda number: st.sampled_from(_written(number)))
emails = st.from_regex(r"[a-z0-9._]{1,10}@[a-z]{1,8}\.(example|org)", fullmatch=True)
addresses = phones | emails
around = st.sampled_from(["", " ", "call ", "re: ", "x", " (", ", ", "№"])
words = st.builds("{}{}{}".format, around, addresses, around)


def entry(**fields):
    return Noted(**{"at": NOW, "agency_id": "springfield", "by": ANN, "what": "looked", "about": "incident 1"} | fields)


@given(words, st.sampled_from(["about", "ticket", "session", "what", "reason", "agency_id"]))
def test_no_entry_holds_a_phone_or_an_email(text, field):
    with pytest.raises(Unnotable, match=f"^{field}"):
        entry(**{field: text})


@given(addresses, around)
def test_a_person_who_did_something_is_named_without_their_phone_or_email(address, more):
    for by in (by_desk("https://login.example/tenant", more + address), f"arn:aws:iam::111122223333:user/{address}"):
        made = entry(by=by, name=f"{more}{address}")

        assert address not in msgspec.json.encode(made).decode()
        assert "@" not in made.by
        assert made.name == ""
        assert clean_by(made.by) == made.by


@given(addresses)
def test_what_is_kept_of_an_incident_whose_number_is_an_address_is_its_end(address):
    assume(not re.fullmatch(r"[\d\u200b]+(-\d{4})?", address))  # such are numbers of incidents: 2611290123, 202611-0123
    made = entry(about=incident(address))

    assert address not in made.about
    assert len(made.about) <= len("incident …") + 4


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_an_entry_is_read_as_it_was_written(by, name, ticket):
    kept = clean_ticket(ticket)
    made = entry(by=by, name=name, ticket=kept, about=incident(kept or "1"))

    assert msgspec.json.decode(msgspec.json.encode(made), type=Noted) == made
    assert "\n" not in sentence(made)


@pytest.mark.parametrize("number", ["P26-0001234", "2026001234", "2611290123", "26-104", "P26 0001", "2026-11-29-0001"])
def test_numbers_of_incidents_are_kept_as_they_are(number):
    assert entry(about=incident(number)).about == f"incident {number}"


@pytest.mark.parametrize("ticket", ["26-104", "request 26-104", "2026-001234", "INC0012345", "CV 26/104 #2", "7"])
def test_numbers_of_requests_are_tickets(ticket):
    assert entry(ticket=ticket).ticket == clean_ticket(ticket) == ticket


@pytest.mark.parametrize("ticket", ["3035550123", "303-555-0123", "ann@city.example", "-1", "a" * 41, "=1+1", "á"])
def test_what_is_no_ticket_is_refused(ticket):
    assert clean_ticket(ticket) == ""
    with pytest.raises(Unnotable, match=r"^ticket"):
        entry(ticket=ticket)


def test_a_person_is_named_by_the_beginning_of_a_keyed_hash_and_by_nothing_else():
    assert person(HASH) == "person 3f2a9c01d77b"
    assert entry(about=person("0123456789ab" + "0" * 52)).about == "person 0123456789ab"
    for other in ("+13035550123", "3035550123", "ann@people.example", "3f2a"):
        with pytest.raises(Unnotable):
            person(other)


def test_every_word_of_both_lists_is_said_and_every_rule_is_about_them():
    assert WORDS.keys() == set(What)
    assert REASONS.keys() == set(Why)
    assert not BRAKES & NEED_REASON  # a brake needs no reason
    assert not BRAKES & {What.SAW_REPLIES, What.TOOK_ON}  # what ends a page to a human is noted first
    assert set(Why) >= NEED_TICKET
    for what in What:
        said = sentence(entry(what=what, about="incident P26-1" if what in NEED_ABOUT else ""))
        assert said.startswith(f"user/ann {WORDS[what]}")
        assert said == said.strip()


def test_an_entry_is_a_sentence():
    looked = entry(name="Ann Lead", about=incident("P26-1"), reason=Why.COURT, ticket="26-104", count=3)
    refused = replace(looked, what=What.RESUMED, about="kind delay", reason="", ticket="", count=0, failed=True)

    assert sentence(looked) == "Ann Lead (user/ann) looked at incident P26-1 (3): a court's order, 26-104"
    assert sentence(refused) == "Ann Lead (user/ann) resumed kind delay, and it was not done"
    assert "later release calls 'juggled'" in sentence(entry(what="juggled"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"what": "juggled"}, "what"),
        ({"reason": "because"}, "reason"),
        ({"what": "revealed"}, "reason"),
        ({"what": "erased", "reason": "court"}, "ticket"),
        ({"reason": "other"}, "ticket"),
        ({"what": "looked", "about": ""}, "about"),
    ],
)
def test_what_is_owed_is_asked_for_before_an_entry_is_kept(fields, field):
    with pytest.raises(Unnotable, match=f"^{field}"):
        check(entry(**fields))


def test_a_brake_owes_no_reason():
    assert check(entry(what=What.PAUSED, about="everything")) is None


def test_an_entry_has_an_instant_that_everybody_reads_alike():
    with pytest.raises(Unnotable, match=r"^at"):
        entry(at=datetime(2026, 1, 1))  # noqa: DTZ001  just what is refused


def test_somebody_who_signed_in_is_named_by_the_issuers_host_and_its_word_for_them():
    by = by_desk("https://login.microsoftonline.com/0a1b/v2.0", "AAAA-bbbb_1")

    assert by == "desk:login.microsoftonline.com:AAAA-bbbb_1"
    assert shown_by(by) == "AAAA-bbbb_1 at login.microsoftonline.com"
    assert shown_by(by_desk("https://okta.example", "ann@city.example")) == "ann@city.example at okta.example"
    assert by_desk("https://okta.example", "303-555-0123") == by_desk("https://okta.example", "303-555-0123")
    assert by_desk("https://okta.example", "a:b") != by_desk("https://okta.example", "a")
    assert clean_name("Ann  O'Lead") == "Ann O'Lead"


def test_kinds_do_not_say_which_person_or_incident():
    assert kind_of(incident("P26-1")) == "an incident"
    assert kind_of(person(HASH)) == "a person"
    assert kind_of("kind delay") == "kind delay"
    assert ledger.is_of_person(person(HASH))


@given(st.text(max_size=300), st.sampled_from(["agency", "incident", "type", "beat", "kind"]))
def test_a_brake_of_whatever_name_can_be_noted(which, of):
    assert entry(what=What.PAUSED, about=part(of, which)).about


def test_what_is_paused_is_said_as_it_is_named():
    assert [
        part(*each) for each in (("agency", ""), ("kind", "delay"), ("incident", "P26-1"), ("beat", "12\x1b[1m"))
    ] == [
        "everything",
        "kind delay",
        "incident P26-1",
        "beat 12 [1m",
    ]
    assert part("type", "303-555-0123") == "type …"


def test_a_name_is_found_again_as_it_was_shown():
    lead = "arn:aws:sts::111122223333:assumed-role/lead/session"

    assert by_as_shown("user/ann", lead) == ANN
    for by in (ANN, by_desk("https://okta.example", "ann@city.example")):
        assert by_as_shown(shown_by(by), lead) == by_as_shown(by, lead) == by
        assert by_as_shown(called(entry(by=by, name="Ann (Lead)")), lead) == by
