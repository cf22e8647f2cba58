"""Whether a channel is for adults alone."""


def is_restricted(channel: object) -> bool:
    """Say whether a channel, or the one that a thread belongs to, is; one not known here is not."""
    asks = getattr(channel, "is_nsfw", None)
    return bool(asks()) if callable(asks) else False
