"""Every statement runs on the migrated schema, uses its indexes, and stays in the common subset."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from bot.domain.states import CANCELLABLE, DRIVEN, HOLDS_SLOT, TERMINAL, JobState
from storage.migrate import load_migrations
from storage.queries import load_queries

SQL = Path(storage.__file__).parent / "sql"
TOPICS = sorted(path.stem for path in SQL.glob("*.sql"))
STATEMENTS = [
    pytest.param(sql, id=f"{topic}.{name}") for topic in TOPICS for name, sql in load_queries(topic).items()
]
SCRIPTS = [pytest.param(step.script, id=step.name) for step in load_migrations()]

# Words and types that only one of the two databases knows (reference: jobs, "Traps").
FOREIGN = re.compile(
    r"::|\?|\$\d|`|\["
    r"|\b(STRICT|AUTOINCREMENT|SERIAL|WITHOUT ROWID|INSERT OR|REPLACE INTO|PRAGMA|SKIP LOCKED|ROWID)\b"
    r"|\b(JSONB?|BOOLEAN|DATETIME|TIMESTAMP|TIMESTAMPTZ|BLOB|BYTEA|REAL|DOUBLE)\b"
    r"|\b(ANY|NOW|JULIANDAY|STRFTIME) *\(|\bIS (NOT )?DISTINCT\b",
    re.IGNORECASE,
)


@pytest.fixture
def schema() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(load_queries("schema")["create_table"])
    for step in load_migrations():
        for statement in step.statements():
            connection.execute(statement)
    yield connection
    connection.close()


def parameters(sql: str) -> dict[str, int]:
    return dict.fromkeys(re.findall(r":(\w+)", sql), 1)


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_prepares_against_the_migrated_schema(sql: str, schema: sqlite3.Connection) -> None:
    assert schema.execute(f"EXPLAIN {sql}", parameters(sql)).fetchall()
    assert ";" not in sql


@pytest.mark.parametrize("sql", [*STATEMENTS, *SCRIPTS])
def test_a_statement_stays_in_the_subset_of_both_databases(sql: str) -> None:
    assert not FOREIGN.search(sql)
    without_parameters = re.sub(r":\w+", "", re.sub(r"--.*", "", sql))
    assert ":" not in without_parameters
    # A double quote is a name on PostgreSQL and sometimes a text on SQLite. Text with "--" would be cut off.
    assert '"' not in sql
    literals = re.findall(r"'([^']*)'", re.sub(r"--.*", "", sql))
    assert not [text for text in literals if "--" in text or ":" in text]


@pytest.mark.parametrize(
    "text", ["x::bigint", "CREATE TABLE t (a TEXT) STRICT", "a = ?", "ORDER BY rowid", "id = ANY(:ids)"]
)
def test_the_subset_is_really_checked(text: str) -> None:
    assert FOREIGN.search(text)


@pytest.mark.parametrize("sql", SCRIPTS)
def test_a_column_has_a_type_of_both_databases(sql: str) -> None:
    columns = re.findall(r"^    ([a-z_]+) ([A-Z]+)", sql, re.MULTILINE)
    assert columns
    assert {kind for _, kind in columns} <= {"TEXT", "BIGINT", "INTEGER"}
    for name, kind in columns:  # an INTEGER of PostgreSQL ends at 2147483647
        if name.endswith(("_id", "_at", "_bytes")) and kind != "TEXT":
            assert kind == "BIGINT", name


def state_lists(sql: str) -> list[frozenset[str]]:
    found = re.findall(r"state IN \(([^)]*)\)", sql)
    return [frozenset(re.findall(r"'(\w+)'", states)) for states in found]


def test_the_lists_of_states_are_those_of_the_domain() -> None:
    statements = [*load_queries("jobs").values(), *load_queries("line").values()]
    lists = [states for sql in statements for states in state_lists(sql)]
    alive = frozenset(JobState) - TERMINAL
    assert len(lists) >= 8
    shown = TERMINAL | {JobState.UNSURE}
    here_already = frozenset({JobState.FITTING, JobState.DELIVERING})
    assert set(lists) == {DRIVEN, TERMINAL, HOLDS_SLOT, CANCELLABLE, shown, alive, here_already}
    checked, told = [
        states
        for step in load_migrations()
        if step.name != "postings"  # they have states of their own
        for states in state_lists(step.script)
    ]
    assert (checked, told) == (frozenset(JobState), TERMINAL)


@pytest.mark.parametrize(("topic", "name"), [("jobs", "by_id"), ("jobs", "save"), ("line", "take_over_ends")])
def test_a_statement_is_read_without_its_comments(topic: str, name: str) -> None:
    sql = load_queries(topic)[name]
    assert "--" not in sql
    assert sql.startswith(("SELECT", "UPDATE"))


# --- indexes ------------------------------------------------------------------------------------


@pytest.fixture
def thousand(schema: sqlite3.Connection) -> sqlite3.Connection:
    """A server that has made a thousand videos, with a few jobs alive."""
    for number in range(1_000):
        state = "delivered" if number >= 20 else [*JobState][number % len(JobState)].value
        values: dict[str, str | int | None] = dict.fromkeys(
            re.findall(r":(\w+)", load_queries("jobs")["insert"])
        )
        values |= dict.fromkeys(("due_at", "priority", "attempt", "cancel_requested", "fence"), 0)
        values |= dict.fromkeys(("created_at", "started_at", "finished_at", "result_message_id"), number)
        values |= {"id": f"j{number}", "short_id": f"{number:05}", "provider": "p", "user_id": number % 50}
        values |= {"channel_id": 1, "status_message_id": 1, "prompt": "x", "size": "2x2", "seconds": 4}
        values |= {
            "model": "m",
            "locale": "en",
            "venue": "place",
            "state": state,
            "status_closed": 1,
            "remote_id": f"r{number}",
        }
        schema.execute(load_queries("jobs")["insert"], values).fetchall()
    return schema


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("by_id", "sqlite_autoindex_jobs_1"),
        ("by_short_id", "sqlite_autoindex_jobs_2"),
        ("by_result_message", "jobs_by_result_message"),
        ("by_remote_id", "jobs_by_remote_id"),
        ("active_in_place", "jobs_by_state"),
        ("count_waiting", "jobs_by_state (state=?"),
        ("count_waiting_of_member", "jobs_of_user (user_id=? AND state=?)"),
        ("active_of_member", "jobs_of_user (user_id=? AND state=?)"),
        ("recently_delivered", "jobs_by_state (state=? AND finished_at>? AND finished_at<?)"),
        ("cancel_flags", "jobs_by_owner"),
        ("history", "sqlite_autoindex_job_events_1"),
        ("take_over", "jobs_by_state"),
        ("take_over_without_card", "jobs_by_state"),
        ("take_over_ends", "jobs_unclosed"),
        ("slots_used", "jobs_by_state"),
        ("running_of_members", "jobs_by_state"),
        ("running", "jobs_by_state"),
        ("first_of_members", "jobs_line (provider=?)"),
        ("first_of_members", "jobs_line (provider=? AND <expr>=? AND user_id=?)"),
        ("first_of_member", "jobs_line (provider=? AND <expr>=? AND user_id=?)"),
        ("waiting", "jobs_line (provider=?)"),
        ("providers_in_line", "jobs_by_state (state=?)"),
        ("last_starts", "jobs_started (started_at>? AND started_at<?)"),
        ("lengths", "jobs_lengths (state=? AND provider=?)"),
    ],
)
def test_a_statement_uses_its_index_and_never_reads_all_jobs(
    name: str, index: str, thousand: sqlite3.Connection
) -> None:
    sql = ({**load_queries("line"), **load_queries("jobs")})[name]
    plan = [row[3] for row in thousand.execute(f"EXPLAIN QUERY PLAN {sql}", parameters(sql))]
    assert any(f"INDEX {index}" in step for step in plan), plan
    assert not [step for step in plan if step.startswith(("SCAN jobs", "SCAN waiting", "SCAN mine"))], plan
