"""`/story`: scenes that become one video, proposed privately, changed at will, started by a press."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.client import Reelbot
from cogs.boards.button import Press, acting_cog
from cogs.boards.verbs import BoardVerb
from cogs.services import services_of
from cogs.story._command import StoryCommand
from cogs.story._presses import add_scene, chain, edit, fade

PRESSES: Mapping[str, Press] = MappingProxyType(
    {
        BoardVerb.EDIT_STORY: edit,
        BoardVerb.ADD_SCENE: add_scene,
        BoardVerb.CHAIN: chain,
        BoardVerb.FADE: fade,
    }
)


async def setup(bot: Reelbot) -> None:
    """Add the command, and what the buttons of a proposed story do."""
    bot.tree.add_command(StoryCommand(services_of(bot)).build())
    acting_cog(bot).learn(PRESSES)
