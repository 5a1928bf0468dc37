"""Schemathesis, from our own description, against the running stack: each answer is one that it lists, none is a 500.

The logs of these requests are searched when the run ends, as those of every other test are.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import token_hash, token_of
from tenfour.stack.openapi import build
from tests.fuzz.many import fewer
from tests.waiting import LONGEST

load_all_checks()
CHECKED = CHECKS.get_by_names([
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
])  # fmt: skip
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(build()).get_all_operations()]
POSITIVE, NEGATIVE = schemathesis.GenerationMode
TRIED = [(each, mode) for each in OPERATIONS for mode in (POSITIVE, NEGATIVE) if mode is POSITIVE or "{" in each.path]


@pytest.fixture(scope="module")
def signers(stack, inside):
    """Return what makes a prepared request one of somebody who may post it, by the first word of its path."""
    account = inside.aws.carriers.twilio

    def by_webhook(secret, sent):
        at, body = datetime.now(UTC), sent.body or b""
        text = body if isinstance(body, str) else body.decode(errors="replace")
        name = f"msg_{uuid4().hex}"
        sent.headers["webhook-id"], sent.headers["webhook-timestamp"] = name, str(int(at.timestamp()))
        sent.headers["webhook-signature"] = Webhook(secret).sign(name, at, text)
        return sent

    def by_twilio(sent):
        fields = dict(parse_qsl(sent.body or "", keep_blank_values=True))
        sent.headers["x-twilio-signature"] = RequestValidator(account.auth_token).compute_signature(sent.url, fields)
        return sent

    return {
        "cad": partial(by_webhook, stack.webhook_secret),
        "rms": partial(by_webhook, stack.rms_secret),
        "carriers": by_twilio,
    }


@pytest.fixture(scope="module")
def known(stack, inside):
    """Return what stands in paths: an agency that there is, and the link of a survey that was just asked."""
    token, at = token_of(uuid4().bytes), datetime.now(UTC)
    survey = Survey(
        token_hash=token_hash(token),
        agency_id=stack.agency_id,
        settings_version=1,
        asked_at=at,
        expires_at=at + timedelta(days=30),
        keep_until=at + timedelta(days=31),
    )
    inside.aws.surveys._item(survey).save()
    return {"agency_id": stack.agency_id, "token": token}


@pytest.mark.parametrize(("operation", "mode"), TRIED, ids=[f"{each.label} {mode.value}" for each, mode in TRIED])
def test_what_the_description_allows_and_what_it_does_not(stack, known, signers, tried, operation, mode):
    cases = operation.as_strategy(generation_mode=mode)
    if names := {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}:
        cases |= operation.as_strategy(generation_mode=mode, path_parameters=names)
    signer = signers.get(operation.path.split("/")[1])

    @fewer
    @given(cases, st.booleans())
    def answers(case, signed):
        tried[operation.label] += 1
        answer = case.call(base_url=stack.api, auth=signer if signed else None, timeout=LONGEST)
        case.validate_response(answer, checks=CHECKED)

    answers()
