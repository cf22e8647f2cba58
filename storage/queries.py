"""Named statements from `storage/sql/*.sql`: every statement of the bot stands there."""

import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"--.*$", re.MULTILINE)


def load_queries(topic: str) -> Mapping[str, str]:
    """Read `sql/<topic>.sql` and return its statements by name, without comments.

    Raises:
        ValueError: a name stands twice; a programming error.
    """
    text = (resources.files("storage") / "sql" / f"{topic}.sql").read_text("utf-8")
    _, *parts = _NAME.split(text)
    statements: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in statements:
            raise ValueError(f"{topic}.sql has two statements named {name}")
        statements[name] = _COMMENT.sub("", body).strip().removesuffix(";")
    return MappingProxyType(statements)
