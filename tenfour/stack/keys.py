"""The keys with which vendors post, in the secret that functions read every five minutes."""

import base64
import secrets
from typing import Any

import msgspec

from chalicelib.auth import Feed, WebhookKey
from chalicelib.wiring import KEYS_FRESH, WebhookKeys

FRESH_WORDS = f"{KEYS_FRESH.seconds // 60} minutes"


class KeyTaken(ValueError):
    """There is a key of this name, or there is none; the text says which."""


class KeyRing:
    """A stack's webhook keys; whoever may write the secret may add and remove them."""

    def __init__(self, client: Any, secret: str) -> None:
        self._client, self._secret = client, secret

    def read(self) -> tuple[WebhookKey, ...]:
        """Return every key."""
        text = self._client.get_secret_value(SecretId=self._secret)["SecretString"]
        return msgspec.json.decode(text, type=WebhookKeys).webhook_keys

    def of(self, agency_id: str, feed: Feed) -> tuple[WebhookKey, ...]:
        """Return the keys with which an agency's vendors may post, newest last."""
        return tuple(key for key in self.read() if key.feed == feed and agency_id in key.agencies)

    def add(self, name: str, feed: Feed, agency_id: str, bearer: bool = False) -> WebhookKey:
        """Make a key and store it beside the others: both open until the older one is removed; KeyTaken."""
        known = self.read()
        if any(key.name == name for key in known):
            raise KeyTaken(f"there is a key {name!r} already: a new one needs a name of its own")
        fresh = {"bearer": secrets.token_urlsafe(32)} if bearer else {"secret": signing_secret()}
        key = WebhookKey(name=name, feed=feed, agencies=(agency_id,), **fresh)
        self._write((*known, key))
        return key

    def remove(self, name: str) -> None:
        """Take a key out; it opens nothing any more in five minutes; KeyTaken."""
        known = self.read()
        kept = tuple(key for key in known if key.name != name)
        if len(kept) == len(known):
            raise KeyTaken(f"there is no key {name!r}")
        self._write(kept)

    def _write(self, keys: tuple[WebhookKey, ...]) -> None:
        document = msgspec.json.encode(WebhookKeys(keys)).decode()
        self._client.put_secret_value(SecretId=self._secret, SecretString=document)


def signing_secret() -> str:
    """Return a new signing secret by the Standard Webhooks scheme: 256 bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
