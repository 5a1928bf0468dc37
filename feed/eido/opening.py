"""A notifier as a feed's file describes it: its address, who we are to it, and whom we trust."""

from pathlib import Path

from chalicelib.inbound.mapping.mapper import Mapper
from feed.config import TOKEN, BadFeed, secret
from feed.eido.settings import Eido
from feed.eido.socket import Socket
from feed.eido.source import EidoSource
from feed.place import Place
from feed.tls import trusted


def eido_source(path: Path, eido: Eido, mapper: Mapper, place: Place) -> EidoSource:
    """Return the source that `[eido]` describes; BadFeed."""
    return EidoSource(eido, Dial(path, eido), mapper, place)


class Dial:
    """Opens connections to a notifier. Certificates and the token are read when it is made; BadFeed."""

    def __init__(self, path: Path, eido: Eido) -> None:
        self._eido = eido
        self._tls = trusted(path, "eido", eido) if eido.url.startswith("wss://") else None
        token = _token(path, eido)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self) -> Socket:
        """Open a connection; EidoFailed."""
        within = self._eido.answer_within.total_seconds()
        return Socket(self._eido.url, self._tls, self._headers, self._eido.largest, within)


def _token(path: Path, eido: Eido) -> str:
    token = secret(path, TOKEN, "eido.token_file", eido.token_file)
    if not (token.isascii() and token.isprintable()):
        raise BadFeed(f"eido: the token in {TOKEN} or `token_file` is no token")
    return token
