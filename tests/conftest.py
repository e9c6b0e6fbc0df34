"""Fixtures that every test may use."""

import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from tests.review.fixtures import browser, large, page, reviewed, served

# One browser and one reviewed company for a whole run: Playwright starts once in a process, and the training is slow.
__all__ = ["browser", "large", "page", "reviewed", "served"]

# No example has a deadline: how long one takes says how busy the machine is, not whether the code is right.
settings.register_profile("leadqual", deadline=None)
settings.load_profile("leadqual")


def wait_until(true: Callable[[], object], *, seconds: float = 300) -> bool:
    """Wait until something is true, and return whether it became so; the time is a guard against hanging for ever."""
    end = time.monotonic() + seconds
    while not (found := bool(true())) and time.monotonic() < end:
        time.sleep(0.02)
    return found


@pytest.fixture(scope="session")
def wait() -> Callable[..., bool]:
    """Return a function that waits until something is true; see `wait_until`."""
    return wait_until


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real lead data, or skip where LEADQUAL_REAL_DATA is unset."""
    folder = os.environ.get("LEADQUAL_REAL_DATA")
    if not folder:
        pytest.skip("LEADQUAL_REAL_DATA is not set: point it at the folder of real lead data to run this test")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"LEADQUAL_REAL_DATA is {folder}, which is not a folder")
    return path


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """Return the Hypothesis strategies for valid bundles and odd leads (tests/bundle/strategies.py)."""
    # by path, as tests are no package; draw from it with st.data()
    spec = importlib.util.spec_from_file_location("strategies", Path(__file__).parent / "bundle" / "strategies.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class PostgresqlServer:
    """A PostgreSQL server of Debian's packages, in a folder of its own."""

    def __init__(self) -> None:
        homes = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []
        found = shutil.which("initdb") or (str(homes[-1] / "initdb") if homes else None)
        if found is None:
            message = "there is no PostgreSQL; apt-get install postgresql"
            pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
        self._home = Path(found).resolve().parent
        self.folder = Path(tempfile.mkdtemp(prefix="lq"))  # short, as the name of a socket must be
        user = {"user": "postgres"} if os.geteuid() == 0 else {}
        if user:
            shutil.chown(self.folder, "postgres")
        self._run = functools.partial(subprocess.run, capture_output=True, cwd=self.folder, **user)
        self._data = self.folder / "data"
        # small segments of its log, so that a limit on the size of files meets the tables first
        settings = ["-U", "lq", "-A", "trust", "--no-sync", "--wal-segsize=1"]
        self._run([self._home / "initdb", "-D", self._data, *settings], check=True)
        self.url = f"postgresql+psycopg://lq@/postgres?host={self.folder}"

    def start(self, *, full: bool = False) -> None:
        """Start it, again and again while what was killed lets go of its memory.

        A small disk would have to be mounted, which tests may not. Where it is to be full, no file gets longer than
        2052 kB: no whole number of PostgreSQL's pages of 8 kB, so that a write falls short as it does on a full disk.
        """
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off"
        command = [
            self._home / "pg_ctl",
            "-D",
            self._data,
            "-o",
            options,
            "-w",
            "-t",
            "300",
            "-l",
            self.folder / "log",
            "start",
        ]
        limit = ["bash", "-c", 'ulimit -f 2052; exec "$@"', "bash"] if full else []
        for left in reversed(range(300)):
            if self._run([*limit, *command], check=not left).returncode == 0:
                return
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it at once, without a checkpoint."""
        self._run([self._home / "pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop"])

    def kill(self) -> None:
        """Kill its first process, and leave the others to find out."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def remove(self) -> None:
        """Stop it, and delete what it has."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL and yield the URL of its server; only CI must have it."""
    server = PostgresqlServer()
    server.start()
    yield server.url
    server.remove()


@pytest.fixture
def own_postgresql() -> Iterator[PostgresqlServer]:
    """Yield a PostgreSQL that is running, and that a test may kill."""
    server = PostgresqlServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database."""
    import sqlalchemy

    name = f"t{uuid.uuid4().hex}"
    server = sqlalchemy.create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgresql.replace("/postgres?", f"/{name}?")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()
