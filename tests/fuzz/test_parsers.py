"""Each reader of outside input either reads it or raises the error that it promises."""

import contextlib
import json
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.auth import Unauthentic, WebhookKey, authenticate
from chalicelib.aws.document import encode
from chalicelib.aws.stores.history import read_heard
from chalicelib.aws.tables import IncidentItem
from chalicelib.boundary import Refused, pairs
from chalicelib.carriers.end_user_messaging import events as messaging_events
from chalicelib.carriers.events import read_receipt, read_reply
from chalicelib.carriers.ses import events as ses_events
from chalicelib.carriers.twilio.callbacks import signed_by_twilio
from chalicelib.domain.names import CORRELATION, NotificationKey
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent
from chalicelib.domain.people.consent import read_unsubscribe
from chalicelib.domain.people.reply import Intent, Reply, intent, language_of
from chalicelib.domain.phones import clean_phone
from chalicelib.domain.surveys.read_comment import judge, scrub
from chalicelib.inbound.cad.cloud_events import BATCH, EVENT, read_events, updates_in
from chalicelib.inbound.cad.exercise import as_exercise
from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable, read_updates
from chalicelib.inbound.cad.update_fields import UpdateBody
from chalicelib.inbound.judgements import InvalidJudgements, read_judgements
from chalicelib.inbound.settings import InvalidSettings, read_settings
from chalicelib.insight.settings.check import check
from chalicelib.virtual.extract import Case, InvalidMap, Unreadable, load_map, read_extract
from chalicelib.web.languages import accepted_among, accepted_language
from chalicelib.web.origin import posted_from
from tenfour.common.paths import AGENCIES, ROOT
from tests.factories import NOW, SETTINGS
from tests.fuzz.doors import request
from tests.fuzz.many import fewer, many

texts = st.text(max_size=30) | st.sampled_from(["", " ", "\ud800", "\x00", "é" * 300, "-1", "9" * 400, "null", "1e999"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts.filter(lambda text: text.isprintable()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
OURS = "harbor__H26-1__delay__1__0"
REFUSALS = (UnknownEvent, msgspec.DecodeError)


def mutated(seeds):
    """Return bytes that are nearly one of these: some cut out, some put in, some said twice."""

    @st.composite
    def mutants(draw):
        text = bytearray(draw(st.sampled_from(seeds)))
        for _ in range(draw(st.integers(0, 4))):
            at = draw(st.integers(0, len(text)))
            end = min(len(text), at + draw(st.integers(0, 12)))
            text[at:end] = draw(st.binary(max_size=6) | st.just(bytes(text[at:end]) * 2))
        return bytes(text)

    return mutants()


UPDATE = {
    "incident_number": "H26-1",
    "as_of": NOW.isoformat(),
    "incident_type": "NOISE",
    "received_at": NOW.isoformat(),
    "dispositions": ["HAN"],
    "linked_to": {"incident_number": "H26-2", "relation": "duplicate_of"},
    "units": [{"unit": "3A12", "officer_ids": ["o1"]}],
    "reporting_parties": [{"party_id": "1", "role": "caller", "phone": "+13035550123", "email": "a@people.example"}],
}
bodies = mutated([json.dumps({"updates": [UPDATE]}).encode(), json.dumps({"updates": [UPDATE] * 3}).encode()])
updates = st.dictionaries(st.sampled_from(sorted(UpdateBody.__struct_fields__)), values, max_size=5)


@many
@given(bodies | updates.map(lambda told: json.dumps({"updates": [UPDATE, UPDATE | told]}).encode()))
def test_webhooks(tried, body):
    tried["webhook bodies"] += 1
    with contextlib.suppress(Malformed, Unacceptable):
        batch = read_updates(body, "wh", "US", NOW)
        assert all(item.error for item in batch.rejected)
        assert len(batch.set_aside) == len(batch.rejected)
        for update in batch.updates:
            assert update.as_of <= NOW + timedelta(minutes=5)
            assert "\x00" not in str(update)
        told = (*batch.updates, *batch.salvaged)
        stored = read_heard(IncidentItem("incident", f"history#{NOW.isoformat()}#wh", document=encode(told)))
        assert stored
        assert stored.updates == told


AROUND = {"specversion": "1.0", "id": "e1", "source": "//cad", "type": "changed"}
envelopes = mutated(
    [json.dumps(told).encode() for told in (AROUND | {"data": {"updates": [UPDATE]}}, [AROUND | {"data": UPDATE}] * 2)]
)


@many
@given(envelopes, st.sampled_from([EVENT, BATCH]))
def test_cloud_events(tried, body, media_type):
    tried["events"] += 1
    with contextlib.suppress(Malformed, Unacceptable):
        batch = as_exercise(read_updates(updates_in(read_events(body, media_type)), "wh", "US", NOW))
        told = (*batch.updates, *batch.salvaged)
        assert all(update.facts["exercise"] is True and not update.addresses for update in told)


EVENTS = [
    {"eventType": "TEXT_DELIVERED", "eventTimestamp": 1795000000000, "messageId": "m", "context": {CORRELATION: OURS}},
    {
        "eventType": "Bounce",
        "mail": {"messageId": "m", "timestamp": NOW.isoformat(), "tags": {CORRELATION: [OURS]}},
        "bounce": {"timestamp": NOW.isoformat(), "bounceType": "Permanent", "bounceSubType": "General"},
    },
    {"twilio": {"MessageStatus": "delivered", "MessageSid": "SM1"}, "at": NOW.isoformat(), "notification": OURS},
]
KINDS = [*messaging_events.STATES, *ses_events.STATES, "", "TEXT_", "text"]
event_fields = st.dictionaries(
    st.sampled_from(["eventTimestamp", "messageId", "context", "mail", "bounce", "at", "notification", "twilio"]),
    values | st.sampled_from([10**17, -1, "2026-11-21T18:00:00", "9999-12-31T23:59:59-23:59"]),
)
events = st.builds(
    lambda event, told, kind: json.dumps(event | told | ({"eventType": kind} if kind else {})).encode(),
    st.sampled_from(EVENTS),
    event_fields,
    st.sampled_from(KINDS) | texts.filter(lambda text: text.isprintable()),
)


@many
@given(events | mutated([json.dumps(event).encode() for event in EVENTS]))
def test_receipts(tried, body):
    tried["receipts of three providers"] += 1
    with contextlib.suppress(*REFUSALS):
        receipt = read_receipt(body.decode(errors="replace"))
        assert receipt is None or (isinstance(receipt, Receipt) and receipt.at.tzinfo)


REPLIES = [
    {
        "originationNumber": "+13035550123",
        "destinationNumber": "+13035550199",
        "messageBody": "STOP",
        "inboundMessageId": "i",
    },
    {"twilio": {"From": "+13035550123", "Body": "STOP", "MessageSid": "SM1"}, "at": NOW.isoformat(), "number": "+1303"},
]


@many
@given(mutated([json.dumps(reply).encode() for reply in REPLIES]))
def test_replies(tried, body):
    tried["replies of two providers"] += 1
    with contextlib.suppress(*REFUSALS):
        reply = read_reply(body.decode(errors="replace"), NOW)
        assert isinstance(reply, Reply)
        assert intent(reply.body) in Intent


PHRASES = [
    "stop",
    "please",
    "no",
    "more",
    "texts",
    "surveys",
    "START",
    "yes",
    "5",
    "1",
    "help",
    "gun",
    "\n",
    ".",
    ",",
    "¿",
    "Sent from",
]
said = st.lists(st.sampled_from(PHRASES) | texts, max_size=12).map(" ".join)


@many
@given(said)
def test_what_people_write(tried, words):
    tried["what people write"] += 1
    assert intent(words) in Intent
    assert language_of(words) in ("es", None)
    assert scrub(scrub(words)) == scrub(words)
    assert judge(words)


@many
@given(
    st.sampled_from(["303-555-0123", "+1 (303) 555-0123 x5", "911-555-0100"]) | texts,
    st.sampled_from(["US", "MX", "DE"]),
)
def test_phones(tried, text, country):
    tried["phones"] += 1
    phone = clean_phone(text, country)
    assert phone.number is None or (phone.number[0] == "+" and phone.number[1:].isdigit())
    assert phone.number is None or phone.number[-7:] in "".join(str(int(one)) for one in text if one.isdecimal())


SETTINGS_FILES = [SETTINGS.encode(), *(path.read_bytes() for path in sorted(AGENCIES.glob("*.toml")))]


@fewer
@given(mutated(SETTINGS_FILES))
def test_settings(tried, text):
    tried["settings"] += 1
    with contextlib.suppress(InvalidSettings):
        assert read_settings(text.decode(errors="replace"))


@many
@given(mutated([path.read_bytes() for path in sorted(AGENCIES.glob("*.csv"))]))
def test_judgements(tried, text):
    tried["judgements"] += 1
    with contextlib.suppress(InvalidJudgements):
        judgements = read_judgements(text.decode(errors="replace"))
        assert all(entry.verdicts for entry in judgements.entries)


@fewer
@given(mutated(SETTINGS_FILES))
def test_settings_are_checked(tried, tmp_path_factory, text):
    tried["tenfour settings check"] += 1
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_bytes(text)

    assert str(check(file))


MAP = load_map(ROOT / "infra" / "maps" / "nashville.toml")
COLUMNS = sorted({path for path in MAP.mapper.mapping.fields.values() if isinstance(path, str)})
cells = texts | st.sampled_from(["11/21/2026 05:20:00 PM", "P26-1", '"', '""', ",", "\r\n", "'"])
rows = st.lists(st.lists(cells, min_size=len(COLUMNS), max_size=len(COLUMNS)).map(",".join), max_size=4)


@fewer
@given(
    rows.map(lambda lines: "\n".join([",".join(COLUMNS), *lines]).encode(errors="surrogatepass"))
    | st.binary(max_size=99)
)
def test_extracts(tried, tmp_path_factory, text):
    tried["cities' extracts, CSV"] += 1
    file = tmp_path_factory.getbasetemp() / "fuzzed.csv"
    file.write_bytes(text)

    with contextlib.suppress(InvalidMap):
        assert all(isinstance(item, Case | Unreadable) for item in read_extract(file, MAP))


headers = st.dictionaries(
    st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "authorization"]),
    texts | st.sampled_from(["v1,AAAA", "v1," + "A" * 5000, "Bearer x", str(int(NOW.timestamp()))]),
)


@many
@given(headers, st.binary(max_size=20))
def test_signatures(tried, given_headers, body):
    tried["signatures"] += 1
    key = WebhookKey(name="cad", feed="cad", agencies=("harbor",), secret="whsec_" + "A" * 32, bearer="b" * 20)
    encodable = {name: text.encode(errors="replace").decode() for name, text in given_headers.items()}
    with contextlib.suppress(Unauthentic):
        authenticate(encodable, body, "cad", (key,), NOW)
        raise AssertionError("a made-up signature is right")
    assert not signed_by_twilio("https://a.example/x", [("a", "b")], encodable.get("webhook-signature", ""), "token")


FORM = b'--x\r\nContent-Disposition: form-data; name="overall"\r\n\r\n5\r\n--x--\r\n'
kinds = st.sampled_from(["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]) | texts.map(
    lambda text: f"multipart/form-data; boundary={text}".encode(errors="replace").decode()
)


@many
@given(mutated([FORM, FORM * 3, b"overall=5&comment=a+b%20c&first=1"]), kinds)
def test_forms(tried, body, content_type):
    tried["forms"] += 1
    with contextlib.suppress(Refused):
        posted = pairs(request("POST", body=body, headers={"content-type": content_type}))
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in posted)


@many
@given(st.text(max_size=60) | mutated([OURS.encode()]).map(lambda word: word.decode(errors="replace")))
def test_names_of_notifications(tried, word):
    tried["names of notifications"] += 1
    with contextlib.suppress(ValueError):
        key = NotificationKey.from_id(word)
        assert NotificationKey.from_id(key.id) == key


@many
@given(texts, texts)
def test_headers_and_links(tried, one, other):
    tried["headers and links"] += 1
    assert accepted_language(one) in ("en", "es")
    assert accepted_among(one, ["en", "es", "fa"]) in ("en", "es", "fa", None)
    assert isinstance(posted_from({"origin": one, "referer": other}), str)
    assert read_unsubscribe(b"secret", one.encode(errors="replace").decode()) is None


def test_every_reader_is_tried():
    """Outside input is read only in `inbound/` and by the carriers, and each reader is fuzzed here."""
    inbound, carriers = ROOT / "chalicelib" / "inbound", ROOT / "chalicelib" / "carriers"
    readers = {str(path.relative_to(inbound)) for path in inbound.glob("*.py")}
    readers |= {str(path.relative_to(inbound)) for path in (inbound / "cad").glob("*.py")}
    readers |= {str(path.relative_to(carriers)) for path in carriers.rglob("events.py")}

    assert {name for name in readers if not name.endswith("__init__.py")} == {
        "cad/update_fields.py",
        "cad/cloud_events.py",
        "cad/exercise.py",
        "cad/loosely.py",
        "cad/phones.py",
        "cad/rejected.py",
        "cad/several.py",
        "cad/shorten.py",
        "cad/json_repair.py",
        "cad/read_updates.py",
        "end_user_messaging/events.py",
        "events.py",
        "ses/events.py",
        "judgements.py",
        "settings.py",
        "twilio/events.py",
    }
