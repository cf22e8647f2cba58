"""Every failure of PostgreSQL and its driver, as one of our errors with one sentence."""

from collections.abc import Mapping
from types import MappingProxyType

import asyncpg

from bot.domain.errors import ConfigError, DatabaseUnavailable, StorageError

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises: the server's answers, its own two trees, and the network's errors."""

OPENING_FAILURES = (*FAILURES, ValueError, OverflowError)
"""What it raises besides while it reads the URL."""

_LOST = "cannot be reached: check that the server runs and the network is well"
_SLOW = "did not answer in time: look at the server and the network"
_LATER = "is busy: it answers again by itself"

# The longest beginning of a code that stands here counts
# (https://www.postgresql.org/docs/current/errcodes-appendix.html); all others are mistakes of ours.
_UNAVAILABLE: Mapping[str, str] = MappingProxyType(
    {
        "08": _LOST,
        "25006": "is read-only: let DATABASE_URL name the primary server",
        "25P03": "ended a transaction of a program that stood still for too long",
        "28": "refuses the user or the password: correct DATABASE_URL",
        "3D000": "does not exist: create it, or correct DATABASE_URL",
        "40": _LATER,
        "42501": "may not be used: give its user the right to create and write tables",
        "53": "has reached a limit of its server",
        "53100": "is on a full disk: free some space",
        "53200": "needs more memory than its server has",
        "53300": "has no connection free: raise max_connections of its server",
        "55": "is held by another program: close whatever has it open",
        "57": "is stopped or is just starting",
        "57014": _SLOW,
        "58": "cannot be read or written: look at the server's disk",
        "XX001": "is damaged: restore a backup",
        "XX002": "is damaged: restore a backup",
    }
)
# At the start these say that a setting is wrong; later somebody has changed the server, and waiting helps.
_MISCONFIGURED = ("28", "3D000")
_PROTOCOL = "08P01"  # what PgBouncer answers to the limits that every connection starts with
_OPTION = ("22023", "42704")  # what a server answers to an option that it does not know, or a wrong value


def translate(error: Exception, name: str) -> StorageError:
    """Turn what the driver raised into `DatabaseUnavailable`, or `StorageError` for a mistake of ours.

    A constraint, a wrong statement or a value that cannot be stored is a mistake: waiting will not help.
    """
    if isinstance(error, asyncpg.PostgresError):
        if isinstance(error, asyncpg.InvalidCachedStatementError):
            # Its code means more than this: another process has brought the schema up to date.
            return DatabaseUnavailable(f"The database {name} has changed just now ({_first_line(error)}).")
        reason = _reason(error.sqlstate or "")
        if reason is not None:
            return DatabaseUnavailable(f"The database {name} {reason} ({_first_line(error)}).")
    elif isinstance(error, TimeoutError):
        return DatabaseUnavailable(f"The database {name} {_SLOW}.")
    elif not isinstance(error, asyncpg.DataError):
        return DatabaseUnavailable(f"The database {name} {_LOST} ({_first_line(error)}).")
    return StorageError(
        f"The database {name} refused a statement ({type(error).__name__}: {_first_line(error)})."
    )


def translate_opening(error: Exception, name: str) -> ConfigError | StorageError:
    """Turn what the driver raised while it connected for the first time into an error for the owner."""
    code: str = getattr(error, "sqlstate", None) or ""
    if code.startswith(_MISCONFIGURED):
        return ConfigError(f"The database {name} {_reason(code)} ({_first_line(error)}).")
    if code == _PROTOCOL:
        return ConfigError(
            f"The database {name} stands behind a connection pooler that takes settings away: "
            f"let DATABASE_URL name the server itself ({_first_line(error)})."
        )
    if code in _OPTION or isinstance(error, asyncpg.ClientConfigurationError):
        return ConfigError(
            f"DATABASE_URL has an option after the question mark that cannot be used ({_first_line(error)})."
        )
    if isinstance(error, FAILURES):
        return translate(error, name)
    # Python's own errors may quote any part of the URL.
    return ConfigError("DATABASE_URL has a port or an option after the question mark that cannot be read.")


def _reason(code: str) -> str | None:
    beginnings = (code[:length] for length in range(len(code), 1, -1))
    return next((_UNAVAILABLE[part] for part in beginnings if part in _UNAVAILABLE), None)


def _first_line(error: Exception) -> str:
    """Return the message without the values, which may be a member's words.

    PostgreSQL puts values into the lines after the first. The driver puts the value before the reason.
    """
    text = str(error.args[0] if isinstance(error, asyncpg.PostgresError) else error)
    line = text.partition("\n")[0].strip().rstrip(".")
    if isinstance(error, asyncpg.DataError):
        return text.rpartition(" (")[2].removesuffix(")")
    return line or type(error).__name__
