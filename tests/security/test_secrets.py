"""Links and signatures can't be guessed, are compared in constant time, and no key lies in the repository."""

import ast
import re
import secrets
from collections import Counter

import pytest

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.people.consent import Person, Reference, read_unsubscribe, unsubscribe_token
from chalicelib.domain.surveys.token import PROOF_LENGTH, form_proof, is_proof, survey_token, token_of
from tenfour.common.paths import ROOT
from tests.house.files import files

MANY = 20_000
MADE_UP = {"tests/house/test_leaks.py": ["a webhook secret"], "tests/tenfour/test_rehearse.py": ["an AWS key"]}
COMPARE = {
    "chalicelib/auth.py": {"_as_sent", "_signed_by"},
    "chalicelib/carriers/twilio/callbacks.py": {"signed_by_twilio"},
    "chalicelib/domain/surveys/token.py": {"is_proof"},
    "chalicelib/domain/people/consent.py": {"read_unsubscribe"},
}
"""Every function that holds something given against something secret."""

KEYS = {
    "an AWS key": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a webhook secret": r"whsec_[A-Za-z0-9+/]{30,}={0,2}",
    "a Twilio account": r"\bAC[0-9a-f]{32}\b",
    "a token of a forge": r"\b(ghp|gho|glpat|xox[abp])[-_][A-Za-z0-9-]{20,}",
    "a word in a URL": r"https?://[^/\s:@'\"{}]+:[^/\s:@'\"{}]+@",
}


def functions(path):
    tree = ast.parse((ROOT / path).read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def calls(node):
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


@pytest.mark.parametrize("path", COMPARE)
def test_secrets_are_compared_in_constant_time(path):
    comparing = {name for name, node in functions(path).items() if "hmac.compare_digest" in calls(node)}

    assert comparing == COMPARE[path]


KNOWN_TO_ALL = {
    *("expected.issuer", "expected.client_id"),
    *("digest(one.act)", "entry.digest", "one.digest", "draft.digest", "decided.digest"),
    *("(one.proposed_at, one.digest)", "digest_of(kept)"),
}
"""What a provider publishes, what stands in the browser's address, and the names by which the desk's pages call a
proposal, a draft or a set of scenarios: nobody need guess it.
"""


def test_nothing_that_is_signed_is_compared_by_equality():
    """Wherever a digest is made or a signature is given, no `==` tells by its time how much of it is right."""
    secret = re.compile(r"signature|digest|proof|bearer|expected|hmac", re.IGNORECASE)
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq | ast.In) for op in node.ops):
                sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
                named = {side for side in sides if secret.search(side) and not side.startswith(("'", '"', "len("))}
                assert named <= KNOWN_TO_ALL, (path, ast.unparse(node))


def survey_tokens():
    keys = (NotificationKey("springfield", f"P26-{n}", Kind.SURVEY, "1") for n in range(MANY))
    return [survey_token(b"a secret", key) for key in keys]


@pytest.mark.parametrize("tokens", [survey_tokens, lambda: [token_of(secrets.token_bytes(16)) for _ in range(MANY)]])
def test_the_word_of_a_link_has_77_bits_and_no_habits(tokens):
    found = tokens()

    assert len(set(found)) == MANY
    for place in range(13):
        counts = Counter(token[place] for token in found)
        expected = MANY / 62
        chi = sum((counts[letter] - expected) ** 2 / expected for letter in counts) + (62 - len(counts)) * expected
        assert chi < 130  # 61 degrees of freedom: beyond this once in a million tables


def test_one_secret_says_nothing_of_another_s_links():
    key = NotificationKey("springfield", "P26-1", Kind.SURVEY, "1")

    assert survey_token(b"a secret", key) != survey_token(b"b secret", key)


def test_a_proof_is_of_one_link_and_64_bits():
    proof = form_proof(b"a secret", "A" * 13)

    assert PROOF_LENGTH * 4 == 64
    assert is_proof(proof, b"a secret", "A" * 13)
    for given in ("", proof[:-1], proof + "0", proof.upper() + "G", "0" * 16):
        assert not is_proof(given, b"a secret", "A" * 13)
    assert not is_proof(proof, b"a secret", "B" * 13)


def test_an_unsubscribe_link_is_of_one_person_and_agency():
    person, other = (Person("springfield", Reference(f"{n:064x}")) for n in (1, 2))
    word, another = (unsubscribe_token(b"a secret", one) for one in (person, other))
    agency_id, name, signature = word.split(".")

    assert read_unsubscribe(b"a secret", word) == person
    forged = (
        f"shelbyville.{name}.{signature}",
        f"{agency_id}.{another.split('.')[1]}.{signature}",
        f"{agency_id}.{name}.{signature[:-2]}AA",
        f"{agency_id}.{name}.",
    )
    assert all(read_unsubscribe(b"a secret", each) is None for each in forged)


def found_keys(text):
    return [what for what, pattern in KEYS.items() if re.search(pattern, text)]


def test_no_key_lies_in_the_repository():
    told = {name: found_keys((ROOT / name).read_text(errors="replace")) for name in files()}

    assert {name: found for name, found in told.items() if found} == MADE_UP


def test_a_key_would_be_found():
    samples = ("AKIA" + "A" * 16, "-----BEGIN RSA " + "PRIVATE KEY-----", "whsec_" + "A1b2" * 8, "AC" + "0f" * 16)

    assert all(found_keys(f"x = '{sample}'") for sample in samples)
