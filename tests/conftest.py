"""Fixtures that every test may use."""

import functools
import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest


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


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL of Debian's packages and yield the URL of its server; only CI must have it."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []
    found = shutil.which("initdb") or (str(homes[-1] / "initdb") if homes else None)
    if found is None:
        message = "there is no PostgreSQL; apt-get install postgresql"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    home = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="lq"))  # short, as the name of a socket must be
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres")
    run = functools.partial(subprocess.run, check=True, capture_output=True, cwd=folder, **user)
    run([home / "initdb", "-D", folder / "data", "-U", "lq", "-A", "trust", "--no-sync"])
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    run([home / "pg_ctl", "-D", folder / "data", "-o", options, "-w", "-l", folder / "log", "start"])
    yield f"postgresql+psycopg://lq@/postgres?host={folder}"
    run([home / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


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
