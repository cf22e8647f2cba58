"""Rules for the page's own files that no browser checks."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
SCRIPTS = sorted(PAGE.rglob("*.js"))
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"(style|on)"
)
LONGEST = 300


def named(path: Path) -> str:
    return str(path.relative_to(PAGE))


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_is_short_and_makes_no_markup_from_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST
    assert not FORBIDDEN.search(text)


@pytest.mark.parametrize("path", sorted(PAGE.rglob("*.*")), ids=named)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"https?://[\w.-]+", path.read_text("utf-8"))
    # Namespaces, the documents behind a rule and Discord's own jump links are names, not requests.
    assert set(addresses) <= {"http://www.w3.org", "https://www.w3.org", "https://discord.com"}, path


def test_every_module_is_used() -> None:
    imported = {PAGE / "app" / "main.js"}
    for path in SCRIPTS:
        for found in re.findall(r'(?:from|import) "(\.[^"]+)"', path.read_text("utf-8")):
            target = (path.parent / found).resolve()
            assert target.is_file(), f"{named(path)} imports {found}"
            imported.add(target)
    assert set(SCRIPTS) == imported
