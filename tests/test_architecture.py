"""The arrows of the design: who may import whom. This test is the design's teeth."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 300

PORTS = (
    "bot.ports",
    *("bot.ports_board", "bot.ports_evaluation", "bot.ports_media", "bot.ports_prompt", "bot.ports_provider"),
    *(
        "bot.ports_comparison",
        "bot.ports_feedback",
        "bot.ports_posting",
        "bot.ports_reel",
        "bot.ports_trends",
    ),
)

# Longest prefix wins. `ours`: which of our packages may be imported; `theirs`: which libraries besides the
# standard one. Everything a row does not name is forbidden.
RULES: dict[str, tuple[set[str], set[str]]] = {
    "bot.domain": ({"bot.domain"}, set()),
    "bot.ports": ({"bot.domain", "bot.ports_line"}, set()),
    "bot.ports_board": ({"bot.domain"}, set()),
    "bot.ports_comparison": ({"bot.domain"}, set()),
    "bot.ports_evaluation": ({"bot.domain"}, set()),
    "bot.ports_feedback": ({"bot.domain"}, set()),
    "bot.ports_media": ({"bot.domain"}, set()),
    "bot.ports_posting": ({"bot.domain"}, set()),
    "bot.ports_reel": ({"bot.domain"}, set()),
    "bot.ports_trends": ({"bot.domain"}, set()),
    "bot.ports_prompt": ({"bot.domain"}, set()),
    "bot.ports_line": ({"bot.domain"}, set()),
    "bot.ports_provider": ({"bot.domain"}, set()),
    "bot.jobs": (
        {"bot.domain", *PORTS, "bot.jobs"},
        set(),
    ),
    "bot.clock": (set(), set()),
    "bot.log": (set(), {"structlog"}),
    "bot.config": ({"bot.domain"}, {"pydantic", "pydantic_settings"}),
    "bot.providers": (
        {"bot.domain", *PORTS, "bot.providers"},
        set(),
    ),
    "bot.providers.http": ({"bot.domain", "bot.ports", "bot.providers"}, {"httpx"}),
    "bot.media": ({"bot.domain", "bot.ports", "bot.ports_media", "bot.media"}, {"PIL", "numpy", "av"}),
    "bot.media.lettering": ({"bot.media"}, {"PIL", "fontTools", "noto_cjk_sans_otc"}),
    "bot.media.chart_sheet": ({"bot.media"}, {"PIL", "matplotlib", "numpy"}),
    "bot.preview": ({"bot.preview"}, {"aiohttp", "av", "PIL", "numpy", "fontTools", "noto_cjk_sans_otc"}),
    "bot.sandbox": ({"bot.sandbox"}, {"aiohttp"}),
    "bot.gateway": ({"bot.domain", "bot.client"}, {"discord", "aiohttp"}),
    "bot.client": ({"bot.domain", "bot.ports", "bot.jobs"}, {"discord", "yarl"}),
    "storage": ({"bot.domain", *PORTS, "storage"}, {"aiosqlite", "asyncpg"}),
    "cogs": (
        {"bot.domain", *PORTS, "bot.jobs", "bot.client", "cogs"},
        {"discord", "aiohttp", "fluent"},
    ),
    "bot.web": ({"bot.domain"}, {"aiohttp"}),
    "bot.web_post": ({"bot.domain", "bot.providers.addresses"}, {"aiohttp", "yarl"}),
    "bot.video_apis": ({"bot.config", "bot.domain", "bot.preview", "bot.providers"}, set()),
    "bot.use_cases": (
        {"bot.domain", "bot.jobs", *PORTS, "cogs", "storage"},
        set(),
    ),
    "bot.serving": ({"bot.app", "bot.domain", "bot.gateway", "bot.providers.catalog"}, set()),
    "bot.app": ({"bot", "cogs", "storage"}, {"discord"}),
    "bot.__main__": ({"bot", "cogs", "storage"}, set()),
    "bot.commands": ({"bot", "cogs", "storage"}, {"aiohttp", "discord"}),
    "bot": (set(), set()),
}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("bot", "cogs", "storage"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def rule_for(module: str) -> tuple[set[str], set[str]]:
    return RULES[max((prefix for prefix in RULES if within(module, prefix)), key=len)]


@pytest.mark.parametrize(("module", "path"), [pytest.param(*found, id=found[0]) for found in modules()])
def test_a_module_imports_only_what_its_layer_may(module: str, path: Path) -> None:
    import sys

    ours, theirs = rule_for(module)
    for name in imports(path):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if top in {"bot", "cogs", "storage"}:
            assert any(within(name, allowed) for allowed in ours), f"{module} must not import {name}"
        else:
            assert top in theirs, f"{module} must not import {name}"


@pytest.mark.parametrize(("module", "path"), [pytest.param(*found, id=found[0]) for found in modules()])
def test_a_file_stays_readable_in_one_sitting(module: str, path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{module} has {length} lines; split it by meaning"


def test_nothing_has_a_catch_all_name() -> None:
    names = {part for module, _ in modules() for part in module.split(".")}
    assert not names & {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def test_the_sandbox_is_imported_by_the_command_line_alone() -> None:
    users = {
        module
        for module, path in modules()
        if not within(module, "bot.sandbox")
        for name in imports(path)
        if within(name, "bot.sandbox")
    }
    assert users <= {"bot.commands.sandbox", "bot.commands.sandboxed"}
