"""The ring of keys with which vendors post: a secret that functions read every five minutes.

Two people who change it at once: one wins, the other is told. A change is written as a version of its own, and becomes
the current one only if the version that was read still is (UpdateSecretVersionStage with RemoveFromVersionId). This
holds against whoever edits the secret by hand, too.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.auth import Feed, WebhookKey
from chalicelib.wiring import KEYS_FRESH, WebhookKeys

FRESH_WORDS = f"{KEYS_FRESH.seconds // 60} minutes"

_NEXT = "tenfour-next"
"""The label of a version that is to become the current one; another one's may take it over without harm."""

_CURRENT = "AWSCURRENT"


class KeyTaken(ValueError):
    """There is a key of this name, or there is none; the text says which."""


class KeysChanged(KeyTaken):
    """Somebody else has changed the keys since they were read, so that nothing was done."""

    def __str__(self) -> str:
        """Say what to do."""
        return "somebody else changed the keys at this moment, and nothing was done: look again"


class Ring(Struct, frozen=True):
    """The keys as they were at one version of the secret."""

    keys: tuple[WebhookKey, ...]
    version: str


class KeyRing:
    """A stack's webhook keys; whoever may write the secret may add and remove them.

    `seen` is the version that a page showed, where there was one: KeysChanged where it is not the current one any more.
    """

    def __init__(self, client: Any, secret: str) -> None:
        self._client, self._secret = client, secret

    def look(self) -> Ring:
        """Return the keys with the version of what has them."""
        told = self._client.get_secret_value(SecretId=self._secret)
        return Ring(msgspec.json.decode(told["SecretString"], type=WebhookKeys).webhook_keys, told["VersionId"])

    def read(self) -> tuple[WebhookKey, ...]:
        """Return every key."""
        return self.look().keys

    def of(self, agency_id: str, feed: Feed) -> tuple[WebhookKey, ...]:
        """Return the keys with which an agency's vendors may post, newest last."""
        return tuple(key for key in self.read() if key.feed == feed and agency_id in key.agencies)

    def add(self, fresh: WebhookKey, seen: str = "") -> WebhookKey:
        """Store a key beside the others: each opens until it is removed; KeyTaken."""

        def added(known: tuple[WebhookKey, ...]) -> tuple[WebhookKey, ...]:
            if any(key.name == fresh.name for key in known):
                raise KeyTaken(f"there is a key {fresh.name!r} already: a new one needs a name of its own")
            return (*known, fresh)

        self._change(added, seen)
        return fresh

    def read_back(self, name: str, until: datetime | None, seen: str = "") -> None:
        """Let a key read until then what it posts; None: not any more. KeyTaken."""
        self._change(
            lambda known: tuple(
                replace(key, received_until=until) if key.name == name else key for key in _having(known, name)
            ),
            seen,
        )

    def remove(self, name: str, seen: str = "") -> None:
        """Take a key out; it opens nothing any more in five minutes; KeyTaken."""
        self._change(lambda known: tuple(key for key in _having(known, name) if key.name != name), seen)

    def leave(self, name: str, agency_id: str, seen: str = "") -> None:
        """Let a key open nothing of one agency any more; it stays where others have it, and else goes. KeyTaken."""
        self._change(
            lambda known: tuple(
                left
                for key in _having(known, name)
                if (left := _without(key, agency_id) if key.name == name else key) and (left is key or left.posts_to)
            ),
            seen,
        )

    def _change(self, change: Callable[[tuple[WebhookKey, ...]], tuple[WebhookKey, ...]], seen: str) -> None:
        before = self.look()
        if seen not in ("", before.version):
            raise KeysChanged
        document = msgspec.json.encode(WebhookKeys(change(before.keys))).decode()
        written = self._client.put_secret_value(SecretId=self._secret, SecretString=document, VersionStages=[_NEXT])
        try:
            self._client.update_secret_version_stage(
                SecretId=self._secret,
                VersionStage=_CURRENT,
                MoveToVersionId=written["VersionId"],
                RemoveFromVersionId=before.version,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in ("InvalidParameterException", "ResourceNotFoundException"):
                raise KeysChanged from error
            raise


def _having(known: tuple[WebhookKey, ...], name: str) -> tuple[WebhookKey, ...]:
    if not any(key.name == name for key in known):
        raise KeyTaken(f"there is no key {name!r}")
    return known


def _without(key: WebhookKey, agency_id: str) -> WebhookKey:
    agencies, sandbox = (tuple(one for one in each if one != agency_id) for each in (key.agencies, key.sandbox))
    return replace(key, agencies=agencies, sandbox=sandbox)
