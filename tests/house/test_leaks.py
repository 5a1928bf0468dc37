"""The search for leaks finds what it is there to find."""

import pytest

from tests.leaks import leaks


@pytest.mark.parametrize(
    "line",
    [
        '{"to": "+13035550123"}',
        "called (303) 555-0123 back",
        "phone=303-555-0199",
        "mail to a.b@people.example failed",
        "GET /s/QNJmfTngXXCY2 200",
        "POST /u/springfield.q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA.AAECAwQFBgcICQoL 200",
        "key whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ],
)
def test_a_leak_is_found(line):
    assert leaks(f"some text {line} more text")


@pytest.mark.parametrize(
    "line",
    [
        '{"notification":"springfield__P26-0001234__delay__1__0","state":"sent"}',
        "2026-11-21 18:24:15,111+0000 REPORT Duration: 255 ms",
        "arn:aws:sqs:us-west-2:000000000000:tenfour-Hints-ABCFD96E0D1DD",
        "POST /s/{token}",
    ],
)
def test_an_id_is_none(line):
    assert leaks(line) == []
