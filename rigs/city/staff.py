"""The city's people at the desk: users of its Cognito pool, one for each role, and those who have AWS's keys too."""

import secrets
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from tenfour.common.reach import REGION, Person, client

LEADS = {"lead": (Role.SUPERVISOR, Role.WORDS), "second": (Role.SUPERVISOR, Role.APPROVER)}
"""The people who have keys of the city's AWS as well: some acts take two."""

CALLBACK, HOME = "/desk/signed-in", "/desk/sign-in"
TOLD = {"ClientSecret", "CreationDate", "LastModifiedDate"}
"""What Cognito tells of a client and nobody tells Cognito."""


def employ(endpoint: str, outputs: dict[str, str]) -> tuple[Person, ...]:
    """Give everybody their accounts; the two with keys of AWS are the first."""
    pool = client("cognito-idp", endpoint)
    known = {**LEADS, **{role.value: (role,) for role in Role}}
    people = tuple(_person(name, roles, endpoint) for name, roles in known.items())
    for person in people:
        named = {"UserPoolId": outputs["DeskUsers"], "Username": person.username}
        pool.admin_create_user(
            **named,
            MessageAction="SUPPRESS",
            TemporaryPassword=person.password,
            UserAttributes=[
                {"Name": "name", "Value": f"{person.name.title()} of Springfield"},
                {"Name": "email", "Value": person.username},
            ],
        )
        pool.admin_set_user_password(**named, Password=person.password, Permanent=True)
        for role in person.roles:
            pool.admin_add_user_to_group(**named, GroupName=role)
    return people


def _person(name: str, roles: tuple[Role, ...], endpoint: str) -> Person:
    account = Person(
        name=name,
        roles=tuple(role.value for role in roles),
        username=f"{name}@springfield.example",
        password=f"{secrets.token_urlsafe(12)}-aA1",
    )
    return _with_keys(account, endpoint) if name in LEADS else account


def _with_keys(person: Person, endpoint: str) -> Person:
    """Make a user of the emulator's IAM, so that it says who somebody is as AWS does."""
    users = client("iam", endpoint)
    users.create_user(UserName=person.name)
    key = users.create_access_key(UserName=person.name)["AccessKey"]
    return replace(person, access_key_id=key["AccessKeyId"], secret_access_key=key["SecretAccessKey"])


def open_door(endpoint: str, outputs: dict[str, str], addresses: tuple[str, ...]) -> None:
    """Tell the pool where the city's desk is, and the desk where the city's Cognito ends a session.

    Both have addresses of this machine, which no template can know.
    """
    pool = client("cognito-idp", endpoint)
    named = {"UserPoolId": outputs["DeskUsers"], "ClientId": outputs["DeskClient"]}
    known: dict[str, Any] = pool.describe_user_pool_client(**named)["UserPoolClient"]
    back = [f"{address}{CALLBACK}" for address in addresses]
    moved = {"CallbackURLs": back, "LogoutURLs": [*back, *(f"{address}{HOME}" for address in addresses)]}
    kept = {name: value for name, value in known.items() if name not in TOLD and value != ""}
    pool.update_user_pool_client(**kept | moved)
    document = {
        "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/{outputs['DeskUsers']}",
        "client_id": outputs["DeskClient"],
        "client_secret": known["ClientSecret"],
        "logout": f"{endpoint}/logout",
    }
    client("secretsmanager", endpoint).put_secret_value(
        SecretId=outputs["DeskProvider"], SecretString=msgspec.json.encode(document).decode()
    )
