"""A story: scenes in order, each a clip, made into one video."""

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.board import Board, ClipPlan
from bot.domain.capabilities import Capabilities
from bot.domain.errors import InvalidRequest
from bot.domain.lengths import nearest_length
from bot.domain.prompts.story import Scene
from bot.jobs.models import Models
from bot.jobs.sketch import Sketch, options_of, sketch_of


def with_scenes(sketch: Sketch, scenes: Sequence[Scene], model: Capabilities) -> Sketch:
    """Return the story with these scenes for its own, each as long as the model makes that is nearest."""
    return replace(
        sketch,
        clips=tuple(_plan(scene, model) for scene in scenes),
        joins=True,
        note=_note([scene.seconds for scene in scenes]),
    )


def with_one_more(board: Board, scene: Scene, model: Capabilities) -> Sketch:
    """Return the proposed story with another scene at its end."""
    sketch = sketch_of(board)
    return replace(
        sketch,
        clips=(*sketch.clips, _plan(scene, model)),
        joins=True,
        note=_note([*asked_seconds(board), scene.seconds]),
    )


def asked_seconds(board: Board) -> list[int | None]:
    """Return the length that was asked for each scene, None where none was."""
    asked = json.loads(board.note).get("asked", []) if board.note else []
    return [*asked, *[None] * len(board.clips)][: len(board.clips)]


def written(board: Board) -> str:
    """Write the scenes as members type them: one a line, its length at the end."""
    return "\n".join(f"{clip.plan.prompt} {clip.plan.seconds}s" for clip in board.clips)


def refused_scene(models: Models, sketch: Sketch) -> tuple[int, InvalidRequest] | None:
    """Return the first scene that the model does not take, by its number, and why."""
    for number, plan in enumerate(sketch.clips, 1):
        try:
            models.check(replace(options_of(plan, "", ""), model=sketch.model, size=sketch.size))
        except InvalidRequest as error:
            return number, error
    return None


def _plan(scene: Scene, model: Capabilities) -> ClipPlan:
    wished = model.default_seconds if scene.seconds is None else scene.seconds
    return ClipPlan(prompt=scene.prompt, seconds=nearest_length(wished, model.seconds))


def _note(asked: Sequence[int | None]) -> str:
    return json.dumps({"asked": list(asked)})
