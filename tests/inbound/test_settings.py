import pytest

from chalicelib.aws.document import decode, encode
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.settings import InvalidSettings, read_settings
from chalicelib.insight.settings.files import load_settings
from tenfour.common.paths import AGENCIES
from tests.factories import SETTINGS


@pytest.mark.parametrize("path", sorted(AGENCIES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_settings_that_ship_are_valid_and_survive_publishing(path):
    agency = load_settings(path)

    assert decode(encode(agency), Agency) == agency


def test_a_new_agency_sends_nothing():
    assert read_settings(SETTINGS.replace('mode = "live"', "")).mode == "shadow"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("agency_id = ", "not TOML"),
        (SETTINGS.replace('"springfield"', '"Spring field"'), "agency_id"),
        (SETTINGS.replace("America/Denver", "America/Springfield"), "time_zone"),
        (SETTINGS.replace('"handled"', '"resolved"'), "dispositions"),
        (SETTINGS + '[delay]\nafter = ["30"]\n', "delay.after"),
        (SETTINGS + "[delay]\nafter = []\n", "delay.after"),
        (SETTINGS + '[[incident_types]]\ncodes = ["NOISE"]\ndescription = "again"\n', "NOISE is listed twice"),
        (SETTINGS + '[[incident_types]]\ncodes = ["X"]\n', "description"),
        (SETTINGS + "[caps]\nper_incident = -1\n", "caps.per_incident"),
        (SETTINGS + "[colours]\nblue = 1\n", "colours"),
        (
            SETTINGS.replace("sensitive_types", 'institutional_numbers = ["303"]\nsensitive_types'),
            "institutional_numbers",
        ),
        (SETTINGS.replace('"Springfield PD"', '"The Police Department of Springfield"'), "short_name"),
        (SETTINGS.replace("https://tell", "tell"), "survey.link"),
        (SETTINGS.replace("+13035550199", "303-555-019"), "numbers.sms_from"),
        (SETTINGS.replace("no-reply@", ""), "numbers.email_from"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(wrong, said):
    with pytest.raises(InvalidSettings) as refused:
        read_settings(wrong)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
