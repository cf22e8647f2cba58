"""Discord's permission bits, and the sets that the sandbox starts with.

https://discord.com/developers/docs/topics/permissions
"""

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_EXTERNAL_EMOJIS = 1 << 18
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
SEND_MESSAGES_IN_THREADS = 1 << 38
ALL = (1 << 53) - 1

NAMES = {
    "administrator": ADMINISTRATOR,
    "manage_channels": MANAGE_CHANNELS,
    "manage_guild": MANAGE_GUILD,
    "add_reactions": ADD_REACTIONS,
    "view_channel": VIEW_CHANNEL,
    "send_messages": SEND_MESSAGES,
    "manage_messages": MANAGE_MESSAGES,
    "embed_links": EMBED_LINKS,
    "attach_files": ATTACH_FILES,
    "read_message_history": READ_MESSAGE_HISTORY,
    "mention_everyone": MENTION_EVERYONE,
    "use_external_emojis": USE_EXTERNAL_EMOJIS,
    "manage_roles": MANAGE_ROLES,
    "use_application_commands": USE_APPLICATION_COMMANDS,
    "send_messages_in_threads": SEND_MESSAGES_IN_THREADS,
}

# What the install link asks for (reference: discord, client skeleton): 274878024768.
BOT_DEFAULT = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | SEND_MESSAGES_IN_THREADS
)
MEMBER_DEFAULT = BOT_DEFAULT | USE_APPLICATION_COMMANDS | USE_EXTERNAL_EMOJIS
# Who may look but not act; a channel denies it to the role, because roles themselves only add.
STRANGER_DENIED = SEND_MESSAGES | ADD_REACTIONS | ATTACH_FILES | USE_APPLICATION_COMMANDS
# In a direct message everything that concerns messages is allowed.
DIRECT_MESSAGE = MEMBER_DEFAULT | MENTION_EVERYONE


def bits(value: object) -> int:
    """Read permissions given as a number, a decimal string or a list of names; raise ValueError."""
    if isinstance(value, list):
        total = 0
        for name in value:
            if name not in NAMES:
                raise ValueError(f"unknown permission {name!r}; known are {', '.join(NAMES)}")
            total |= NAMES[name]
        return total
    if isinstance(value, int | str) and not isinstance(value, bool):
        return int(value)
    raise ValueError("permissions are a number, a decimal string or a list of names")
