"""Reach a stack: a running city by its `stack.json`, else the one of this AWS account."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException

from chalicelib.aws.items import Tables
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.source import QueryFailed
from chalicelib.ports.errors import NotSearchable, Unreadable
from chalicelib.wiring import Aws, now
from tenfour.common.account import STACK, config_of, open_account
from tenfour.common.errors import CityFailed


class Person(Struct, frozen=True, kw_only=True):
    """One of a city's people: a user of its desk, with roles there, and some of its AWS too, with an access key."""

    name: str
    access_key_id: str = ""
    secret_access_key: str = ""
    roles: tuple[str, ...] = ()
    username: str = ""
    password: str = ""


class Stack(Struct, frozen=True, kw_only=True):
    """Where everything is: `stack.json`, a contract that others build on."""

    api: str
    carrier: str
    aws_endpoint: str
    agency_id: str
    webhook_secret: str
    bearer_key: str
    rms_secret: str
    lake: str
    region: str
    people: tuple[Person, ...] = ()
    sandbox_secret: str = ""
    desk: str = ""
    athena: str = ""


class NoStack(ValueError):
    """There is no city where one was named."""


class NoAgency(ValueError):
    """Nobody can say which agency is meant."""


REGION = "us-west-2"
"""Where a running city says that it is."""

AS_PERSON = "TENFOUR_PERSON"
"""The variable that says as which of a city's people a command acts."""

UNREACHABLE = (
    NoStack,
    NoAgency,
    CityFailed,
    QueryFailed,
    BotoCoreError,
    ClientError,
    PynamoDBException,
    Unreadable,
    NotSearchable,
)
"""These errors end a command about a deployed stack in one line: it is not there, can't be read, or denies access."""


def read_stack(path: Path) -> Stack:
    """Read a `stack.json`; NoStack."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Stack)
    except OSError as problem:
        raise NoStack(f"{path}: no running city ({problem.strerror})") from problem
    except msgspec.MsgspecError as problem:
        raise NoStack(f"{path}: no running city ({problem})") from problem


def tables_of(stack: Stack) -> Connection:
    """Return a connection to a city's DynamoDB."""
    return tables_at(stack.aws_endpoint, stack.region)


def tables_at(endpoint: str, region: str = REGION) -> Connection:
    """Return a connection to an emulated DynamoDB."""
    return Tables(
        region=region,
        host=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  any will do
    )


def at_home(agency: Agency, stack: Stack) -> Agency:
    """Return settings whose survey links lead to a running city rather than to the agency's own address."""
    return replace(agency, survey=replace(agency.survey, link=f"{stack.api}/s"))


def which_agency_id(aws: Aws, stack: Path | None, asked: str | None) -> str:
    """Return the agency that was asked for, the city's, or the only one there is; NoAgency."""
    named = asked or (read_stack(stack).agency_id if stack else None)
    known = [named] if named else aws.settings.agencies()
    if len(known) != 1:
        raise NoAgency(f"--agency is needed: the stack has {', '.join(known) or 'no settings'}")
    return known[0]


def which_agency(aws: Aws, stack: Path | None, asked: str | None) -> Agency:
    """Return the published settings of who was asked for, of the city's, or of the only one there is; NoAgency."""
    agency_id = which_agency_id(aws, stack, asked)
    agency = aws.settings.agency(agency_id)
    if agency is None:
        raise NoAgency(f"agency {agency_id!r} has no published settings")
    return agency


def reach(stack: Path | None) -> Aws:
    """Return the deployed stack: a running city by its `stack.json`, else the one of this AWS account."""
    if stack is None:
        return open_account()
    return city_at(read_stack(stack))


def city_at(stack: Stack) -> Aws:
    """Return the ports of a running city."""
    return aws_of(stack, outputs_of(stack))


def outputs_of(stack: Stack) -> dict[str, str]:
    """Return the outputs of a running city's CloudFormation stack."""
    described = client("cloudformation", stack.aws_endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def aws_of(stack: Stack, outputs: Mapping[str, str]) -> Aws:
    """Return the ports of a running city, given the outputs of its CloudFormation stack."""
    clients = partial(_client_of, stack)
    return Aws(config_of(outputs, stack.region), now, clients, tables_of(stack), caller=partial(_caller, stack))


def _client_of(stack: Stack, service: str, config: Config | None = None) -> Any:
    """Return a client of a city's AWS, of which Athena has an address of its own."""
    return client(service, stack.athena if service == "athena" else stack.aws_endpoint, config)


def _caller(stack: Stack) -> str:
    """Return who somebody at a city is: the first of its people, or the one whom the variable TENFOUR_PERSON names."""
    wanted = os.environ.get(AS_PERSON)
    users = [person for person in stack.people if person.access_key_id]
    found = [person for person in users if wanted in (None, person.name)]
    if not found:
        names = ", ".join(person.name for person in users) or "nobody"
        raise NoStack(f"{AS_PERSON}: {wanted or 'somebody'} is not of this city; it has {names}")
    return str(client("sts", stack.aws_endpoint, person=found[0]).get_caller_identity()["Arn"])


def client(service: str, endpoint: str, config: Config | None = None, person: Person | None = None) -> Any:
    """Return a client of a running city's AWS, as its owner or as one of its people."""
    return boto3.client(
        service,
        config=config,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=person.access_key_id if person else "test",
        aws_secret_access_key=person.secret_access_key if person else "test",
    )
