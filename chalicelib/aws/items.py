"""Items of DynamoDB, read and written by the calls that pynamodb makes, to the letter, in a third of its time.

pynamodb asks each attribute for maps, lists, defaults and kinds whenever an item is made, read or written, and tells
listeners of every call. Our items have none of the former, and nobody listens. What is rare stays with pynamodb.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from pynamodb.attributes import NumberAttribute, TTLAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import GetError, PutError, QueryError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action, Update
from pynamodb.models import Model

_IN_ONE_WORD = Config(user_agent="tenfour")
"""Else botocore puts together, twice for each call, which machine and which of its features make it: 90 µs a call."""

_USUAL = frozenset({"GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"})

_FAILED = (BotoCoreError, ClientError)

_FROM_HERE_ON = {
    "KeyConditionExpression": "(#0 = :0 AND #1 >= :1)",
    "ConsistentRead": True,
    "ExpressionAttributeNames": {"#0": "pk", "#1": "sk"},
}


class Tables(Connection):
    """A connection to DynamoDB. Its session makes the clients of other services, too."""

    @property
    def session(self) -> Session:
        """Return the session, whose clients name themselves in one word."""
        session = super().session
        if session.get_default_client_config() is None:
            session.set_default_client_config(_IN_ONE_WORD)
        return session

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """Make a call, which answers the units that it took."""
        if operation_name not in _USUAL:
            return super().dispatch(operation_name, operation_kwargs)
        return self._make_api_call(operation_name, {**operation_kwargs, "ReturnConsumedCapacity": "TOTAL"})


class Count(NumberAttribute):
    """A whole number."""

    def serialize(self, value: float) -> str:
        """Write it as `json` would, which takes six times as long."""
        return str(value)


class Expiry(TTLAttribute):
    """An instant at which DynamoDB may delete the item."""

    def serialize(self, value: datetime) -> str:
        """Write it as whole seconds since 1970; pynamodb does the same by way of two calendars."""
        return str(int(value.timestamp()))

    def deserialize(self, value: str) -> datetime:
        """Read it back."""
        return datetime.fromtimestamp(int(value), UTC)


class Item(Model):
    """An item without maps, lists, defaults and kinds, whose keys are `pk` and perhaps `sk`."""

    def __init__(self, hash_key: str | None = None, range_key: str | None = None, **attributes: Any) -> None:
        attributes.pop("_user_instantiated", None)  # which asks for defaults
        unknown = attributes.keys() - self.get_attributes().keys()
        if unknown:
            raise ValueError(f"no attributes of {type(self).__name__}: {', '.join(sorted(unknown))}")
        keys = {"pk": hash_key, "sk": range_key}
        self.attribute_values = {name: key for name, key in keys.items() if key is not None} | attributes

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """Return an item as DynamoDB has it; attributes that another release knows are left out."""
        known, item = cls.get_attributes(), cls()
        item.attribute_values = {
            name: known[name].deserialize(known[name].get_value(told))
            for name, told in data.items()
            if name in known and "NULL" not in told
        }
        return item

    @classmethod
    def find(cls, pk: str, sk: str | None = None) -> Self | None:
        """Return an item by one consistent read, or None; GetError."""
        told = {"TableName": cls.Meta.table_name, "Key": _key(pk, sk), "ConsistentRead": True}
        try:
            answer = cls._tables().dispatch("GetItem", told)
        except _FAILED as error:
            raise GetError("failed to get an item", error) from error
        return cls.from_raw_data(answer["Item"]) if answer.get("Item") else None

    @classmethod
    def onwards(cls, pk: str, sk: str) -> list[Self]:
        """Return the items of a partition from a sort key on, by consistent reads; QueryError."""
        values = {":0": {"S": pk}, ":1": {"S": sk}}
        told = {"TableName": cls.Meta.table_name, **_FROM_HERE_ON, "ExpressionAttributeValues": values}
        found = list[Self]()
        while True:
            try:
                answer = cls._tables().dispatch("Query", told)
            except _FAILED as error:
                raise QueryError("failed to query items", error) from error
            found += map(cls.from_raw_data, answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return found
            told = {**told, "ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def save(self, condition: Condition | None = None, *, add_version_condition: bool = True) -> dict[str, Any]:  # noqa: ARG002  as it is called
        """Write the item; PutError."""
        try:
            return self._tables().dispatch("PutItem", self.get_save_kwargs_from_instance(condition))
        except _FAILED as error:
            raise PutError("failed to put an item", error) from error

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:  # noqa: ARG002  as it is called
        """Return the attributes that are set, as DynamoDB has them."""
        known = self.get_attributes()
        return {
            name: {known[name].attr_type: known[name].serialize(value)}
            for name, value in self.attribute_values.items()
            if value is not None
        }

    def get_save_kwargs_from_instance(
        self, condition: Condition | None = None, return_values_on_condition_failure: str | None = None
    ) -> dict[str, Any]:
        """Return the write of the item, by itself or within a transaction."""
        if return_values_on_condition_failure:
            return super().get_save_kwargs_from_instance(condition, return_values_on_condition_failure)
        return _expressed({"TableName": self.Meta.table_name, "Item": self.serialize()}, condition)

    def get_update_kwargs_from_instance(
        self,
        actions: list[Action],
        condition: Condition | None = None,
        return_values_on_condition_failure: str | None = None,
        *,
        add_version_condition: bool = True,
    ) -> dict[str, Any]:
        """Return the change of the item within a transaction."""
        if return_values_on_condition_failure:
            return super().get_update_kwargs_from_instance(
                actions, condition, return_values_on_condition_failure, add_version_condition=add_version_condition
            )
        key = _key(self.attribute_values["pk"], self.attribute_values.get("sk"))
        return _expressed({"TableName": self.Meta.table_name, "Key": key}, condition, actions)

    @classmethod
    def get_operation_kwargs_from_class(
        cls, hash_key: str, range_key: str | None = None, condition: Condition | None = None
    ) -> dict[str, Any]:
        """Return the check of an item within a transaction."""
        return _expressed({"TableName": cls.Meta.table_name, "Key": _key(hash_key, range_key)}, condition)

    @classmethod
    def _tables(cls) -> Connection:
        connection: Connection = cls._get_connection().connection
        return connection


def _expressed(told: dict[str, Any], condition: Condition | None, actions: Sequence[Action] = ()) -> dict[str, Any]:
    """Return a write with its condition and its changes, in the names and values that both share."""
    names, values = dict[str, str](), dict[str, Any]()
    if condition is not None:
        told["ConditionExpression"] = condition.serialize(names, values)
    if actions:
        told["UpdateExpression"] = Update(*actions).serialize(names, values)
    if names:
        told["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    if values:
        told["ExpressionAttributeValues"] = values
    return told


def _key(pk: str, sk: str | None) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}} if sk is None else {"pk": {"S": pk}, "sk": {"S": sk}}
