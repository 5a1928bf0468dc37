import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import sqlalchemy

from feed.config import SECRET as SECRET_VARIABLE
from feed.run import opened
from tests.feed.cad_server import CadServer, Calls, Reply
from tests.feed.calls_table import CREATE
from tests.feed.standin import SECRET, Agency, Time


@pytest.fixture
def time_():
    return Time()


@pytest.fixture
def agency(time_):
    return Agency(time_)


@pytest.fixture
def calls():
    return Calls()


@pytest.fixture
def cad(calls):
    server = CadServer(lambda request: Reply({"calls": calls.all()}))
    yield server
    server.close()


@pytest.fixture
def database(postgres):
    engine = sqlalchemy.create_engine(postgres.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(CREATE))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)


@pytest.fixture
def feed(tmp_path, agency, time_):
    """Return what opens a feed of a test's own: `feed(source, mapping)`, as a context that ends as kill -9 does.

    With an `address` of its own it posts there; else to the agency in memory.
    """

    def described(source, mapping, **more):
        (tmp_path / "map.toml").write_text(mapping)
        told = {
            "address": "https://tell.springfield.example",
            "agency": "springfield",
            "mapping": "map.toml",
            "state": "state",
        }
        lines = [f"{name} = {value!r}" for name, value in {**told, **more}.items()]
        (tmp_path / "feed.toml").write_text("\n".join([*lines, source]).replace("'", '"'))
        return opened(tmp_path / "feed.toml", time_.clocks, None if "address" in more else agency.client)

    return described


class Postgres:
    """A server of this test process, on 127.0.0.1, run by somebody without privileges."""

    def __init__(self):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        where = shutil.which("initdb") or (found and str(found[-1]))
        if not where:
            pytest.fail("PostgreSQL is not installed: `make test` does that")
        self._bin = Path(where).parent
        self._user = (
            next((name for name in ("postgres", "nobody") if self._knows(name)), None) if os.geteuid() == 0 else None
        )
        self.folder = Path(tempfile.mkdtemp(prefix="tenfour-postgres-"))
        if self._user:
            shutil.chown(self.folder, self._user)
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = held.getsockname()[1]
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "cad", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    @property
    def url(self):
        return f"postgresql+psycopg://cad@127.0.0.1:{self.port}/postgres"

    def start(self):
        settings = (
            "-F",
            "-h",
            "127.0.0.1",
            "-k",
            str(self.folder),
            "-p",
            str(self.port),
            "-c",
            "timezone=America/Denver",
        )
        options = " ".join([*settings, "-c", "shared_buffers=64MB", "-c", "max_connections=20"])
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "60", "-l", log, "-o", options, "start")

    def stop(self):
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def _run(self, command, *words):
        done = subprocess.run(
            [str(self._bin / command), *words],
            user=self._user,
            cwd="/",
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert done.returncode == 0, done.stderr.decode()

    @staticmethod
    def _knows(name):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            return None


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    yield server
    server.stop()
    time.sleep(0.1)
    shutil.rmtree(server.folder, ignore_errors=True)
