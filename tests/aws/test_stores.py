from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.history import Reveal, Story
from chalicelib.aws.tables import ContactItem, instant
from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.leading import Name
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import Claim, IncidentChange, Lifted, Silence
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.surveys.survey import Answers, Survey, Talk
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.fiction import fictional_email
from tests.factories import NOW, after, call, incident, row
from tests.somebody import somebody

TODAY = NOW.date()


def change(number, version=0, rows=(), silence=None, **more):
    fields = {
        "incident": incident(call(incident_number=number), number=number),
        "created_at": NOW,
        "settings_version": 3,
        "skipped": (Skipped(Kind.SURVEY, Reason.NOT_YET, "1"),),
        "updates": (call(incident_number=number),),
        "source_id": uuid4().hex,
        "at": NOW,
        "keep_until": NOW + timedelta(days=400),
        "keep_history_until": NOW + timedelta(days=90),
    }
    return IncidentChange(version=version, rows=tuple(rows), silence=silence, **{**fields, **more})


def key(number):
    return IncidentKey("springfield", number)


def claim(**changes):
    return replace(Claim(incident_version=1, at=NOW, day=TODAY, cap=0, counts=True), **changes)


class TestIncidents:
    def test_what_is_not_stored_is_a_fresh_incident(self, world, number):
        record = world.incidents.load(key(number))

        assert (record.version, record.rows, record.incident.incident_number) == (0, {}, number)

    def test_what_was_saved_is_read_back_whole(self, world, number):
        rows, taken_back = [row(number=number), row(Kind.DELAY, number=number)], {"cad.arrived_at": after(1)}
        wanted = change(number, rows=rows, taken_back=taken_back)

        world.incidents.save(wanted)

        record = world.incidents.load(key(number))
        assert record.taken_back == taken_back
        assert (record.incident, record.skipped, record.version) == (wanted.incident, wanted.skipped, 1)
        assert record.created_at == NOW
        assert record.rows == {item.key: replace(item, version=1) for item in wanted.rows}

    def test_a_change_over_an_old_version_is_overtaken(self, world, number):
        world.incidents.save(change(number))

        with pytest.raises(Conflict):
            world.incidents.save(change(number))
        world.incidents.save(change(number, version=1))
        with pytest.raises(Conflict):
            world.incidents.save(change(number, version=1))

    def test_a_change_is_written_whole_or_not_at_all(self, world, number):
        world.incidents.save(change(number, rows=[row(number=number)]))

        with pytest.raises(Conflict):
            world.incidents.save(change(number, version=1, rows=[row(Kind.DELAY, number=number), row(number=number)]))

        record = world.incidents.load(key(number))
        assert (record.version, len(record.rows)) == (1, 1)

    def test_a_row_is_written_over_the_version_that_it_was_read_as(self, world, number):
        world.incidents.save(change(number, rows=[row(number=number)]))
        (item,) = world.incidents.load(key(number)).rows.values()

        written = world.incidents.put(item.moved(State.SUPPRESSED, NOW, "paused"))

        assert written.version == 2
        assert world.incidents.load(key(number)).rows[item.key] == written
        with pytest.raises(Conflict):
            world.incidents.put(item.moved(State.CANCELLED, NOW))

    def test_neighbours_with_similar_names_are_not_read(self, world, number):
        for name in (number, number + "0", number + "#1"):
            world.incidents.save(change(name, rows=[row(number=name)]))

        assert list(world.incidents.load(key(number)).rows) == [row(number=number).key]

    def test_a_name_leads_to_its_incident(self, world, number):
        led = change(number, names=(Name(place=f"{number}-b", version=0), Name(place=f"id:{number}", version=0)))
        world.incidents.save(led)

        assert [*world.incidents.load(key(f"{number}-b")).named] == [number]
        assert [*world.incidents.load(key(f"id:{number}")).named] == [number]
        assert world.incidents.load(key(number)).rows == {}

    def test_several_incidents_bear_a_number_one_after_another(self, world, number):
        for each in ("a", "b"):
            world.incidents.save(change(f"{number}-{each}", names=(Name(place=number, version=0),)))

        assert {*world.incidents.load(key(number)).named} == {f"{number}-a", f"{number}-b"}

    def test_an_id_leads_to_one_incident(self, world, number):
        world.incidents.save(change(f"{number}-a", names=(Name(place=f"id:{number}", version=0),)))

        with pytest.raises(Conflict):
            world.incidents.save(change(f"{number}-b", names=(Name(place=f"id:{number}", version=0),)))
        moved = Name(place=f"id:{number}", version=0, before=f"{number}-a")
        world.incidents.save(change(f"{number}-b", names=(moved,)))
        assert [*world.incidents.load(key(f"id:{number}")).named] == [f"{number}-b"]

    @pytest.mark.parametrize("first", ["name", "incident"])
    def test_an_id_is_not_a_key_and_a_name_at_once(self, world, number, first):
        by_name = change(number, names=(Name(place=f"id:{number}", version=0),))
        by_key = change(f"id:{number}", names=(Name(place=f"id:{number}", version=0),))
        earlier, later = (by_name, by_key) if first == "name" else (by_key, by_name)
        world.incidents.save(earlier)

        with pytest.raises(Conflict):
            world.incidents.save(later)

    def test_a_name_that_is_written_again_needs_nothing_of_its_place(self, world, number):
        world.incidents.save(change(f"{number}-b"))
        world.incidents.save(change(number, names=(Name(place=f"{number}-b", before=number),)))

        assert [*world.incidents.load(key(f"{number}-b")).named] == [number]

    def test_odd_names_are_names(self, world, number):
        odd = row(number=f"{number} #/\\% é", recipient="p#1 / é", ordinal=2)

        world.incidents.save(change(odd.key.incident_number, rows=[odd]))

        assert list(world.incidents.load(odd.key.incident).rows) == [odd.key]

    def test_more_than_a_transaction_holds_is_still_saved(self, world, number):
        crowd = [row(number=number, recipient=f"{n:03}") for n in range(90)]
        world.incidents.save(change(number, rows=crowd))
        stored = list(world.incidents.load(key(number)).rows.values())
        cancelled = [item.moved(State.CANCELLED, NOW) for item in stored]
        fresh = [row(Kind.DELAY, number=number, recipient=f"{n:03}") for n in range(60)]
        silenced = frozenset(somebody() for _ in range(30))

        world.incidents.save(change(number, version=1, rows=[*cancelled, *fresh], silence=Silence(silenced, after(5))))

        record = world.incidents.load(key(number))
        assert record.version == 2
        assert sum(item.state is State.CANCELLED for item in record.rows.values()) == 90
        assert len(record.rows) == 150
        assert {world.contacts.load("springfield", phone, TODAY).silenced_until for phone in silenced} == {after(5)}


class TestDue:
    def due(self, world, number, until):
        return {name.kind: at for name, at in world.incidents.due(until) if name.incident_number == number}

    def test_what_must_be_looked_at_by_then_is_found(self, world, number):
        late = row(Kind.DELAY, number=number, send_at=after(30))
        world.incidents.save(change(number, rows=[row(number=number), late]))

        assert self.due(world, number, after(29)) == {Kind.ACKNOWLEDGMENT: NOW}
        assert self.due(world, number, after(30)) == {Kind.ACKNOWLEDGMENT: NOW, Kind.DELAY: after(30)}

    @pytest.mark.parametrize("state", State)
    def test_only_what_waits_is_in_the_index(self, world, number, state):
        item = row(Kind.SURVEY, number=number, state=state)
        world.incidents.save(change(number, rows=[item]))

        assert bool(self.due(world, number, NOW)) == item.awaits

    def test_a_row_that_moves_moves_in_the_index(self, world, number):
        world.incidents.save(change(number, rows=[row(number=number)]))
        (item,) = world.incidents.load(key(number)).rows.values()

        item = world.incidents.put(item.moved(State.SCHEDULED, NOW, "paused", send_at=after(1)))
        assert self.due(world, number, after(2)) == {Kind.ACKNOWLEDGMENT: after(1)}

        world.incidents.put(item.moved(State.CANCELLED, NOW))
        assert self.due(world, number, after(2)) == {}


class TestContacts:
    def test_nothing_is_known_of_a_stranger(self, world):
        contact = world.contacts.load("springfield", somebody(), TODAY)

        assert (contact.opted_out, contact.silenced_until, contact.landline, contact.sent_today) == (
            None,
            None,
            False,
            0,
        )

    def test_stop_and_start(self, world):
        who = somebody()
        world.contacts.opt_out("springfield", who, OptOutScope.ALL, after(1), "STOP")
        assert world.contacts.load("springfield", who, TODAY).opted_out is OptOutScope.ALL

        world.contacts.opt_in("springfield", who, after(2), "START")
        assert world.contacts.load("springfield", who, TODAY).opted_out is None

    def test_an_older_word_does_not_undo_a_later_one(self, world):
        who = somebody()
        world.contacts.opt_out("springfield", who, OptOutScope.ALL, after(2), "STOP")
        world.contacts.opt_in("springfield", who, after(1), "START")

        assert world.contacts.load("springfield", who, TODAY).opted_out is OptOutScope.ALL

    def test_agencies_know_people_each_for_itself(self, world):
        who = somebody()
        world.contacts.opt_out("springfield", who, OptOutScope.ALL, NOW, "STOP")

        assert world.contacts.load("shelbyville", who, TODAY).opted_out is None

    def test_a_landline_is_remembered(self, world):
        who = somebody()
        world.contacts.note_landline("springfield", who, NOW)

        assert world.contacts.load("springfield", who, TODAY).landline

    def test_the_longest_silence_counts(self, world, number):
        who = fictional_email(uuid4().int)
        for name, minutes in ((number, 5), (number + "b", 9), (number + "c", 7)):
            world.incidents.save(change(name, silence=Silence(frozenset({who}), after(minutes))))

        assert world.contacts.load("springfield", who, TODAY).silenced_until == after(9)


class TestClaims:
    def stored(self, world, number, **changes):
        world.incidents.save(change(number, rows=[row(number=number, **changes)]))
        (item,) = world.incidents.load(key(number)).rows.values()
        return item

    def claimed(self, item):
        return item.moved(State.SENDING, NOW, send_at=after(1), attempts=item.attempts + 1)

    def test_a_claim_counts_the_message(self, world, number):
        item = self.stored(world, number, address=somebody())

        written = world.incidents.claim(self.claimed(item), claim())

        assert (written.state, written.version) == (State.SENDING, 2)
        assert world.contacts.load("springfield", item.address, TODAY).sent_today == 1
        assert world.contacts.load("springfield", item.address, TODAY + timedelta(days=1)).sent_today == 0

    def test_a_claim_notes_the_call_that_the_phone_was_texted_about(self, world, number):
        phone = somebody()
        for name, day in ((number, TODAY), (f"{number}-b", TODAY + timedelta(days=1)), (f"{number}-c", TODAY)):
            world.incidents.claim(self.claimed(self.stored(world, name, address=phone)), claim(day=day))

        found = world.contacts.calls("springfield", phone)
        assert set(found) == {number, f"{number}-b", f"{number}-c"}
        assert world.contacts.calls("springfield", somebody()) == ()

    def test_a_claimed_row_is_looked_at_once_its_lease_is_over_if_not_before(self, world, number):
        item = self.stored(world, number, address=somebody())

        world.incidents.claim(self.claimed(item), claim(due_at=NOW))

        (found,) = [at for name, at in world.incidents.due(after(1)) if name == item.key]
        assert found in (NOW, after(1))
        assert world.incidents.load(key(number)).rows[item.key].send_at == after(1)

    def test_a_second_attempt_is_not_counted_again(self, world, number):
        item = self.stored(world, number, address=somebody())

        world.incidents.claim(self.claimed(item), claim(counts=False))

        assert world.contacts.load("springfield", item.address, TODAY).sent_today == 0

    def test_a_row_is_not_claimed_on_what_was_decided_before_an_update(self, world, number):
        item = self.stored(world, number, address=somebody())
        world.incidents.save(change(number, version=1))

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim())

    def test_a_row_is_not_claimed_beside_a_call_of_which_more_came(self, world, number):
        """A call waits for another, of which nobody told: what a third call writes there must stop the text."""
        item = self.stored(world, number)
        for known, now_there in ((1, 0), (0, 1)):
            awaited = f"{number}-{known}"
            if now_there:
                world.incidents.save(change(awaited, rows=[]))
            with pytest.raises(Conflict):
                world.incidents.claim(self.claimed(item), claim(beside=(awaited, known)))

        world.incidents.claim(self.claimed(item), claim(beside=(f"{number}-0", 1)))

    def test_a_row_is_claimed_once(self, world, number):
        item = self.stored(world, number, address=somebody())
        world.incidents.claim(self.claimed(item), claim())

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim())
        assert world.contacts.load("springfield", item.address, TODAY).sent_today == 1

    def test_who_said_stop_in_the_meantime_is_not_claimed(self, world, number):
        item = self.stored(world, number, address=somebody())
        world.contacts.opt_out("springfield", item.address, OptOutScope.ALL, NOW, "STOP")

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim())
        assert world.incidents.load(key(number)).rows[item.key].state is State.SCHEDULED

    @pytest.mark.parametrize(
        ("told", "allowed"),
        [
            ({"silent": after(1)}, False),
            ({"silent": NOW}, True),
            ({"unsafe": NOW}, False),
            ({"unsafe": NOW, "released": True}, True),
            ({"silent": after(5), "released": True}, True),
        ],
    )
    @pytest.mark.parametrize("beside", [False, True])
    def test_who_is_silenced_or_unsafe_in_the_meantime_is_not_claimed(self, world, number, told, allowed, beside):
        who, other = somebody(), somebody()
        item = self.stored(world, number, address=who, addresses=frozenset({who, other}))
        stopped, name = other if beside else who, f"{number}-s"
        silence = Silence(frozenset({stopped}), told["silent"]) if "silent" in told else None
        unsafe = {stopped: told["unsafe"]} if "unsafe" in told else {}
        world.incidents.save(change(name, silence=silence, unsafe=unsafe))
        if "released" in told:
            lifted = Lifted(silenced=frozenset({stopped}), unsafe=frozenset({stopped}))
            world.incidents.save(change(name, version=1, lifted=lifted, at=NOW))

        if allowed:
            assert world.incidents.claim(self.claimed(item), claim()).state is State.SENDING
            return
        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim())
        contact = world.contacts.load("springfield", stopped, TODAY)
        assert contact.silent(NOW)

    def test_an_earlier_silence_does_not_shorten_a_later_one(self, world, number):
        item = self.stored(world, number, address=somebody())
        for minutes in (9, 1):
            world.incidents.save(
                change(f"{number}-{minutes}", silence=Silence(frozenset({item.address}), after(minutes)))
            )

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim(at=after(5)))

    def test_a_release_of_one_incident_leaves_the_silence_of_another(self, world, number):
        item = self.stored(world, number, address=somebody())
        silence = Silence(frozenset({item.address}), after(9))
        for name in ("a", "b"):
            world.incidents.save(change(f"{number}-{name}", silence=silence))
        world.incidents.save(change(f"{number}-a", version=1, lifted=Lifted(silenced=frozenset({item.address}))))

        assert world.contacts.load("springfield", item.address, TODAY).silenced_until == after(9)
        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim())

    def test_a_cap_that_is_full_in_the_meantime_is_not_overrun(self, world, number):
        who = somebody()
        items = [self.stored(world, f"{number}-{n}", address=who) for n in range(3)]
        for item in items[:2]:
            world.incidents.claim(self.claimed(item), claim(cap=2))

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(items[2]), claim(cap=2))

    def survey(self, number):
        return Survey(
            token_hash=uuid4().hex,
            agency_id="springfield",
            notification=row(Kind.SURVEY, number=number).key,
            settings_version=1,
            asked_at=NOW,
            expires_at=after(99),
            keep_until=after(99),
        )

    def test_a_survey_is_kept_with_its_claim(self, world, number):
        item, survey = self.stored(world, number, address=somebody()), self.survey(number)

        world.incidents.claim(self.claimed(item), claim(survey=survey, last_survey_before=NOW - timedelta(days=30)))

        assert world.surveys.load(survey.token_hash) == survey
        assert world.contacts.load("springfield", item.address, TODAY).surveyed_at == NOW

    def test_nobody_is_asked_again_so_soon(self, world, number):
        who = somebody()
        for n, days in enumerate((30, 30)):
            item, survey = self.stored(world, f"{number}-{n}", address=who), self.survey(number)
            asking = claim(survey=survey, last_survey_before=NOW - timedelta(days=days))
            if n == 0:
                world.incidents.claim(self.claimed(item), asking)
            else:
                with pytest.raises(Conflict):
                    world.incidents.claim(self.claimed(item), asking)

    def test_a_second_attempt_to_ask_is_not_barred_by_the_first(self, world, number):
        item, survey = self.stored(world, number, address=somebody()), self.survey(number)
        asking = claim(survey=survey, last_survey_before=NOW - timedelta(days=30))
        item = world.incidents.claim(self.claimed(item), asking)
        item = world.incidents.put(item.moved(State.SCHEDULED, NOW, "throttled"))

        again = world.incidents.claim(self.claimed(item), claim(survey=survey, counts=False))

        assert (again.attempts, world.surveys.load(survey.token_hash)) == (2, survey)

    def test_who_wants_no_surveys_is_not_asked(self, world, number):
        item = self.stored(world, number, address=somebody())
        world.contacts.opt_out("springfield", item.address, OptOutScope.SURVEYS, NOW, "no surveys")

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim(survey=self.survey(number), last_survey_before=NOW))
        world.incidents.claim(self.claimed(item), claim())

    def test_of_two_who_answer_at_once_one_reads_again(self, world, number):
        item, survey = self.stored(world, number, address=somebody()), self.survey(number)
        world.incidents.claim(self.claimed(item), claim(survey=survey, last_survey_before=NOW))
        answered = replace(survey, answered_at=after(3), answers=Answers(marks={"overall": 5}))

        written = world.surveys.put(answered)

        assert written == replace(answered, version=1)
        assert world.surveys.load(survey.token_hash) == written
        with pytest.raises(Conflict):
            world.surveys.put(replace(answered, answers=Answers(marks={"overall": 1})))
        assert world.surveys.load(survey.token_hash) == written

    def test_a_survey_that_was_touched_is_not_asked_anew(self, world, number):
        item, survey = self.stored(world, number, address=somebody()), self.survey(number)
        world.incidents.claim(self.claimed(item), claim(survey=survey, last_survey_before=NOW))
        world.surveys.put(replace(survey, talk=Talk(again=("overall",))))

        with pytest.raises(Conflict):
            world.incidents.claim(self.claimed(item), claim(survey=survey, counts=False))

    @pytest.mark.parametrize("by_text", [True, False])
    def test_who_may_answer_by_text_is_led_to_their_survey(self, world, number, by_text):
        item, survey = self.stored(world, number, address=somebody()), self.survey(number)
        world.incidents.claim(self.claimed(item), claim(survey=survey, by_text=by_text, last_survey_before=NOW))

        known = world.contacts.load("springfield", item.address, TODAY)

        assert known.survey == (survey.token_hash if by_text else "")

    def test_an_unknown_survey_is_none(self, world):
        assert world.surveys.load(uuid4().hex) is None


class TestStories:
    """Fields that only the table keeps, for people who ask later."""

    def test_all_of_an_incident_is_read_at_once(self, tables, number):
        first, reveal = change(number, rows=[row(number=number)]), Reveal(after(9), "D. Okafor", "complaint")
        said = call(incident_number=number, linked_to=Link("P26-0", "related"), beat=None)
        second = change(number, version=1, at=after(2), source_id="msg#2", updates=(said,))
        tables.incidents.save(first)
        tables.incidents.save(second)
        tables.incidents.note_reveal(key(number), reveal, first.keep_until)

        story = tables.incidents.story(key(number))

        assert story.record == tables.incidents.load(key(number))
        assert [(item.at, item.source_id) for item in story.heard] == [(NOW, first.source_id), (after(2), "msg#2")]
        assert [item.updates for item in story.heard] == [first.updates, second.updates]
        assert (story.reveals, story.keep_until) == ((reveal,), first.keep_until)

    def test_words_of_a_kept_incident_stay_although_their_change_is_refused_and_are_there_once(self, tables, number):
        tables.incidents.save(change(number))
        tables.incidents.save(change(number, version=1, at=after(1), source_id="first"))
        said = {"at": after(2), "source_id": "second"}

        with pytest.raises(Conflict):
            tables.incidents.save(change(number, version=1, **said))
        kept = tables.incidents.story(key(number))
        tables.incidents.save(change(number, version=2, **said))

        assert [item.source_id for item in kept.heard][1:] == ["first", "second"]
        assert kept.record.version == 2
        assert tables.incidents.story(key(number)).heard == kept.heard

    def test_words_are_kept_of_no_incident_that_is_not(self, tables, number):
        row_of_old = replace(row(number=number), version=1)

        with pytest.raises(Conflict):
            tables.incidents.save(change(number, rows=[row_of_old]))

        assert tables.incidents.story(key(number)) == Story(record=tables.incidents.load(key(number)))

    def test_what_is_not_stored_has_no_story(self, tables, number):
        assert tables.incidents.story(key(number)) == Story(record=tables.incidents.load(key(number)))

    def test_an_agencys_incidents_and_what_was_heard_of_them_are_read_by_a_scan(self, tables, number):
        saved = [
            change(
                f"{number}-{n}", incident=incident(call(), number=f"{number}-{n}"), rows=[row(number=f"{number}-{n}")]
            )
            for n in range(3)
        ]
        for one in saved:
            tables.incidents.save(one)
        tables.incidents.note_reveal(key(f"{number}-0"), Reveal(after(9), "D. Okafor", "complaint"), None)

        records = {one.incident.incident_number: one for one in tables.incidents.records("springfield")}
        heard = {one.source_id for one in tables.incidents.heard("springfield")}

        for one in saved:
            assert records[one.incident.incident_number] == tables.incidents.load(one.incident.key)
        assert {one.source_id for one in saved} <= heard
        assert list(tables.incidents.records("spring")) == []


class TestVersionsBefore:
    def test_a_silence_that_a_version_before_wrote_is_kept(self, tables, number):
        who = somebody()
        items, place = tables.bound[ContactItem], tables.contacts.partition("springfield", who)
        items(place, f"silence#{number}", until=instant(after(5)), expires=after(5)).save()

        assert tables.contacts.load("springfield", who, TODAY).silenced_until == after(5)

    def test_a_version_before_finds_the_silence_in_its_items(self, tables, number):
        who = somebody()
        tables.incidents.save(change(number, silence=Silence(frozenset({who}), after(5))))

        items, place = tables.bound[ContactItem], tables.contacts.partition("springfield", who)
        assert items.get(place, f"silence#{number}").until == instant(after(5))
