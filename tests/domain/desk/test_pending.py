"""What a sign-in is made of; the oracle is RFC 7636."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.pending import challenge, derived, hashed


def test_the_challenge_is_that_of_rfc_7636_appendix_b():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@given(st.text(min_size=1, max_size=50), st.text(min_size=1, max_size=50))
def test_state_nonce_and_verifier_are_apart_and_another_cookie_s_are_others(one, other):
    ours, theirs = ([derived(each, name) for name in ("state", "nonce", "verifier")] for each in (one, other))

    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", value) for value in ours)
    assert len(set(ours)) == 3
    assert (set(ours) & set(theirs) != set()) == (one == other)
    assert one not in ours


def test_a_hash_is_sha_256_in_hex():
    assert hashed("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
