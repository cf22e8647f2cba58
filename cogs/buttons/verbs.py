"""What a button does; the value stands in its id, so it is never renamed."""

from enum import StrEnum


class Verb(StrEnum):
    """The middle part of `reelbot:<verb>:<short id>`."""

    CANCEL = "cancel"
    TRY_AGAIN = "try-again"
    GIVE_UP = "give-up"
    RETRY = "retry"
    AGAIN = "again"
    VARIATIONS = "variations"
    REMIX = "remix"
    CONTINUE = "continue"
    JOIN = "join-before"
    DETAILS = "details"
    RATE = "rate"
    FAMILY = "family"
    COMPARE = "compare"
    ORIGINAL = "original"
    DELETE = "delete"
    DELETE_YES = "delete-yes"
