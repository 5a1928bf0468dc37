"""The way to the identity provider, over real TLS: what it asks, and all that it does not believe."""

import socket
from base64 import b64decode, urlsafe_b64encode
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import msgspec
import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace
from urllib3 import Timeout

from chalicelib.domain.desk.id_token import Reason, Refused
from chalicelib.identity.fetch import LARGEST, Fetch
from chalicelib.identity.provider import Client, OpenIdProvider
from chalicelib.ports.desk import ProviderDown, ProviderRefused
from tests.factories import NOW
from tests.identity.issuer import DRIP, SILENCE, WELL_KNOWN, authority, running
from tests.waiting import LONGEST

PATIENT = Timeout(LONGEST)
CLAIMS = {"sub": "ann", "roles": ["Watch"]}


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """Return an authority that this process trusts as it trusts the system's, by OpenSSL's own variable."""
    known = authority()
    known.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    return known


@pytest.fixture
def issuer(trusted):
    with running(trusted) as made:
        yield made


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def provider(issuer, /, clock=lambda: NOW, fetch=None, **changes):
    client = Client(issuer=issuer.address, client_id="d/sk", client_secret="s:e c/ret")
    return OpenIdProvider(lambda: replace(client, **changes), clock, fetch or Fetch(PATIENT, LONGEST))


def token(claims=CLAIMS, header=None, signature="c2ln"):
    parts = (msgspec.json.encode(part) for part in ({"alg": "RS256"} if header is None else header, claims))
    return ".".join([*(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), signature])


def gives(issuer, **said):
    issuer.answers("/token", {"token_type": "Bearer", "access_token": "x", "id_token": token(), **said})


def exchanged(issuer, /, **changes):
    return provider(issuer, **changes).exchange("the code", "the verifier", "https://desk.example/desk/signed-in")


class TestExchange:
    def test_a_code_is_exchanged_with_its_verifier_for_claims(self, issuer):
        gives(issuer)

        assert exchanged(issuer) == CLAIMS
        method, path, headers, form = issuer.asked[-1]
        assert (method, path) == ("POST", "/token")
        assert (headers["accept"], headers["connection"]) == ("application/json", "close")
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        assert form == {
            "grant_type": "authorization_code",
            "code": "the code",
            "redirect_uri": "https://desk.example/desk/signed-in",
            "code_verifier": "the verifier",
        }
        basic = b64decode(headers["authorization"].removeprefix("Basic ")).decode()
        assert basic == "d%2Fsk:s%3Ae%20c%2Fret"  # RFC 6749, 2.3.1: each is form-encoded first

    def test_without_a_secret_we_are_a_public_client(self, issuer):
        gives(issuer)

        assert exchanged(issuer, client_secret="") == CLAIMS
        _, _, headers, form = issuer.asked[-1]
        assert form["client_id"] == "d/sk"
        assert "authorization" not in headers

    @pytest.mark.parametrize(
        ("number", "said", "told"),
        [
            (400, {"error": "invalid_grant"}, "invalid_grant"),
            (401, {"error": "invalid_client"}, "invalid_client"),
            (403, b"<html>", "403"),
        ],
    )
    def test_a_refusal_is_told_by_its_name(self, issuer, number, said, told):
        issuer.answers("/token", said, number)

        with pytest.raises(ProviderRefused) as refused:
            exchanged(issuer)
        assert str(refused.value) == told

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (500, {"error": "x"}),
            (503, b""),
            (200, b"no JSON"),
            (200, {}),
            (200, {"id_token": 7}),
            (204, b""),
            (200, []),
        ],
    )
    def test_whatever_is_no_token_is_a_provider_that_is_down(self, issuer, number, said):
        issuer.answers("/token", said, number)

        with pytest.raises(ProviderDown):
            exchanged(issuer)

    @pytest.mark.parametrize("number", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, issuer, number):
        """A redirect would take the code and our secret to another address."""
        issuer.answers("/elsewhere", {"id_token": token()})
        issuer.answers("/token", b"", number, Location=f"{issuer.address}/elsewhere")

        with pytest.raises(ProviderDown):
            exchanged(issuer)
        assert "/elsewhere" not in issuer.paths

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            (token(header={"alg": "none"}), Reason.UNSIGNED),
            (token(header={"alg": "NoNe"}), Reason.UNSIGNED),
            (token(header={}), Reason.UNSIGNED),
            (token(signature=""), Reason.UNSIGNED),
            ("a.b", Reason.NOT_A_TOKEN),
            ("a.b.c.d.e", Reason.NOT_A_TOKEN),
            ("!.!.!", Reason.NOT_A_TOKEN),
            ("", Reason.NOT_A_TOKEN),
        ],
    )
    def test_a_token_that_nobody_signed_is_none(self, issuer, given, reason):
        gives(issuer, id_token=given)

        with pytest.raises(Refused) as refused:
            exchanged(issuer)
        assert refused.value.reason is reason


class TestDiscovery:
    def test_the_document_is_read_once_an_hour(self, issuer):
        clock = Clock()
        known = provider(issuer, clock)

        described = known.describe()
        clock.now += timedelta(minutes=59)
        assert known.describe() == described
        assert issuer.paths == [WELL_KNOWN]
        clock.now += timedelta(minutes=2)
        assert known.describe() == described
        assert issuer.paths == [WELL_KNOWN] * 2
        assert described.token_endpoint == f"{issuer.address}/token"
        assert (described.end_session_endpoint, described.names_itself) == (f"{issuer.address}/end", False)

    def test_a_provider_that_is_down_is_known_as_it_was_for_a_day(self, issuer):
        clock = Clock()
        known = provider(issuer, clock)
        described = known.describe()
        issuer.answers(WELL_KNOWN, b"", 503)

        clock.now += timedelta(hours=23)
        assert known.describe() == described
        clock.now += timedelta(hours=2)
        with pytest.raises(ProviderDown):
            known.describe()

    def test_an_issuer_with_a_path_and_a_slash_has_its_document_below_it(self, issuer):
        """OpenID Connect Discovery 1.0, 4.1; Entra's issuers end with /v2.0, Auth0's with a slash."""
        address = f"{issuer.address}/tenant/v2.0/"
        issuer.answers("/tenant/v2.0" + WELL_KNOWN, _described(issuer) | {"issuer": address})

        assert provider(issuer, issuer=address).describe().issuer == address

    def test_another_issuer_in_the_secret_is_read_at_once(self, issuer):
        issuer.answers("/other" + WELL_KNOWN, _described(issuer) | {"issuer": f"{issuer.address}/other"})
        secret = [Client(issuer=issuer.address, client_id="desk")]
        known = OpenIdProvider(lambda: secret[-1], lambda: NOW, Fetch(PATIENT, LONGEST))
        known.describe()

        secret.append(Client(issuer=f"{issuer.address}/other", client_id="desk"))
        assert known.describe().issuer == f"{issuer.address}/other"

    def test_what_names_itself_in_call_backs_says_so(self, issuer):
        issuer.describes(**_described(issuer), authorization_response_iss_parameter_supported=True)

        assert provider(issuer).describe().names_itself

    @pytest.mark.parametrize(
        "changes",
        [
            {"issuer": "https://evil.example"},
            {"issuer": "https://LOCALHOST"},
            {"issuer": None},
            {"token_endpoint": "http://127.0.0.1/token"},
            {"token_endpoint": "https://user@evil.example/token"},
            {"token_endpoint": None},
            {"token_endpoint": "file:///etc/passwd"},
            {"authorization_endpoint": "http://id.example/authorize"},
            {"authorization_endpoint": "http://127.0.0.1.evil.example/authorize"},
            {"authorization_endpoint": "http://127.0.0.1@evil.example/authorize"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": None},
        ],
    )
    def test_a_document_that_leads_elsewhere_is_not_believed(self, issuer, changes):
        issuer.describes(**_described(issuer) | changes)

        with pytest.raises(ProviderDown):
            provider(issuer).describe()

    def test_a_slash_more_is_another_issuer(self, issuer):
        issuer.describes(**_described(issuer) | {"issuer": f"{issuer.address}/"})

        with pytest.raises(ProviderDown, match="another issuer"):
            provider(issuer).describe()

    def test_a_browser_may_be_led_to_this_machine(self, issuer):
        """Local cities have their sign-in page there; the exchange of the code is over TLS all the same."""
        page = "http://127.0.0.1:4566/authorize"
        issuer.describes(**_described(issuer) | {"authorization_endpoint": page})

        assert provider(issuer).describe().authorization_endpoint == page

    def test_a_browser_may_be_led_to_any_host_by_https(self, issuer):
        page, end = "https://login.example/authorize", "https://login.example/end?x=http://y"
        issuer.describes(**_described(issuer) | {"authorization_endpoint": page, "end_session_endpoint": end})

        described = provider(issuer).describe()
        assert (described.authorization_endpoint, described.end_session_endpoint) == (page, end)

    def test_an_unsafe_address_to_sign_out_is_left_out(self, issuer):
        issuer.describes(**_described(issuer) | {"end_session_endpoint": "http://evil.example"})

        assert provider(issuer).describe().end_session_endpoint == ""

    @pytest.mark.parametrize("number", [301, 302, 307, 404, 500])
    def test_whatever_is_no_document_is_a_provider_that_is_down(self, issuer, number):
        issuer.answers("/elsewhere", _described(issuer))
        issuer.answers(WELL_KNOWN, b"", number, Location=f"{issuer.address}/elsewhere")

        with pytest.raises(ProviderDown):
            provider(issuer).describe()
        assert issuer.paths == [WELL_KNOWN]


def _described(issuer):
    return msgspec.json.decode(issuer.documents[WELL_KNOWN][1])


class TestTheWayThere:
    def test_http_is_never_spoken(self, issuer):
        with pytest.raises(ProviderDown, match="https"):
            provider(issuer, issuer=issuer.address.replace("https", "http")).describe()
        with pytest.raises(ProviderDown, match="https"):
            Fetch().get("http://localhost/")
        assert issuer.paths == []

    @pytest.mark.parametrize("address", ["", "https://", "https://[::1", "https://a@b/", "ftp://x/", "//x/"])
    def test_what_is_no_address_is_asked_nothing(self, issuer, address):
        with pytest.raises(ProviderDown):
            Fetch().get(address)
        with pytest.raises(ProviderDown):
            provider(issuer, issuer=address).describe()

    def test_an_authority_that_the_system_does_not_know_is_none(self, trusted):
        with running(authority()) as impostor:
            with pytest.raises(ProviderDown, match="does not answer"):
                provider(impostor).describe()

            assert impostor.paths == []

    def test_a_certificate_of_another_name_is_none(self, trusted):
        with running(trusted, "evil.example") as impostor:
            with pytest.raises(ProviderDown, match="does not answer"):
                provider(impostor).describe()

            assert impostor.paths == []

    def test_nobody_at_the_address_is_a_provider_that_is_down(self, trusted):
        with running(trusted) as gone:
            pass

        with pytest.raises(ProviderDown, match="does not answer"):
            provider(gone).describe()

    def test_an_endless_answer_ends(self, issuer):
        issuer.answers(WELL_KNOWN, DRIP)

        with pytest.raises(ProviderDown, match="bytes"):
            provider(issuer).describe()
        with pytest.raises(ProviderDown, match="too slowly"):
            provider(issuer, fetch=Fetch(PATIENT, longest=-1)).describe()

    def test_a_huge_answer_is_not_kept(self, issuer):
        issuer.describes(**_described(issuer), more="x" * LARGEST)

        with pytest.raises(ProviderDown, match="bytes"):
            provider(issuer).describe()

    def test_an_answer_that_never_begins_is_not_waited_for(self, issuer):
        issuer.answers(WELL_KNOWN, SILENCE)

        with pytest.raises(ProviderDown, match="does not answer"):
            provider(issuer, fetch=Fetch(Timeout(connect=LONGEST, read=0.01), LONGEST)).describe()
        assert len(issuer.asked) <= 1

    def test_a_small_answer_that_would_unfold_is_not_unfolded(self, issuer):
        number, text, _ = issuer.documents[WELL_KNOWN]
        issuer.answers(WELL_KNOWN, text, number, Content_Encoding="gzip")

        described = provider(issuer).describe()
        assert described.issuer == issuer.address
        assert issuer.asked[-1][2]["accept-encoding"] == "identity"

    def test_the_standard_proxy_is_used_and_left_out_as_the_variables_say(self, issuer, monkeypatch):
        with tunnel(int(issuer.address.rpartition(":")[2])) as (proxy, seen):
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            assert provider(issuer).describe().issuer == issuer.address
            assert [line.split()[:2] for line in seen] == [["CONNECT", issuer.address.removeprefix("https://")]]

            monkeypatch.setenv("NO_PROXY", "localhost")
            assert provider(issuer).describe().issuer == issuer.address
            assert len(seen) == 1


@contextmanager
def tunnel(port):
    """Run a proxy that knows CONNECT and leads to one port of this machine; yield its address and what it was told."""
    seen, listening = [], socket.create_server(("127.0.0.1", 0))

    def serve():
        with listening, listening.accept()[0] as near, socket.create_connection(("127.0.0.1", port)) as far:
            seen.append(near.recv(4096).split(b"\r\n")[0].decode())
            near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = Thread(target=_pump, args=(far, near), daemon=True)
            back.start()
            _pump(near, far)
            back.join()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", seen
    thread.join()


def _pump(source, sink):
    try:
        while piece := source.recv(4096):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return  # one of the two hung up


class TestTheSecret:
    def test_a_secret_that_can_t_be_read_is_a_provider_that_is_down(self):
        def unreadable():
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")

        known = OpenIdProvider(unreadable, lambda: NOW)
        for ask in (known.describe, lambda: known.client_id, lambda: known.exchange("a", "b", "c")):
            with pytest.raises(ProviderDown, match="secret DeskProvider"):
                ask()

    @pytest.mark.parametrize("changes", [{"issuer": ""}, {"issuer": "http://id.example"}, {"client_id": ""}])
    def test_a_secret_that_names_no_provider_says_so(self, issuer, changes):
        with pytest.raises(ProviderDown, match="secret DeskProvider"):
            provider(issuer, **changes).describe()
        assert issuer.paths == []

    @pytest.mark.parametrize(
        ("said", "asked"),
        [("", "openid profile"), ("groups", "openid groups"), ("profile openid email", "openid profile email")],
    )
    def test_openid_is_always_asked_for(self, issuer, said, asked):
        assert provider(issuer, scope=said).scope == asked

    def test_the_secret_s_words_are_ours(self, issuer):
        known = provider(issuer, scope="openid groups", logout="https://pool.example/logout")

        assert (known.client_id, known.scope, known.logout) == ("d/sk", "openid groups", "https://pool.example/logout")
