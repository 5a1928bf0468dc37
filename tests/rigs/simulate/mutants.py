"""Flows and ports that are wrong in one way each: what the simulation must find."""

import logging
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.desk.attention import CALM
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.people.contact import Contact
from chalicelib.domain.settings.hours import Window
from chalicelib.flow.incidents.receive import Received, receive_updates
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.errors import Conflict
from rigs.simulate.functions import Flows
from rigs.simulate.promise import Promise

ALL_DAY = dict.fromkeys(Kind, Window(start=time(), end=time()))


class Instead:
    """A port, or all of them, with something in the place of some of its parts."""

    def __init__(self, inner: Any, **parts: Any) -> None:
        self._inner = inner
        for name, part in parts.items():
            setattr(self, name, part)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def careless(ports: Any, port: str, **methods: Any) -> Instead:
    """Return ports with one whose methods are wrong: each gets the right port, then its arguments."""
    inner = getattr(ports, port)
    wrong = {name: (lambda *args, act=act: act(inner, *args)) for name, act in methods.items()}
    return Instead(ports, **{port: Instead(inner, **wrong)})


def delivering(port: str, **methods: Any) -> Flows:
    """Return flows of which `deliver` has a port that is wrong."""
    return Flows(deliver=lambda key, ports, now: deliver_notification(key, careless(ports, port, **methods), now))


def receiving(**methods: Any) -> Flows:
    """Return flows of which `receive` has incidents that are wrong."""

    def receive(updates, source, agency, ports, now):
        return receive_updates(updates, source, agency, careless(ports, "incidents", **methods), now)

    return Flows(receive=receive)


def claim_over_anything(incidents, row, claim):
    record = incidents.load(row.key.incident)
    row = replace(row, version=record.rows[row.key].version)
    return incidents.claim(row, replace(claim, incident_version=record.version))


def claim_nothing(incidents, row, claim):
    return row


def claim_without_count(incidents, row, claim):
    return incidents.claim(row, replace(claim, cap=0, last_survey_before=None))


def send_again_when_in_doubt(key, ports, now):
    class Insistent:
        def __init__(self, inner):
            self.inner, self.tells = inner, inner.tells

        def send(self, outgoing):
            try:
                return self.inner.send(outgoing)
            except SendFailed as failure:
                if failure.outcome != "ambiguous":
                    raise
                return self.inner.send(outgoing)

    senders = {name: Insistent(sender) for name, sender in ports.senders.items()}
    return deliver_notification(key, Instead(ports, senders=senders), now)


def acknowledge_anyway(updates, source, agency, ports, now):
    try:
        return receive_updates(updates, source, agency, ports, now)
    except Exception:  # noqa: BLE001  the mistake that is to be found
        return Received()


def last_heard_wins(updates, source, agency, ports, now):
    return receive_updates([replace(each, as_of=now) for each in updates], source, agency, ports, now)


def forget_modifiers(updates, source, agency, ports, now):
    def told(update):
        kept = {name: value for name, value in update.facts.items() if name != "type_modifier"}
        return replace(update, facts=kept)

    return receive_updates([told(each) for each in updates], source, agency, ports, now)


def save_over_anything(incidents, change):
    try:
        incidents.save(change)
    except Conflict:
        record = incidents.load(change.incident.key)
        rows = tuple(row for row in change.rows if record.rows.get(row.key, row).version == row.version)
        incidents.save(replace(change, version=record.version, rows=rows))


def wake_what_is_finished(receipt, ports):
    row = ports.incidents.load(receipt.notification.incident).rows[receipt.notification]
    if row.state is State.DELIVERED:
        return ports.incidents.put(replace(row, state=State.SCHEDULED, send_at=receipt.at)).state
    return take_receipt(receipt, ports)


def keep_forgotten_surveys(token, form, language, ports, now):
    def put(surveys, survey):
        known = surveys.load(survey.token_hash)
        return surveys.put(replace(survey, version=known.version))

    return answer_survey(token, form, language, careless(ports, "surveys", put=put), now)


def keep_no_follow_up(token, form, language, ports, now):
    def keep(follow_ups, one, keep_until):
        return False

    return answer_survey(token, form, language, careless(ports, "follow_ups", keep=keep), now)


def never_end_a_lease(key, ports, now):
    row = ports.incidents.load(key.incident).rows.get(key)
    return None if row and row.state is State.SENDING else deliver_notification(key, ports, now)


def talk_in_the_log(key, ports, now):
    row = ports.incidents.load(key.incident).rows.get(key)
    logging.getLogger("tenfour").info("delivering", extra={"to": row and row.address})
    return deliver_notification(key, ports, now)


def go_by_an_old_clock(key, ports, now):
    row = ports.incidents.load(key.incident).rows.get(key)
    return deliver_notification(key, ports, min(now, row.expires_at - timedelta(seconds=1)) if row else now)


def know_nobody(contacts, *_):
    return Contact()


def export_some(changes, name, lake, settings):
    return export_changes(list(changes)[:-1] or list(changes), name, lake, settings)


def export_phones(changes, name, lake, settings):
    def land_together(inner, name, rows):
        inner.land_together(name, [replace(row, agency_id="+13035550100") for row in rows])

    leaky = careless(Instead(None, lake=lake), "lake", land_together=land_together).lake
    return export_changes(changes, name, leaky, settings)


def forget_before_it_is_written(lake):
    waiting = {landed.name: lake.read_landed(landed) for landed in lake.landed()}
    every = list(lake.landed())
    lake.forget(every)
    kept = Instead(lake, landed=lambda: every, read_landed=lambda landed: waiting[landed.name])
    return compact_landing(kept)


def stop_is_not_stored(reply, ports):
    return take_reply(reply, careless(ports, "contacts", opt_out=lambda *_: None))


def no_pauses(settings, agency_id):
    return replace(settings.conditions(agency_id), pauses=())


@dataclass
class Mutant:
    """One way of being wrong, the promises of which one must be seen to break, and the first seed that breaks one."""

    name: str
    flows: Flows
    breaks: tuple[Promise, ...]
    seed: int = 0


MUTANTS = (
    Mutant(
        "claims over whatever changed",
        delivering("incidents", claim=claim_over_anything),
        (Promise.PLAN, Promise.TWICE),
        seed=5,
    ),
    Mutant("sends without a claim", delivering("incidents", claim=claim_nothing), (Promise.TWICE,)),
    Mutant(
        "counts no cap",
        Flows(
            deliver=lambda key, ports, now: deliver_notification(
                key,
                careless(careless(ports, "incidents", claim=claim_without_count), "contacts", load=know_nobody),
                now,
            )
        ),
        (Promise.PERMIT, Promise.DANGER),
        seed=6,
    ),
    Mutant("sends again when in doubt", Flows(deliver=send_again_when_in_doubt), (Promise.TWICE,), seed=11),
    Mutant("acknowledges what it could not store", Flows(receive=acknowledge_anyway), (Promise.LOST,), seed=4),
    Mutant("takes the last word heard for the latest", Flows(receive=last_heard_wins), (Promise.ORDER, Promise.LOST)),
    Mutant("forgets a word that matters", Flows(receive=forget_modifiers), (Promise.DANGER, Promise.ORDER), seed=3),
    Mutant(
        "writes over what another wrote", receiving(save=save_over_anything), (Promise.ORDER, Promise.LOST), seed=60
    ),
    Mutant(
        "silences nobody",
        receiving(save=lambda incidents, change: incidents.save(replace(change, silence=None))),
        (Promise.DANGER,),
        seed=10,
    ),
    Mutant(
        "keeps no reasons",
        receiving(save=lambda incidents, change: incidents.save(replace(change, skipped=()))),
        (Promise.EXPLAINED,),
    ),
    Mutant("never sweeps", Flows(sweep=lambda ports, now: 0), (Promise.TIMELY, Promise.LOST), seed=4),
    Mutant("never ends a lease", Flows(deliver=never_end_a_lease), (Promise.LOST,), seed=14),
    Mutant("hears no receipts", Flows(receipt=lambda receipt, ports: None), (Promise.TWICE,), seed=331),
    Mutant("believes any receipt", Flows(receipt=wake_what_is_finished), (Promise.TWICE,), seed=12),
    Mutant("stores no STOP", Flows(reply=stop_is_not_stored), (Promise.PERMIT,), seed=6),
    Mutant("sends what is stale", Flows(deliver=go_by_an_old_clock), (Promise.STALE,), seed=83),
    Mutant(
        "knows no hours",
        delivering(
            "settings",
            agency=lambda settings, name, at_least=0: replace(settings.agency(name, at_least), hours=ALL_DAY),
        ),
        (Promise.PERMIT,),
        seed=19,
    ),
    Mutant(
        "waits for no human",
        delivering(
            "settings", agency=lambda settings, name, at_least=0: replace(settings.agency(name, at_least), mass_call=99)
        ),
        (Promise.PERMIT,),
        seed=7,
    ),
    Mutant("knows no pause", delivering("settings", conditions=no_pauses), (Promise.PERMIT,), seed=8),
    Mutant(
        "hears a silent feed",
        Flows(
            deliver=lambda key, ports, now: deliver_notification(
                key,
                careless(
                    ports,
                    "settings",
                    conditions=lambda inner, name: replace(inner.conditions(name), feed_heard_at=now),
                ),
                now,
            )
        ),
        (Promise.STALE,),
        seed=150,
    ),
    Mutant("writes an answer over another", Flows(answer=keep_forgotten_surveys), (Promise.LOST,), seed=8),
    Mutant("gives nobody a low score", Flows(answer=keep_no_follow_up), (Promise.LOST,), seed=6),
    Mutant("logs a phone", Flows(deliver=talk_in_the_log), (Promise.LEAKS,)),
    Mutant("exports phones", Flows(export=export_phones), (Promise.LEAKS,)),
    Mutant("exports a part", Flows(export=export_some), (Promise.LAKE,)),
    Mutant("deletes before it is written", Flows(compact=forget_before_it_is_written), (Promise.LAKE,), seed=0),
    Mutant(
        "leads nobody to a call",
        receiving(save=lambda incidents, change: incidents.save(replace(change, met=frozenset()))),
        (Promise.INDEX,),
    ),
    Mutant(
        "tells nobody of a held call",
        receiving(save=lambda incidents, change: incidents.save(replace(change, attention=CALM))),
        (Promise.INDEX,),
        seed=12,
    ),
)
