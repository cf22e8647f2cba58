"""The text of a prompt: what is kept, and its short forms."""

import unicodedata

# Marks that reorder or hide text. The joiners U+200C and U+200D stay: Persian words and emoji need them.
_HIDDEN = frozenset(
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)


def clean_prompt(text: str) -> str:
    """Return the prompt as it is kept and sent: NFC, one line, no hidden or reordering marks."""
    folded = unicodedata.normalize("NFC", text)
    kept = (" " if char.isspace() else char for char in folded if char not in _HIDDEN)
    printable = (char for char in kept if unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})
    return " ".join("".join(printable).split())


def visible_length(text: str) -> int:
    """Count the characters that leave a mark."""
    return sum(1 for char in text if unicodedata.category(char)[0] not in {"Z", "C", "M"})


def shorten(text: str, limit: int) -> str:
    """Cut to `limit` characters with an ellipsis, at a word where one ends near the cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit * 0.7 else head).rstrip() + "…"


def slug(text: str, *, words: int = 3, limit: int = 40) -> str:
    """Make the readable part of a file name from the prompt: ASCII letters and digits, else "video"."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parts = "".join(char.lower() if char.isalnum() else " " for char in ascii_text).split()
    meaningful = [part for part in parts if part not in {"a", "an", "the", "of", "in", "on", "and"}]
    return "-".join(meaningful[:words])[:limit].strip("-") or "video"
