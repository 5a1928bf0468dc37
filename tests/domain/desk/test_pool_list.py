import pytest

from chalicelib.domain.desk.pool_list import listed


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("tenfour-watch", ["tenfour-watch"]),
        ("tenfour-watch,tenfour-words", ["tenfour-watch", "tenfour-words"]),
        ("[tenfour-watch, tenfour-words]", ["tenfour-watch", "tenfour-words"]),
        ('["tenfour-watch","tenfour-words"]', ["tenfour-watch", "tenfour-words"]),
        ("Watch+commanders,R%26D", ["Watch commanders", "R&D"]),
        ("", []),
        ("[]", []),
    ],
)
def test_a_list_that_a_pool_hands_on_as_text_is_a_list(said, values):
    assert listed("custom:roles", said) == values


@pytest.mark.parametrize("said", ["a,b", ["a,b"], None, 7])
def test_what_any_other_claim_says_stays_as_it_is(said):
    assert listed("roles", said) == said


def test_a_list_of_a_pool_stays_one():
    assert listed("custom:roles", ["a,b"]) == ["a,b"]
