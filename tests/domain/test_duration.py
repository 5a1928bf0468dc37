import pytest

from chalicelib.domain.duration import LONGEST, Duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("20s", 20), ("30m", 1800), ("18h", 64_800), (f"{LONGEST.days}d", 316_224_000)]
)
def test_a_length_is_a_whole_number_and_a_unit(text, seconds):
    assert Duration.parse(text).total_seconds() == seconds
    assert Duration.parse(str(Duration.parse(text))) == Duration.parse(text)


@pytest.mark.parametrize("text", ["", "30", "m", "1.5h", "-1m", "1w", "1234567s", 30, None, f"{LONGEST.days + 1}d"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="expected a duration"):
        Duration.parse(text)
