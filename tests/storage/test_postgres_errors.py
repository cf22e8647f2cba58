"""Every failure of PostgreSQL becomes one of our errors: no code and no exception class is forgotten."""

import socket
import ssl

import asyncpg
import pytest

from bot.domain.errors import ConfigError, DatabaseUnavailable, StorageError
from storage.postgres_errors import FAILURES, translate, translate_opening

NAME = "reelbot at db:5432"
KINDS = [kind for kind in vars(asyncpg).values() if isinstance(kind, type) and issubclass(kind, Exception)]
CODES = {
    getattr(kind, "sqlstate", None) or "" for kind in KINDS if issubclass(kind, asyncpg.PostgresError)
} - {""}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: what the server, its disk, its administrator
# or another transaction did. Everything else is a mistake of ours.
OUTSIDE = ("08", "28", "3D", "40", "53", "55", "57", "58", "25006", "25P03", "42501", "XX001", "XX002")


def failure(code: str) -> asyncpg.PostgresError:
    fields = {"C": code, "M": "words of PostgreSQL", "D": "Key (x)=(a member's words)."}
    error: asyncpg.PostgresError = asyncpg.PostgresError.new(fields)
    return error


def test_the_driver_knows_the_codes_that_are_looked_through() -> None:
    assert len(CODES) > 200
    for beginning in OUTSIDE:
        assert any(code.startswith(beginning) for code in CODES), beginning


def test_every_code_is_unavailable_or_a_mistake() -> None:
    for code in CODES:
        error = translate(failure(code), NAME)
        kind = DatabaseUnavailable if code.startswith(OUTSIDE) else StorageError
        assert type(error) is kind, code
        assert str(error).startswith(f"The database {NAME} "), code
        assert str(error).endswith("words of PostgreSQL)."), code
        assert "member" not in str(error), code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "full disk"),
        ("53300", "max_connections"),
        ("57014", "did not answer in time"),
        ("57P01", "is stopped or is just starting"),
        ("57P03", "is stopped or is just starting"),
        ("40P01", "answers again by itself"),
        ("25006", "read-only"),
        ("42501", "give its user the right"),
        ("XX001", "restore a backup"),
        ("08006", "check that the server runs"),
    ],
)
def test_a_sentence_says_what_to_do(code: str, words: str) -> None:
    assert words in str(translate(failure(code), NAME))


def test_at_the_start_what_a_setting_can_mend_is_a_matter_of_settings() -> None:
    told = {code for code in CODES if isinstance(translate_opening(failure(code), NAME), ConfigError)}
    assert told == {"28000", "28P01", "3D000", "22023", "42704", "08P01"}


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionRefusedError(111, "Connection refused"),
        ConnectionResetError(),
        socket.gaierror(-2, "Name or service not known"),
        ssl.SSLCertVerificationError("certificate verify failed"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("got result for unknown protocol state"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_lost_connection_is_unavailable(error: Exception) -> None:
    assert isinstance(error, FAILURES)
    for told in (translate(error, NAME), translate_opening(error, NAME)):
        assert type(told) is DatabaseUnavailable
        assert str(told).endswith(".")
        assert "()" not in str(told)


@pytest.mark.parametrize(
    "error", [ValueError(f"{NAME} secret"), OverflowError("secret"), UnicodeError("secret")]
)
def test_an_error_of_python_at_the_start_is_not_repeated(error: Exception) -> None:
    told = translate_opening(error, NAME)
    assert isinstance(told, ConfigError)
    assert "secret" not in str(told)


def test_a_refused_value_is_not_told() -> None:
    error = asyncpg.DataError("invalid input for query argument $3: 'a (secret) text' (expected int)")
    told = translate(error, NAME)
    assert type(told) is StorageError
    assert str(told) == f"The database {NAME} refused a statement (DataError: expected int)."


def test_every_exception_of_the_driver_is_caught() -> None:
    assert len(KINDS) > 250
    for kind in KINDS:
        assert issubclass(kind, (*FAILURES, Warning)), kind
