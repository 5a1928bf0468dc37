"""A published version has no field that the release before refuses: each of those stands beside its document.

`settings_before.txt` has the fields that the release before knows, by the name of their type. `tests/whole` runs that
release itself; this test tells in a second what would break there.
"""

from pathlib import Path

import pytest
from msgspec.inspect import DictType, Field, StructType, Type, UnionType, VarTupleType, type_info
from msgspec.structs import replace

from chalicelib.aws.document import decode
from chalicelib.aws.stores.settings_version import read_version, write_version
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import City
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.inbound.settings import read_settings
from tests.aws.test_settings import HARBOR
from tests.factories import agency, demo_agency

KNOWN = {
    name: set(fields.split())
    for name, fields in (
        line.split(":") for line in Path(__file__).with_name("settings_before.txt").read_text().splitlines()
    )
}
SURVEY = replace(demo_agency().survey, labor_agreement="Police Officers Association, January 2026")
VERSIONS = {
    "a city": agency(),
    "the demo": demo_agency(),
    "languages": read_settings(HARBOR),
    "a labor agreement": replace(demo_agency(), survey=SURVEY),
    "cities": replace(demo_agency(), cities=(City(beats=("7",), name="North City", short_name="North"),)),
}


def refused(value, kind: Type):
    """Yield the fields of a document, as JSON has it, that the release before refuses."""
    if isinstance(kind, StructType) and isinstance(value, dict):
        for name in value.keys() - KNOWN[kind.cls.__name__]:
            yield f"{kind.cls.__name__}.{name}"
        known: dict[str, Field] = {field.encode_name: field for field in kind.fields}
        for name in value.keys() & known.keys():
            yield from refused(value[name], known[name].type)
    elif isinstance(kind, UnionType):
        for each in kind.types:
            yield from refused(value, each)
    elif isinstance(kind, DictType) and isinstance(value, dict):
        for each in value.values():
            yield from refused(each, kind.value_type)
    elif isinstance(kind, VarTupleType) and isinstance(value, list):
        for each in value:
            yield from refused(each, kind.item_type)


@pytest.mark.parametrize("name", VERSIONS)
def test_the_release_before_knows_each_field_of_the_document(name):
    item = SettingsItem("springfield", "v")
    write_version(item, VERSIONS[name])

    assert [*refused(decode(item.document, dict), type_info(Agency))] == []


@pytest.mark.parametrize("name", VERSIONS)
def test_what_stands_beside_it_is_read_again(name):
    ours = replace(VERSIONS[name], judgements=Judgements())
    item = SettingsItem("springfield", "v")
    write_version(item, ours)

    assert read_version(SettingsItem, item) == ours


def test_a_field_that_it_does_not_know_is_found():
    document = {"survey": {"labor_agreement": "x"}, "words": {"en": {"sms": {}, "fax": ""}}}

    assert {*refused(document, type_info(Agency))} >= {"SurveyRules.labor_agreement"}
