"""The votes on a video in one line, as its server votes."""

from bot.domain.ratings import APPROVES, RatingStyle, Scale, Tally, plain
from cogs.texts import Texts

MOST_STARS = 5


def votes_line(tally: Tally, scale: Scale, texts: Texts) -> str:
    """Write the votes; those by emoji of an earlier style are shown in the way of today's."""
    match scale.style:
        case RatingStyle.THUMBS:
            up = sum(people for value, people in tally.by_value.items() if value > APPROVES)
            down = sum(people for value, people in tally.by_value.items() if value < APPROVES)
            return texts("show-votes", up=str(up), down=str(down))
        case RatingStyle.STARS if tally.approval is not None:
            stars = 1 + (MOST_STARS - 1) * tally.approval
            return texts("show-votes-stars", stars=f"{stars:.1f}", votes=tally.people)
        case RatingStyle.OWN if tally.people:
            return " · ".join(f"{emoji} {people}" for emoji, people in _by_emoji(tally, scale).items())
    return texts("show-votes-none")


def _by_emoji(tally: Tally, scale: Scale) -> dict[str, int]:
    """Count today's emoji in their order, then those of earlier scales that somebody voted with."""
    counted = {emoji: tally.by_emoji.get(plain(emoji), 0) for emoji in scale.values}
    known = {plain(emoji) for emoji in scale.values}
    others = {emoji: people for emoji, people in tally.by_emoji.items() if emoji not in known}
    # Discord shows an emoji of a server by its id, whatever its name.
    return counted | {f"<:vote:{name}>" if name.isdecimal() else name: n for name, n in others.items()}
