"""The stack's secrets in Secrets Manager, and the keys that are derived from its root key."""

import hmac
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Secrets:
    """Secrets by their names; the client is made when the first one is read."""

    def __init__(self, client: Callable[[], Any], root_key: str) -> None:
        self._make_client, self._root_key_name = client, root_key

    def key_for(self, purpose: str) -> bytes:
        """Derive one purpose's key from the root key, which is never rotated: a new one would orphan opt-outs."""
        return hmac.digest(self._root_key, purpose.encode(), "sha256")

    def document(self, name: str, kind: type[T]) -> T:
        """Read a secret that is a JSON document; msgspec.ValidationError where it is another one."""
        return msgspec.json.decode(self._read(name), type=kind)

    @cached_property
    def _root_key(self) -> bytes:
        return self._read(self._root_key_name).encode()

    def _read(self, name: str) -> str:
        text: str = self._client.get_secret_value(SecretId=name)["SecretString"]
        return text

    @cached_property
    def _client(self) -> Any:
        return self._make_client()
