"""`:name` parameters in PostgreSQL's spelling."""

import pytest

from bot.domain.errors import StorageError
from storage.postgres_statement import Statement


@pytest.mark.parametrize(
    ("sql", "sent", "names"),
    [
        pytest.param("SELECT 1", "SELECT 1", (), id="none"),
        pytest.param("VALUES (:a, :b)", "VALUES ($1, $2)", ("a", "b"), id="in order"),
        pytest.param("x = :a AND y = :b AND z = :a", "x = $1 AND y = $2 AND z = $1", ("a", "b"), id="twice"),
        pytest.param("f(:a_1)-:B", "f($1)-$2", ("a_1", "B"), id="any name"),
        pytest.param("'a :b c'':d' = :e", "'a :b c'':d' = $1", ("e",), id="in a text"),
        pytest.param('":a" = :b', '":a" = $1', ("b",), id="in a quoted name"),
        pytest.param("x::bigint = :a::text", "x::bigint = $1::text", ("a",), id="casts"),
        pytest.param(
            "1 -- :a 'b\n = :c", "1 -- :a 'b\n = $1", ("c",), id="in a comment to the end of a line"
        ),
        pytest.param("1 /* :a\n' */ = :c", "1 /* :a\n' */ = $1", ("c",), id="in a comment in between"),
        pytest.param("a[1:2] = :a", "a[1:2] = $1", ("a",), id="a slice"),
    ],
)
def test_parameters_are_numbered_where_they_are_ours(sql: str, sent: str, names: tuple[str, ...]) -> None:
    assert Statement.parse(sql) == Statement(sent, names)


def test_values_come_in_the_order_of_the_numbers_and_further_ones_are_ignored() -> None:
    statement = Statement.parse("VALUES (:b, :a, :b)")
    assert statement.values({"a": 1, "b": "x", "c": None}) == ["x", 1]


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(StorageError, match="refused: it has no value for :b"):
        Statement.parse("VALUES (:a, :b)").values({"a": 1})
