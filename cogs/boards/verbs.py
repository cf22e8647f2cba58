"""What a board's button does; the value stands in its id, so it is never renamed."""

from enum import StrEnum


class BoardVerb(StrEnum):
    """The middle part of `reelbot-board:<verb>:<short id>`."""

    START = "start"
    DROP = "drop"
    REDO = "redo"
    CHANGE = "change"
    SKIP = "skip"
    STOP = "stop"
    EDIT_STORY = "edit-story"
    ADD_SCENE = "add-scene"
    CHAIN = "chain"
    FADE = "fade"
    COUNT = "count"
    GO_ON = "go-on"
