"""A prompt in its parts, as the builder asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from bot.domain.prompts.language import language_of

_ENDS = ".!?…。！？"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptParts:
    """What a member says of each part; "" is not said."""

    subject: str = ""
    scene: str = ""
    action: str = ""
    camera: str = ""
    light: str = ""
    style: str = ""
    motion: str = ""

    def text(self) -> str:
        """Return one prompt: who does what where in one sentence, each other part in one of its own."""
        said = {field.name: _bare(getattr(self, field.name)) for field in fields(self)}
        whole = " ".join(said.values())
        chinese = language_of(whole).is_chinese
        opening = [said[name] for name in ("subject", "action", "motion", "scene") if said[name]]
        sentences = [("，" if chinese else ", ").join(opening)]
        sentences += [said[name] for name in ("camera", "light", "style")]
        return joined([sentence for sentence in sentences if sentence], chinese=chinese)


def joined(sentences: Sequence[str], *, chinese: bool) -> str:
    """Put sentences one behind the other: each ends with a mark, an English one begins with a capital."""
    ended = [_ended(text, chinese=chinese) for text in sentences]
    return "".join(ended) if chinese else " ".join(text[0].upper() + text[1:] for text in ended)


def followed(text: str, sentence: str, *, chinese: bool) -> str:
    """Return a text as it is with one more sentence behind it."""
    return _ended(text, chinese=chinese) + ("" if chinese else " ") + sentence


def _ended(text: str, *, chinese: bool) -> str:
    return text if text[-1] in _ENDS else text + ("。" if chinese else ".")


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(" ,;，；、")
