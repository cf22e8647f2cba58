"""What each button does; the first await of a press answers Discord, because 3 s are short."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import discord

from cogs.buttons.deciding import cancel, give_up, retry, try_again
from cogs.buttons.deleting import delete, delete_yes
from cogs.buttons.making import again
from cogs.buttons.originals import original
from cogs.buttons.verbs import Verb
from cogs.comparison.presses import press_compare
from cogs.continuing import press_continue, press_join
from cogs.details import press_details
from cogs.lineage import press_family
from cogs.rating_form import press_rate
from cogs.remix import press_remix
from cogs.variations import press_variations

Press = Callable[[discord.Interaction, str], Awaitable[None]]

PRESSES: Mapping[str, Press] = MappingProxyType(
    {
        Verb.CANCEL: cancel,
        Verb.TRY_AGAIN: try_again,
        Verb.GIVE_UP: give_up,
        Verb.RETRY: retry,
        Verb.AGAIN: again,
        Verb.VARIATIONS: press_variations,
        Verb.REMIX: press_remix,
        Verb.CONTINUE: press_continue,
        Verb.JOIN: press_join,
        Verb.DETAILS: press_details,
        Verb.RATE: press_rate,
        Verb.FAMILY: press_family,
        Verb.COMPARE: press_compare,
        Verb.ORIGINAL: original,
        Verb.DELETE: delete,
        Verb.DELETE_YES: delete_yes,
    }
)
