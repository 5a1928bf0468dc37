"""One connection with one subscription on it: notifications come out of it, and what ends it is an EidoFailed."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event as Flag
from uuid import uuid4

from feed.eido import messages
from feed.eido.failure import EidoFailed
from feed.eido.messages import Event, Other, Subscribed, Terminate, Unreadable, WrongEvent
from feed.eido.settings import Eido
from feed.eido.socket import Socket
from feed.eido.subscription import Subscription


class Session:
    """A connection on which a subscription was asked for. `noted` hears what was odd, in one line."""

    def __init__(self, eido: Eido, socket: Socket, noted: Callable[[str], None], steady: float) -> None:
        self._eido, self._socket, self._noted = eido, socket, noted
        self._ping: Flag | None = None
        self._ping_at = self._heard_at = steady
        self._odd = False
        request = uuid4().hex
        self.subscription = Subscription(eido, request, steady)
        socket.send(messages.subscribe(request, _wanted(eido)))

    def events(self, seconds: float, steady: float) -> Iterator[Event]:
        """Yield the notifications that come within so many seconds; EidoFailed."""
        for data in self._socket.listen(seconds):
            self._heard_at = steady
            event = self._control(data)
            if event is not None:
                yield event

    def answer(self, event: Event, status: int, steady: float) -> None:
        """Answer a notification, which must be stored by now; EidoFailed, also where one before it is missing."""
        self._socket.send(messages.answer(event, status))
        self.subscription.notified(event, steady)

    def tend(self, steady: float) -> None:
        """Do what it is time for; EidoFailed where something did not come, though all that has come was heard."""
        if self.subscription.is_due(steady) and self.subscription.name is not None:
            request = uuid4().hex
            self.subscription.renewing(request, steady)
            expires = int(self._eido.expires.total_seconds())
            self._socket.send(messages.renew(request, self.subscription.name, expires))
        if self._socket.drained:
            self.subscription.tend(steady)
            self._keep_alive(steady)

    def end(self) -> None:
        """Unsubscribe and close, as far as that is possible."""
        with suppress(EidoFailed):
            if self.subscription.name is not None:
                self._socket.send(messages.unsubscribe(uuid4().hex, self.subscription.name))
        self._socket.close()

    def _control(self, data: bytes) -> Event | None:
        """Return a notification; see to any other message. EidoFailed."""
        try:
            message = messages.read_message(data)
        except Unreadable as problem:
            raise EidoFailed(str(problem)) from problem
        match message:
            case Event():
                return message
            case WrongEvent():
                self._socket.send(messages.answer(message.event, messages.UNREADABLE))
                raise EidoFailed("a notification without a list of EIDOs")
            case Subscribed():
                self.subscription.answered(message)
            case Terminate():
                self._socket.send(messages.terminated(message))
                if message.subscription_id in {None, self.subscription.name}:
                    raise EidoFailed("the other side has ended the subscription")
            case Other() if not self._odd:
                self._odd = True
                self._noted("a message that is none of NENA-STA-024.1 was passed over")
        return None

    def _keep_alive(self, steady: float) -> None:
        """Ping where nothing was heard for a while: a broken connection is otherwise silent."""
        if self._ping is not None and (self._ping.is_set() or self._heard_at > self._ping_at):
            self._ping = None
        if self._ping is not None:
            if steady - self._ping_at > self._eido.answer_within.total_seconds():
                raise EidoFailed(f"a ping was not answered within {self._eido.answer_within}")
        elif steady - max(self._heard_at, self._ping_at) >= self._eido.ping_every.total_seconds():
            self._ping, self._ping_at = self._socket.ping(), steady


def _wanted(eido: Eido) -> dict[str, str | int]:
    wanted: dict[str, str | int] = {
        "requestAccepts": eido.accepts,
        "minRate": int(eido.min_rate.total_seconds()),
        "expires": int(eido.expires.total_seconds()),
    }
    wanted |= {"qualFilter": eido.filter} if eido.filter else {}
    return {name: value for name, value in wanted.items() if value}
