"""The looks that a prompt can be given: `styles.toml`, and what a server adds of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from bot.domain.prompts.data import read_data
from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.parts import followed

NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePreset:
    """One look. `name` is its key (the label members read is the text `style-<name>`); `chinese` says it for
    prompts in Chinese, by script, where somebody wrote that; `negative` is "" where nothing is to be avoided.
    """

    name: str
    prompt: str
    negative: str = ""
    chinese: Mapping[Language, str] = field(default_factory=dict)


@cache
def presets() -> Mapping[str, StylePreset]:
    """Return the built-in looks by name, in the order in which they are offered."""
    scripts = (Language.SIMPLIFIED, Language.TRADITIONAL)
    return MappingProxyType(
        {
            name: StylePreset(
                name=name,
                prompt=row["prompt"],
                negative=row["negative"],
                chinese=MappingProxyType({script: row[script] for script in scripts}),
            )
            for name, row in read_data("styles").items()
        }
    )


def styled(prompt: str, preset: StylePreset) -> tuple[str, str | None]:
    """Return the prompt with the look as its last sentence, and the look's negative text where it has one."""
    own, language = prompt.strip(), language_of(prompt)
    words = preset.chinese.get(language, preset.prompt)
    if not own:
        return words, preset.negative or None
    return followed(own, words, chinese=language.is_chinese), preset.negative or None
