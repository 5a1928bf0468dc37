"""What an ID token must say. Oracles: OpenID Connect Core 1.0, 3.1.3.7, rule by rule; and PyJWT, which others wrote."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import jwt
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.id_token import Expected, Reason, Refused, check, read
from tests.factories import NOW, after

ISSUER, CLIENT, NONCE = "https://id.springfield.example/v2.0", "desk", "n" * 43
EXPECTED = Expected(
    issuer=ISSUER, client_id=CLIENT, nonce=NONCE, asked_at=NOW, claims=frozenset({"roles", "cognito:groups"})
)
AGAIN = replace(EXPECTED, again=True)
KEY = "k" * 32
SECOND = timedelta(seconds=1)


def claims(at=NOW, **changes):
    """Return what an exact provider says; None leaves a claim out."""
    usual = {"iss": ISSUER, "sub": "ann", "aud": CLIENT, "nonce": NONCE}
    usual |= {"iat": at.timestamp(), "exp": after(60).timestamp(), "auth_time": at.timestamp()}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def reason(said, expected=EXPECTED, now=NOW):
    try:
        check(said, expected, now)
    except Refused as refused:
        return refused.reason
    return None


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
instants = st.one_of(odd, st.integers(-90, 90).map(lambda minutes: after(minutes).timestamp()))
texts = st.sampled_from([ISSUER, f"{ISSUER}/", ISSUER.upper(), CLIENT, "another", NONCE, "ann", ""])
whatever = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.one_of(odd, texts),
        "sub": st.one_of(odd, texts),
        "aud": st.one_of(odd, texts, st.lists(texts, max_size=3)),
        "azp": st.one_of(odd, texts),
        "nonce": st.one_of(odd, texts),
        "exp": instants,
        "iat": instants,
        "nbf": instants,
        "auth_time": instants,
        "amr": odd,
        "acr": odd,
        "roles": odd,
        "name": odd,
        "_claim_names": odd,
    },
)


def number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def keeps_every_rule(said, expected, now):
    """Tell whether claims keep Core 3.1.3.7 and 2, as they are written, with the clocks' allowance of two minutes."""
    ours, skew = said.get("aud"), 120
    audiences = ours if isinstance(ours, list) else [ours]
    at = now.timestamp()
    return (
        said.get("iss") == expected.issuer  # 2: must exactly match
        and expected.client_id in audiences  # 3
        and (len(audiences) == 1 or ("azp" in said and said["azp"] is not None))  # 4: should be present
        and said.get("azp", expected.client_id) in (expected.client_id, None)  # 5
        and number(said.get("exp"))
        and at < said["exp"] + skew  # 9
        and number(said.get("iat"))
        and said["iat"] <= at + skew  # 10
        and said.get("nonce") == expected.nonce  # 11
        and isinstance(said.get("sub"), str)
        and 0 < len(said["sub"]) <= 255  # 2
        and (not expected.again or number(said.get("auth_time")))  # 2: required with max_age
    )


@given(whatever, st.booleans(), st.booleans())
def test_whoever_is_signed_in_has_a_token_that_keeps_every_rule(said, exact, again):
    """Whatever comes, nobody is signed in against the standard, and nothing else is raised than a reason."""
    expected = AGAIN if again else EXPECTED
    said = {**claims(), **said} if exact else said
    if reason(said, expected) is None:
        assert keeps_every_rule(said, expected, NOW)
        assert said["iat"] >= (NOW - timedelta(minutes=10)).timestamp()
        if again:
            assert said["auth_time"] >= (NOW - timedelta(minutes=2)).timestamp()


@given(
    st.integers(-9, 1),
    st.integers(1, 600),
    st.sampled_from([CLIENT, [CLIENT], [CLIENT, "another"]]),
    st.sampled_from(["ann", "x" * 255, "ä b#c"]),
)
def test_whatever_an_exact_provider_says_is_taken(issued, lasts, audience, subject):
    said = claims(after(issued), exp=after(issued + lasts + 10).timestamp(), aud=audience, azp=CLIENT, sub=subject)

    assert check(said, EXPECTED, NOW).subject == subject


FAR = st.sampled_from([-9000, -600, -300, 300, 600, 9000])


@given(
    exp=FAR, iat=FAR, nbf=st.one_of(st.none(), FAR),
    iss=st.sampled_from([ISSUER, f"{ISSUER}/", "https://evil.example", None]),
    aud=st.sampled_from([CLIENT, "another", [CLIENT], ["another"], [CLIENT, "another"], None]),
)  # fmt: skip
def test_pyjwt_refuses_nothing_that_we_take(exp, iat, nbf, iss, aud):
    now = datetime.now(UTC).replace(microsecond=0)
    at = {name: now.timestamp() + each for name, each in (("exp", exp), ("iat", iat), ("nbf", nbf)) if each is not None}
    said = {name: value for name, value in {**claims(), "iss": iss, "aud": aud}.items() if value is not None} | at
    token = jwt.encode({**said, **{name: int(value) for name, value in at.items()}}, KEY, algorithm="HS256")

    try:
        known = jwt.decode(
            token, KEY, algorithms=["HS256"], audience=CLIENT, issuer=ISSUER, leeway=120,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )  # fmt: skip
    except jwt.InvalidTokenError:
        known = None

    ours = reason({**said, "auth_time": None}, replace(EXPECTED, asked_at=now), now)
    assert ours is not None or known is not None
    if known is not None and iat > -600 and aud != [CLIENT, "another"]:
        assert ours is None


def test_pyjwt_reads_the_same_claims_from_a_token():
    said = claims(iat=int(NOW.timestamp()), exp=int(after(60).timestamp()), name="Añn", roles=["a"])
    token = jwt.encode(said, KEY, algorithm="HS256")

    assert read(token) == jwt.decode(token, options={"verify_signature": False})
    assert check(read(token), EXPECTED, NOW).name == "Añn"


@given(st.text(max_size=60))
def test_whatever_is_no_token_is_refused_by_a_reason(text):
    for given_text in (text, f"{text}.{text}.{text}", f"e30.{text}.x"):
        with pytest.raises(Refused):
            check(read(given_text), EXPECTED, NOW)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "None"}, {"alg": ""}, {"alg": 1}, {}, {"typ": "JWT"}])
def test_a_token_of_no_algorithm_is_refused(header):
    parts = (urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=").decode() for part in (header, claims()))
    token = ".".join([*parts, "" if not header.get("alg") else "sig"])

    with pytest.raises(Refused) as refused:
        read(token)
    assert refused.value.reason is Reason.UNSIGNED


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        ({"exp": NOW.timestamp()}, NOW + 119 * SECOND, None),
        ({"exp": NOW.timestamp()}, NOW + 120 * SECOND, Reason.EXPIRED),
        ({"iat": NOW.timestamp() + 120}, NOW, None),
        ({"iat": NOW.timestamp() + 121}, NOW, Reason.NOT_YET),
        ({"nbf": NOW.timestamp() + 121}, NOW, Reason.NOT_YET),
        ({"iat": NOW.timestamp() - 600}, NOW, None),
        ({"iat": NOW.timestamp() - 601}, NOW, Reason.EXPIRED),
        ({"exp": 1e300}, NOW, Reason.EXPIRED),
        ({"exp": float("nan")}, NOW, Reason.EXPIRED),
        ({"exp": True}, NOW, Reason.EXPIRED),
    ],
)
def test_instants_count_to_the_second(said, now, expected):
    assert reason(claims(**said), now=now) is expected


@pytest.mark.parametrize("part", [[], "x", 1, None, [["alg", "RS256"]]])
def test_a_part_that_is_no_object_makes_no_token(part):
    odd_part = urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=").decode()

    for token in (f"{odd_part}.e30.x", f"eyJhbGciOiJSUzI1NiJ9.{odd_part}.x"):
        with pytest.raises(Refused) as refused:
            read(token)
        assert refused.value.reason is Reason.NOT_A_TOKEN


class TestAgain:
    """The person proved who they are after we asked: by the provider's clock, and by ours."""

    @pytest.mark.parametrize(
        ("proved", "issued", "now", "expected"),
        [
            (10, 20, 21, None),  # all clocks alike
            (0, 0, 1, None),
            (-10, 20, 21, Reason.NOT_SIGNED_IN_AGAIN),  # 10 seconds before the question
            (-1800, 20, 21, Reason.NOT_SIGNED_IN_AGAIN),  # half an hour
            (-50, -40, 21, None),  # the provider's clock is a minute behind: it took ten seconds
            (70, 80, 21, None),  # and a minute ahead
            (60, 150, 21, Reason.NOT_YET),  # its token is of the future
            (-400, -400, 21, Reason.NOT_SIGNED_IN_AGAIN),  # as Entra dates its tokens back, but not the proof
            (10, -280, 21, None),  # and as it does: iat five minutes back
        ],
    )
    def test_a_proof_counts_if_it_came_after_the_question(self, proved, issued, now, expected):
        said = claims(auth_time=NOW.timestamp() + proved, iat=NOW.timestamp() + issued)

        assert reason(said, AGAIN, NOW + now * SECOND) is expected

    @given(st.integers(3, 100_000), st.integers(0, 500), st.integers(-110, 110))
    def test_no_proof_from_before_the_question_counts_whatever_the_clocks_say(self, before, took, ahead):
        """Their clock is `ahead` seconds of ours; the proof was `before` seconds before the question."""
        now = NOW + took * SECOND
        said = claims(auth_time=NOW.timestamp() - before - 3 + ahead, iat=now.timestamp() + ahead)

        assert reason(said, AGAIN, now) is Reason.NOT_SIGNED_IN_AGAIN

    @given(st.integers(0, 500), st.integers(0, 20), st.integers(-110, 110))
    def test_each_proof_from_after_the_question_counts_whatever_the_clocks_say(self, took, then, ahead):
        now = NOW + (took + then) * SECOND
        said = claims(auth_time=NOW.timestamp() + took + ahead, iat=now.timestamp() + ahead)

        assert reason(said, AGAIN, now) is None

    @pytest.mark.parametrize("auth_time", [None, "now", True, [1]])
    def test_a_provider_that_does_not_say_when_is_refused(self, auth_time):
        assert reason(claims(auth_time=auth_time), AGAIN) is Reason.AGAIN_UNKNOWN
        assert reason(claims(auth_time=auth_time)) is None
        assert check(claims(auth_time=auth_time), EXPECTED, NOW).signed_in_at is None


class TestGroups:
    def groups(self, **said):
        return check(claims(**said), EXPECTED, NOW).groups

    def test_only_the_claims_that_settings_name_are_kept(self):
        said = {"roles": ["a"], "groups": ["x"], "email": "ann@people.example", "cognito:groups": ["c", "d"]}

        assert self.groups(**said) == {"roles": ("a",), "cognito:groups": ("c", "d")}

    def test_a_single_value_may_be_a_text_as_ad_fs_writes_it(self):
        assert self.groups(roles="Watch commanders") == {"roles": ("Watch commanders",)}

    @pytest.mark.parametrize("said", [None, "", [], 7, {"a": "b"}, [7, None, ""], ["x" * 257]])
    def test_what_is_no_value_gives_none(self, said):
        assert self.groups(roles=said) == {}

    def test_groups_that_entra_left_out_are_told_as_what_they_are(self):
        """Its groups overage claim: more than 200 groups are not in the token, but named elsewhere."""
        over = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph.example"}}}
        groups = replace(EXPECTED, claims=frozenset({"groups"}))

        assert reason(claims(**over), groups) is Reason.TOO_MANY_GROUPS
        assert reason(claims(hasgroups=True), groups) is Reason.TOO_MANY_GROUPS
        assert reason(claims(**over)) is None
        assert check(claims(**over, roles=["Watch"]), EXPECTED, NOW).groups == {"roles": ("Watch",)}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Ann  Lead"}, "Ann Lead"),
        ({"name": "", "preferred_username": "ann@springfield.example"}, "ann@springfield.example"),
        ({"name": 7, "email": "a@b.example"}, "a@b.example"),
        ({"name": "Ann\u202egnp", "cognito:username": "ann"}, "ann"),
        ({"name": "x" * 200}, "x" * 80),
        ({}, ""),
    ],
)
def test_a_person_is_called_by_a_name_that_can_be_printed(said, name):
    assert check(claims(**said), EXPECTED, NOW).name == name


@given(st.text(max_size=100))
def test_no_other_nonce_is_ours(nonce):
    assert reason(claims(nonce=f"{nonce}\ud800")) is Reason.WRONG_NONCE
    assert (reason(claims(nonce=nonce)) is None) == (nonce == NONCE)


def test_a_token_that_never_expires_is_no_error_of_ours():
    at_the_end_of_time = 253402300799
    assert check(claims(exp=at_the_end_of_time), EXPECTED, NOW).subject
