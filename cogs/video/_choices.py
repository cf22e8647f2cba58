"""What Discord offers while a member types: from memory, at most 25, and only what fits the words so far."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from discord import app_commands

from bot.domain.capabilities import Capabilities
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import shorten
from bot.domain.prompts.styles import StylePreset, presets
from bot.domain.suggestions import NONE, Standing, Standings, best_first
from bot.domain.video import Size
from bot.jobs.comparing import LOOKS
from bot.jobs.models import Models, address
from cogs.looks import shown_style
from cogs.texts import Texts

MOST = 25
LONGEST = 100
"""Of a choice's name and of its value (reference: discord, application commands)."""

SEPARATORS = re.compile(r"[,;，、；]")
"""What stands between names in a list; members type in many languages."""

THUMB = "👍"
"""Where a choice's name ends and what members think of it begins."""

Value = TypeVar("Value", str, int)


def model_choices(
    models: Models, typed: str, texts: Texts, known: Standings = NONE
) -> list[app_commands.Choice[str]]:
    """Offer the models that take orders, by the names that members know."""
    offered = (
        (shown_model(provider.label, model, texts), provider, model) for provider, model in models.open()
    )
    return _fitting(
        (
            (name, f"{name} {model.model}", address(provider.name, model.model))
            for name, provider, model in offered
        ),
        typed,
        texts,
        known.models,
    )


def size_choices(
    models: Models, chosen: str | None, typed: str, texts: Texts
) -> list[app_commands.Choice[str]]:
    """Offer the sizes of the chosen model, named by shape: "Wide (1280×720)"."""
    named = ((shown_size(size, texts), str(size)) for size in _sizes(models, chosen))
    return _fitting(((name, f"{name} {value}", value) for name, value in named), typed, texts, {})


def seconds_choices(
    models: Models, chosen: str | None, typed: str, texts: Texts, known: Standings = NONE
) -> list[app_commands.Choice[int]]:
    """Offer the lengths of the chosen model."""
    model = _model(models, chosen)
    named = ((texts("choice-seconds", seconds=str(n)), n) for n in (model.seconds if model else ()))
    return _fitting(((name, name, value) for name, value in named), typed, texts, known.seconds)


def style_choices(
    styles: Mapping[str, StylePreset], typed: str, texts: Texts, known: Standings = NONE
) -> list[app_commands.Choice[str]]:
    """Offer looks by their labels."""
    named = ((shown_style(name, texts), name) for name in styles)
    return _fitting(((label, f"{label} {name}", name) for label, name in named), typed, texts, known.styles)


def styles_choices(
    styles: Mapping[str, StylePreset], typed: str, texts: Texts, known: Standings = NONE
) -> list[app_commands.Choice[str]]:
    """Offer another look for a list of them, such as "Anime, Film noir, ": what stands there goes along."""
    *before, last = SEPARATORS.split(typed)
    chosen = [meant_style(part, texts) for part in before if part.strip()]
    if len(chosen) >= LOOKS[1]:
        return []
    left = {name: preset for name, preset in styles.items() if name not in chosen}
    shown = [shown_style(name, texts) for name in chosen]
    whole = [
        app_commands.Choice(name=", ".join([*shown, choice.name]), value=", ".join([*chosen, choice.value]))
        for choice in style_choices(left, last, texts, known)
    ]
    return [choice for choice in whole if len(choice.name) <= LONGEST and len(choice.value) <= LONGEST]


def listed_styles(typed: str, texts: Texts) -> list[str]:
    """Return the names of the looks in a list such as "anime, Film noir"."""
    return [meant_style(part, texts) for part in SEPARATORS.split(typed) if part.strip()]


def meant_style(typed: str, texts: Texts) -> str:
    """Return the name of the built-in look whose label is typed; else what is typed."""
    wanted = _plain(unmarked(typed))
    labelled = (name for name in presets() if _plain(shown_style(name, texts)) == wanted)
    return next(labelled, unmarked(typed))


def meant_size(models: Models, chosen: str | None, typed: str, texts: Texts) -> str:
    """Return the size that is typed by its name ("Tall"), where only one begins so; else what is typed."""
    wanted = _plain(typed)
    named = [size for size in _sizes(models, chosen) if _plain(shown_size(size, texts)).startswith(wanted)]
    return str(named[0]) if len(named) == 1 else typed


def shown_model(provider: str, model: Capabilities, texts: Texts) -> str:
    """Name a model, and whose it is where that says more."""
    if not model.shown_as or model.shown_as.casefold() == provider.casefold():
        return provider
    return texts("choice-model", model=model.shown_as, provider=provider)


def shown_size(size: Size, texts: Texts) -> str:
    """Name a size by its shape."""
    return texts("choice-size", shape=_shape(size), width=str(size.width), height=str(size.height))


def unmarked(typed: str) -> str:
    """Return what is typed without what a choice says of votes: who edits one begins with its whole name."""
    return typed.partition(THUMB)[0].strip(" ·")


def _fitting(
    offered: Iterable[tuple[str, str, Value]], typed: str, texts: Texts, known: Mapping[Value, Standing]
) -> list[app_commands.Choice[Value]]:
    """Return choices of (name, words to search, value).

    Those that begin with what is typed come first, and among them those that members like.
    """
    wanted = _plain(unmarked(typed))
    found = [(name, _plain(words), value) for name, words, value in offered]
    fitting = [entry for entry in found if wanted in entry[1] and len(str(entry[2])) <= LONGEST]
    fitting = best_first(fitting, lambda entry: known.get(entry[2]))
    fitting.sort(key=lambda entry: not entry[1].startswith(wanted))
    return [
        app_commands.Choice(name=_marked(name, known.get(value), texts), value=value)
        for name, _, value in fitting[:MOST]
    ]


def _marked(name: str, standing: Standing | None, texts: Texts) -> str:
    """Add to a choice's name what members think of it, where that is known."""
    if standing is None:
        return shorten(name, LONGEST)
    mark = texts("choice-rated", percent=str(standing.percent), votes=str(standing.votes))
    return f"{shorten(name, LONGEST - len(mark) - 1)} {mark}"


def _plain(text: str) -> str:
    return text.strip().casefold().replace("×", "x")


def _sizes(models: Models, chosen: str | None) -> tuple[Size, ...]:
    model = _model(models, chosen)
    return model.sizes if model is not None else ()


def _model(models: Models, chosen: str | None) -> Capabilities | None:
    """Return the model that is meant so far; half a name is none."""
    try:
        return models.choose(chosen)[1]
    except InvalidRequest:
        return None


def _shape(size: Size) -> str:
    if math.isclose(size.ratio, 1.0, rel_tol=0.05):
        return "square"
    return "wide" if size.ratio > 1 else "tall"
