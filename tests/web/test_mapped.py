"""Posts by a mapping: what is passed over, and that each encoding is read as `mapping check` reads it."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.boundary import answering
from chalicelib.domain.names import IncidentKey
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.insight.mapping.check import check, load_mapping
from chalicelib.web.webhooks import receive
from tenfour.common.paths import ROOT
from tests.factories import agency
from tests.fuzz.doors import Doors, request, signed

FOLDER = ROOT / "tests" / "mappings"
TYPES = {".json": "application/json", ".xml": "text/xml", ".csv": "text/csv", ".txt": "text/plain"}


class Mapped(Doors):
    """A world in which the mappings of a folder are published."""

    def __init__(self, *agencies, folder=FOLDER):
        super().__init__(*agencies)
        self.mappings, self._folder = self, folder

    def text(self, _agency_id, name):
        path = self._folder / f"{name}.toml"
        return path.read_text() if path.exists() else None


def posted(world, name, body, sent_as, feed="cad"):
    query = {"mapping": name}
    return answering(receive)(
        "springfield", feed, request("POST", body, signed(body, {"content-type": sent_as}), query), world
    )


@pytest.mark.parametrize("path", sorted((FOLDER / "quiet").iterdir()), ids=lambda path: path.stem)
def test_a_quiet_message_is_a_sign_of_life_and_nothing_of_it_is_kept(path):
    world = Mapped(agency())

    answer = posted(world, path.stem.partition("-")[0], path.read_bytes(), TYPES[path.suffix])

    assert answer.status_code == 202
    assert answer.body == {"accepted": 0, "duplicates": 0, "rejected": (), "passed_over": 1}
    heard, _ = world.settings.feed("springfield")
    assert (world.rejects.kept, heard.tally.updates, heard.tally.rejected, heard.told_at) == ([], 0, 0, None)


def test_what_is_passed_over_is_counted_beside_what_is_taken():
    world = Mapped(agency())

    answer = posted(world, "snapshot", (FOLDER / "snapshot.json").read_bytes(), "application/json")

    assert answer.body == {"accepted": 2, "duplicates": 0, "rejected": (), "passed_over": 2}
    assert world.incidents.load(IncidentKey("springfield", "26-1")).incident.facts.arrived_at
    assert not world.incidents.load(IncidentKey("springfield", "26-2")).version


def test_a_snapshot_that_is_posted_again_is_all_duplicates():
    world, body = Mapped(agency()), (FOLDER / "snapshot.json").read_bytes()
    posted(world, "snapshot", body, "application/json")
    before = world.incidents.load(IncidentKey("springfield", "26-1")).version

    answer = posted(world, "snapshot", body, "application/json")

    assert (answer.body["accepted"], answer.body["duplicates"]) == (0, 2)
    assert world.incidents.load(IncidentKey("springfield", "26-1")).version == before


def test_what_is_wrong_is_rejected_though_others_are_passed_over():
    body = json.dumps(
        {"Calls": [{"Number": "x" * 41, "Kind": {"Agency": "LAW"}}, {"Kind": {"Agency": "EMS"}}]}
    ).encode()
    answer = posted(Mapped(agency()), "snapshot", body, "application/json")

    assert (answer.status_code, len(answer.body["rejected"]), answer.body["passed_over"]) == (422, 1, 1)


def test_records_systems_use_mappings_too():
    world = Mapped(agency())

    answer = posted(world, "flat", (FOLDER / "flat.json").read_bytes(), "application/json", "rms")

    assert answer.status_code == 202
    assert answer.body["accepted"]
    assert world.settings.feed("springfield")[0].told_at is None  # only the dispatch system's life is watched


def test_text_is_posted_as_text():
    world, body = Mapped(agency()), (FOLDER / "pages.txt").read_bytes()

    assert posted(world, "pages", body, "text/plain; charset=utf-8").body["accepted"] == 2
    assert posted(world, "pages", body, "application/json").status_code == 415


# --- encodings

WORDS = "Fête bruyante – ñ"
BODIES = {
    "json": f'{{"n": "P26-1", "d": "{WORDS}"}}',
    "xml": f"<c><n>P26-1</n><d>{WORDS}</d></c>",
    "rows": f"n,d\nP26-1,{WORDS}\n",
    "text": f"P26-1;{WORDS}\n",
}
SENT_AS = {"json": "application/json", "xml": "text/xml", "rows": "text/csv", "text": "text/plain"}
WRITTEN = {
    "UTF-8": lambda body: body.encode(),
    "UTF-8 with a mark": lambda body: body.encode("utf-8-sig"),
    "UTF-16 with a mark": lambda body: body.encode("utf-16"),
    "as the mapping says": lambda body: body.encode("cp1252"),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("encoding", ["windows-1252", ""])
def test_bytes_are_read_at_the_webhook_as_the_check_reads_them(kind, written, encoding, tmp_path):
    lines = "lines = '^(?P<n>[^;]+);(?P<d>.*)$'\n" if kind == "text" else ""
    told = f'format = "{kind}"\nencoding = "{encoding}"\n{lines}'
    fields = '[fields]\nincident_number = "n"\nas_of = {now = true}\nincident_type_description = "d"\n'
    mapping, sample = tmp_path / "ours.toml", tmp_path / "sample"
    mapping.write_text(told + fields)
    sample.write_bytes(WRITTEN[written](BODIES[kind]))
    world = Mapped(agency(), folder=tmp_path)

    answer = posted(world, "ours", sample.read_bytes(), SENT_AS[kind])
    read = world.incidents.load(IncidentKey("springfield", "P26-1")).incident.facts.incident_type_description

    if written == "as the mapping says" and not encoding:
        assert answer.status_code == 400
        with pytest.raises(InvalidMapping):
            check(load_mapping(mapping), sample, datetime.now(UTC))
    else:
        (outcome,) = check(load_mapping(mapping), sample, datetime.now(UTC)).outcomes
        assert [read] == [line.value for line in outcome.lines if line.field == "incident_type_description"] == [WORDS]


@pytest.mark.parametrize("name", ["windows-1252", "iso-8859-1", "utf-16", "utf-8"])
def test_xml_that_says_its_encoding_is_believed(name, tmp_path):
    (tmp_path / "ours.toml").write_text(
        'format = "xml"\nencoding = "windows-1252"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n'
        'incident_type_description = "d"\n'
    )
    world, words = Mapped(agency(), folder=tmp_path), "Fête ñ"
    body = f'<?xml version="1.0" encoding="{name}"?><c><n>P26-1</n><d>{words}</d></c>'.encode(name)

    assert posted(world, "ours", body, "application/xml").status_code == 202
    known = world.incidents.load(IncidentKey("springfield", "P26-1")).incident.facts
    assert known.incident_type_description == words
