"""To whom the feed subscribes, and how it is known there: certificates of both sides, and a token."""

import ssl

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from feed.config import PASSWORD, TOKEN, BadFeed
from feed.eido import source
from tests.feed.notifier import Notifier, eido
from tests.feed.test_eido import MAP, until


@pytest.fixture(autouse=True)
def listens_briefly(monkeypatch):
    monkeypatch.setattr(source, "LISTENS_FOR", 0.02)
    monkeypatch.setattr(source.EidoSource, "every", 0)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(authority, tmp_path):
    """Write our certificate, its key, whom to trust, and whom not."""
    ours = authority.issue_cert("feed.springfield.example")
    ours.cert_chain_pems[0].write_to_path(tmp_path / "feed.crt")
    ours.private_key_pem.write_to_path(tmp_path / "feed.key")
    ours.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    authority.cert_pem.write_to_path(tmp_path / "trusted.crt")
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.crt")
    return tmp_path


@pytest.fixture
def notifier(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Notifier(ssl=context)
    server.tell(eido("A-1"))
    yield server
    server.stop()


@pytest.fixture
def subscribed(feed, notifier, files):
    def opened(**told):
        lines = "\n".join(f"{name} = {value!r}" for name, value in {"url": notifier.url, **told}.items())
        return feed(f"[eido]\n{lines}", MAP)

    return opened


@pytest.mark.parametrize(
    "named", [{"certificate": "feed.crt", "certificate_key": "feed.key"}, {"certificate": "both.pem"}]
)
def test_both_sides_know_each_other_by_certificates(subscribed, notifier, agency, named):
    with subscribed(authority="trusted.crt", **named) as runner:
        until(runner, lambda: agency.accepted == 1)

    assert notifier.url.startswith("wss://")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"authority": "another.crt", "certificate": "both.pem"}, "the server's certificate is not trusted: "),
        ({"certificate": "both.pem"}, "the server's certificate is not trusted: "),
        ({"authority": "trusted.crt"}, ("the server refuses our certificate", "the server closes", "no connection: ")),
    ],
)
def test_an_unknown_side_is_said(subscribed, notifier, agency, time_, told, said):
    with subscribed(**told) as runner:
        until(runner, lambda: (runner._place.note("source_problem") or "").startswith(said), time_=time_)

    assert notifier.subscribes == []
    assert agency.signs == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"certificate": "none.pem"}, "eido.certificate: No such file or directory"),
        ({"certificate": "trusted.crt"}, "eido.certificate: "),
        ({"certificate_key": "feed.key"}, "eido.certificate: required beside eido.certificate_key"),
        ({"authority": "none.crt"}, "eido.authority: No such file or directory"),
        ({"authority": "feed.key"}, "eido.authority: "),
        ({"token_file": "none"}, "eido.token_file: No such file or directory"),
        ({"url": "ws://idx.example/IncidentData/ent"}, "eido.url: expected wss://"),
        ({"url": "https://idx.example/"}, "eido.url: expected wss://"),
        ({"expires": "0s"}, "eido.expires: expected more than 0"),
        ({"largest_mb": 0}, "eido.largest_mb: expected more than 0"),
        ({"expirs": "1h"}, "eido: Object contains unknown field expirs"),
    ],
    ids=str,
)
def test_what_can_not_be_used_is_said_before_the_feed_runs(subscribed, told, said):
    with pytest.raises(BadFeed) as found, subscribed(**told):
        pass

    assert said in str(found.value)


def test_a_key_with_a_password_asks_nobody(subscribed, files, agency, monkeypatch):
    key = serialization.load_pem_private_key((files / "feed.key").read_bytes(), None)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    hidden = serialization.BestAvailableEncryption(b"open sesame")
    (files / "feed.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, hidden))
    told = {"authority": "trusted.crt", "certificate": "feed.crt", "certificate_key": "feed.key"}

    with pytest.raises(BadFeed, match=r"eido\.certificate: "), subscribed(**told):
        pass
    monkeypatch.setenv(PASSWORD, "open sesame")
    with subscribed(**told) as runner:
        until(runner, lambda: agency.accepted == 1)


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_token_opens_the_door(subscribed, notifier, files, agency, monkeypatch, where):
    (files / "token").write_text("  abc.def  \n" if where == "file" else "another")
    if where == "environment":
        monkeypatch.setenv(TOKEN, "abc.def")
    with subscribed(authority="trusted.crt", certificate="both.pem", token_file="token") as runner:
        until(runner, lambda: agency.accepted == 1)

    assert notifier.headers[0]["Authorization"] == "Bearer abc.def"


def test_a_token_of_two_lines_is_refused(subscribed, files):
    (files / "token").write_text("abc\nX-Other: 1")

    with pytest.raises(BadFeed, match="is no token"), subscribed(token_file="token"):
        pass
