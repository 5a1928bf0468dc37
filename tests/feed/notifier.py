"""An EIDO notifier that behaves like NENA-STA-024.1, on a real socket, with switches for what goes wrong."""

import json
import socket
import threading
from collections import deque
from contextlib import suppress
from http import HTTPStatus

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

PATH = "/IncidentData/ent"


def eido(number, minute=0, status="Active", unit="", **incident):
    """Return a small EIDO, as it was so many minutes after 17:00 UTC."""
    at = f"2026-11-21T17:{minute:02}:00Z"
    resource = {"$id": "u1", "lastUpdateTimeStamp": at, "emergencyResourceName": "2A12"}
    resource |= {"primaryUnitStatusRegistryText": "Not Available", "secondaryUnitStatusRegistryText": [unit]}
    component = {
        "$id": "i1",
        "lastUpdateTimeStamp": at,
        "internalIncidentId": number,
        "incidentTypeInternalCode": "NOISE",
        "incidentStatusCommonRegistryText": [status],
    }
    told = {
        "$id": f"urn:emergency:uid:incidentid:{number}:bcf.springfield.example",
        "lastUpdateTimeStamp": at,
        "incidentComponent": component | incident,
    }
    return told | ({"emergencyResourceComponent": [resource]} if unit else {})


class Subscriber:
    """One connection as the notifier sees it."""

    def __init__(self, connection):
        self.connection, self.name = connection, None
        self.counted, self.unanswered, self.queue = 0, None, deque()

    def write(self, **message):
        self.connection.send(json.dumps(message))


class Notifier:
    """The server. `incidents` is its state; `tell` changes it and notifies."""

    def __init__(self, ssl=None, compression=None):
        self.incidents, self.subscribers = {}, []
        self.subscribes, self.answers, self.ended, self.headers = [], [], [], []
        self.expires, self.min_rate, self.page = 3600, 30, 100
        self.handshake = self.refuses = self.refuses_renewal = 0
        self.mute = self.counts = self.in_binary = self.waits_for_answers = self.empty_state = False
        self.sends_state = True
        self._ssl, self._compression, self._lock = ssl, compression, threading.RLock()
        self.port = 0
        self.start()

    @property
    def url(self):
        return f"{'wss' if self._ssl else 'ws'}://localhost:{self.port}{PATH}"

    def start(self):
        bound = socket.create_server(("localhost", self.port))
        self.port = bound.getsockname()[1]
        self._server = serve(
            self._serve,
            sock=bound,
            ssl=self._ssl,
            compression=self._compression,
            subprotocols=["emergency-ent1.0"],
            process_request=self._greet,
            ping_interval=None,
            close_timeout=0.2,
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        """End as a machine does that loses power."""
        self._server.shutdown()
        self._thread.join(5)
        self.cut()

    def cut(self):
        """Break every connection without a word."""
        for subscriber in list(self.subscribers):
            with suppress(OSError):
                subscriber.connection.socket.shutdown(socket.SHUT_RDWR)
        self.wait_for(lambda: not self.subscribers)

    def tell(self, *eidos, lose=False):
        """Change the state, and notify every subscriber; `lose` does all but send it."""
        with self._lock:
            for one in eidos:
                self.incidents[one["$id"]] = one
            for subscriber in self.subscribers:
                if subscriber.name:
                    self._notify(subscriber, eidos, lose=lose)

    def close_incident(self, number):
        """Let an incident leave the state without a notification."""
        with self._lock:
            self.incidents = {key: one for key, one in self.incidents.items() if f":{number}:" not in key}

    def write(self, data):
        """Send whatever it is to every subscriber."""
        with self._lock:
            for subscriber in self.subscribers:
                subscriber.connection.send(data)

    def terminate(self):
        with self._lock:
            for subscriber in self.subscribers:
                subscriber.write(terminate={"requestId": "r-end", "subscriptionId": subscriber.name})

    def wait_for(self, found, seconds=120):
        """Wait until something is so; a test that waits longer fails."""
        done = threading.Event()
        for _ in range(int(seconds / 0.005)):
            if found():
                return
            done.wait(0.005)
        raise AssertionError("it did not come about")

    def _greet(self, connection, request):
        self.headers.append(dict(request.headers.raw_items()))
        if self.handshake:
            return connection.respond(HTTPStatus(self.handshake), "as asked\n")
        return None if request.path == PATH else connection.respond(HTTPStatus.NOT_FOUND, "no\n")

    def _serve(self, connection):
        subscriber = Subscriber(connection)
        with self._lock:
            self.subscribers.append(subscriber)
        try:
            for data in connection:
                with self._lock:
                    self._hear(subscriber, json.loads(data))
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self.subscribers.remove(subscriber)

    def _hear(self, subscriber, message):
        if self.mute:
            return
        if "subscribe" in message:
            self.subscribes.append(message["subscribe"])
            self._subscribed(subscriber, message["subscribe"])
        elif "unsubscribe" in message:
            self.ended.append(message["unsubscribe"])
            told = message["unsubscribe"] | {"statusCode": 200, "statusText": "OK"}
            subscriber.write(unsubscribeResponse=told)
        elif "terminateResponse" in message:
            self.ended.append(message["terminateResponse"])
        elif "eventResponse" in message:
            self.answers.append(message["eventResponse"])
            subscriber.unanswered = None
            self._next(subscriber)

    def _subscribed(self, subscriber, asked):
        renews = "subscriptionId" in asked
        status = self.refuses_renewal if renews else self.refuses
        if renews and asked["subscriptionId"] != subscriber.name:
            status = 481
        told = {"requestId": asked["requestId"], "statusCode": status or 200, "statusText": "as it is"}
        if status:
            subscriber.write(subscribeResponse=told)
            return
        if not renews:
            subscriber.name = f"sub-{len(self.subscribes)}"
        told |= {"subscriptionId": subscriber.name, "expires": self.expires}
        subscriber.write(subscribeResponse=told | ({"minRate": self.min_rate} if self.min_rate else {}))
        state = list(self.incidents.values())
        if not renews and self.sends_state:
            for start in range(0, len(state), self.page):
                self._notify(subscriber, state[start : start + self.page])
            if not state and self.empty_state:
                self._notify(subscriber, [])

    def _notify(self, subscriber, eidos, *, lose=False):
        subscriber.counted += 1
        named = {"subscriptionId": subscriber.name}
        if self.counts:
            message = {"eventNotify": named | {"notifyCount": subscriber.counted}, "event": {"notification": eidos}}
        else:
            named |= {"transactionId": f"t-{subscriber.counted}@idx.example"}
            message = {"event": named | {"notification": eidos}}
        if not lose:
            subscriber.queue.append(message)
            self._next(subscriber)

    def _next(self, subscriber):
        while subscriber.queue and not (self.waits_for_answers and subscriber.unanswered):
            message = subscriber.queue.popleft()
            subscriber.unanswered = message
            data = json.dumps(message)
            with suppress(ConnectionClosed):
                subscriber.connection.send(data.encode() if self.in_binary else data)


class Wire:
    """What lies between the feed and the notifier: it may fall silent while both ends believe in it, or get stuck."""

    def __init__(self, port):
        self._to, self.frozen, self.stuck = port, threading.Event(), threading.Event()
        self._door = socket.create_server(("localhost", 0))
        self.port = self._door.getsockname()[1]
        self._sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        for one in [self._door, *self._sockets]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("localhost", self._to))
            self._sockets += [near, far]
            threading.Thread(target=self._carry, args=(near, far, self.stuck), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, threading.Event()), daemon=True).start()

    def _carry(self, start, end, stuck):
        with suppress(OSError):
            while data := start.recv(65536):
                while stuck.is_set():
                    threading.Event().wait(0.01)
                if not self.frozen.is_set():
                    end.sendall(data)
            end.shutdown(socket.SHUT_WR)
