"""Every failure of SQLite becomes one of our errors: no code and no exception class is forgotten."""

import sqlite3
from pathlib import Path

import pytest

from bot.domain.errors import DatabaseUnavailable, StorageError
from storage.sqlite_errors import FAILURES, translate

FILE = Path("data/reelbot.db")

# https://sqlite.org/rescode.html, "Primary Result Codes". OK, ROW and DONE are no errors; NOTICE and WARNING
# never come from a call.
OUTSIDE = (
    "PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT FULL CANTOPEN PROTOCOL NOLFS AUTH "
    "FORMAT NOTADB"
)
MISTAKES = "ERROR INTERNAL NOTFOUND EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE RANGE"


def failure(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("name", OUTSIDE.split())
def test_what_the_disk_or_another_program_did_is_unavailable(name: str) -> None:
    error = translate(failure(getattr(sqlite3, f"SQLITE_{name}")), FILE)
    assert type(error) is DatabaseUnavailable
    assert str(error).startswith(f"The database {FILE} ")
    assert str(error).endswith("(words of SQLite).")


@pytest.mark.parametrize("name", MISTAKES.split())
def test_what_the_code_did_wrong_is_not_worth_waiting_for(name: str) -> None:
    error = translate(failure(getattr(sqlite3, f"SQLITE_{name}")), FILE)
    assert type(error) is StorageError
    assert "refused a statement" in str(error)


def test_the_two_tables_hold_every_primary_code() -> None:
    codes = {getattr(sqlite3, f"SQLITE_{name}") for name in (*OUTSIDE.split(), *MISTAKES.split())}
    assert codes == set(range(1, 27))


@pytest.mark.parametrize(
    "name",
    [
        name
        for family in ("IOERR", "READONLY", "CANTOPEN", "CORRUPT", "BUSY", "LOCKED")
        for name in dir(sqlite3)
        if name.startswith(f"SQLITE_{family}_")
    ],
)
def test_an_extended_code_counts_as_its_family(name: str) -> None:
    assert type(translate(failure(getattr(sqlite3, name)), FILE)) is DatabaseUnavailable


def test_every_exception_of_the_driver_is_caught() -> None:
    kinds = [
        kind for kind in vars(sqlite3).values() if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert len(kinds) >= 10
    for kind in kinds:
        error = kind("no code")
        assert isinstance(error, FAILURES)
        assert isinstance(translate(error, FILE), StorageError)
