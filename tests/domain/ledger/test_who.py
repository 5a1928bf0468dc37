"""Who did something, as pages show it: the name, and the sign-in by itself."""

import pytest

from chalicelib.domain.ledger.who import Shown, apart


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("Dana Ruiz (dana at id.example)", (Shown("Dana Ruiz", "dana · id.example"),)),
        ("Dana Ruiz (desk:id.example:dana)", (Shown("Dana Ruiz", "dana · id.example"),)),
        ("dana at id.example", (Shown("", "dana · id.example"),)),
        ("desk:id.example:dana", (Shown("", "dana · id.example"),)),
        ("R. Lead", (Shown("R. Lead", ""),)),
        ("user/ann", (Shown("", "user/ann"),)),
        ("Ann Lead (ann at id.example) and user/ben", (Shown("Ann Lead", "ann · id.example"), Shown("", "user/ben"))),
    ],
)
def test_a_name_and_its_sign_in_are_told_apart(who, told):
    assert apart(who) == told
