"""A browser at the city's desk that is only HTTP: what an attacker writes, rather than what Chromium would send.

A browser keeps cookies for this host alone; here whoever holds one may use it anywhere, as thieves do.
"""

from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from chalicelib.web.desk.cookies import SESSION, SIGN_IN
from tests.waiting import LONGEST

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


class HttpBrowser:
    """Somebody at the desk, with the cookies of one browser."""

    def __init__(self, stack):
        self.stack, self.cookies = stack, {}
        self._web = httpx.Client(trust_env=False, timeout=LONGEST)

    def ask(self, method, page, **more):
        """Ask for a page of the desk, by its path there or by its whole address."""
        address = page if "://" in page else f"{self.stack.desk}{page}"
        line = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._web.request(method, address, headers={**OWN_PAGE, "Cookie": line}, **more)
        for given in answer.headers.get_list("set-cookie"):
            for name, one in SimpleCookie(given).items():
                self.cookies.pop(name, None)
                if one["max-age"] != "0":
                    self.cookies[name] = one.value
        return answer

    def status(self, page="sessions"):
        """Return how the desk answers."""
        return self.ask("GET", page).status_code

    def begin(self, **form):
        """Press the button; return where Cognito asks for the password, past where its own session may end first."""
        answer = self.ask("POST", "sign-in", data={"target": "/desk/sessions", **form})
        if urlsplit(_onward(answer)).path == "/logout":
            answer = self.ask("GET", self._web.get(_onward(answer)).headers["location"])
        return _onward(answer)

    def prove(self, location, who):
        """Type a name and password into Cognito's page; return its call-back, which nobody has opened yet."""
        said = dict(parse_qsl(urlsplit(location).query))
        form = {**said, "username": who.username, "password": who.password}
        answer = self._web.post(f"{self.stack.aws_endpoint}/login", data=form)
        return answer.headers["location"]

    def sign_in(self, who, **form):
        """Sign somebody in; return the call-back's answer."""
        return self.ask("GET", self.prove(self.begin(**form), who))

    @property
    def session(self):
        return self.cookies.get(SESSION, "")

    @property
    def started(self):
        """Return the cookie of a sign-in that has begun."""
        return self.cookies.get(SIGN_IN, "")


def _onward(answer):
    return answer.headers["refresh"].partition("url=")[2]


def changed(address, **other):
    """Return an address with other values in its query; None leaves one out."""
    parts = urlsplit(address)
    said = {**dict(parse_qsl(parts.query)), **other}
    return parts._replace(query=urlencode({name: value for name, value in said.items() if value is not None})).geturl()


def part(address, name):
    """Return a value of an address's query."""
    return dict(parse_qsl(urlsplit(address).query))[name]
