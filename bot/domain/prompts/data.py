"""The rules' data: TOML files beside this one, which are part of the program."""

import tomllib
from pathlib import Path
from typing import Any


def read_data(name: str) -> dict[str, Any]:
    """Return the content of `<name>.toml`. Blocks for some kilobytes; whoever calls keeps the result."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
