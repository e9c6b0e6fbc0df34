"""A PostgreSQL server of one's own, in a folder that goes when it is done."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy

__all__ = ["new_database", "postgresql_server"]


@contextmanager
def postgresql_server() -> Iterator[str | None]:
    """Start a server and yield its URL; None where PostgreSQL is not installed."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb") or (str(homes[-1] / "initdb") if homes else None)
    if found is None:
        yield None
        return
    home = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="lq"))  # short, as the name of a socket must be
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(*command: object, check: bool = True) -> None:
        subprocess.run([str(part) for part in command], check=check, capture_output=True, cwd=folder, user=user)

    run(home / "initdb", "-D", folder / "data", "-U", "lq", "-A", "trust", "--no-sync")
    # clients are killed and not the machine: the server need not force its disk
    options = f"-c listen_addresses='' -k {folder} -c max_connections=60 -c fsync=off"
    run(home / "pg_ctl", "-D", folder / "data", "-o", options, "-w", "-l", folder / "log", "start")
    try:
        yield f"postgresql+psycopg://lq@/postgres?host={folder}"
    finally:
        run(home / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """Make an empty database on a server and return its URL."""
    name = f"t{uuid4().hex}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
