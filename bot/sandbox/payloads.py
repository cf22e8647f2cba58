"""Discord's JSON objects for users, members, roles, channels, the guild and the application."""

from typing import Any

from bot.sandbox.world import Channel, Guild, Role, User, World


def user_payload(user: User) -> dict[str, Any]:
    """Render a user object."""
    payload: dict[str, Any] = {
        "id": user.id,
        "username": user.name.lower().replace(" ", "_"),
        "discriminator": "0000" if user.bot else "0",
        "global_name": None if user.bot else user.name,
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "flags": 0,
        "public_flags": 0,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def own_user_payload(user: User) -> dict[str, Any]:
    """Render the user object that only its owner sees."""
    return user_payload(user) | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def member_payload(world: World, user_id: str) -> dict[str, Any]:
    """Render a guild member object."""
    member = world.guild.members[user_id]
    return {
        "user": user_payload(world.users[user_id]),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": list(member.roles),
        "joined_at": member.joined_at,
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def role_payload(role: Role) -> dict[str, Any]:
    """Render a role object."""
    return {
        "id": role.id,
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel_payload(world: World, channel: Channel) -> dict[str, Any]:
    """Render a channel object, of the guild or of a direct message."""
    payload: dict[str, Any] = {
        "id": channel.id,
        "type": channel.kind,
        "flags": 0,
        "last_message_id": channel.last_message_id,
    }
    if channel.is_dm:
        return payload | {"recipients": [user_payload(world.users[u]) for u in channel.recipients]}
    return payload | {
        "guild_id": world.guild.id,
        "name": channel.name,
        "topic": None,
        "position": channel.position,
        "parent_id": None,
        "nsfw": channel.nsfw,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {
                "id": overwrite.id,
                "type": 1 if overwrite.is_member else 0,
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for overwrite in channel.overwrites.values()
        ],
    }


def guild_payload(guild: Guild) -> dict[str, Any]:
    """Render the guild object that REST and GUILD_UPDATE share."""
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": guild.owner_id,
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role_payload(role) for role in guild.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "premium_progress_bar_enabled_user_updated_at": None,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create_payload(world: World) -> dict[str, Any]:
    """Render the guild as GUILD_CREATE sends it: with channels and, unasked, only the bot's own member."""
    guild = world.guild
    return guild_payload(guild) | {
        "joined_at": guild.members[world.bot.id].joined_at,
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_payload(world, world.bot.id)],
        "channels": [channel_payload(world, c) for c in world.channels.values() if not c.is_dm],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application_payload(world: World) -> dict[str, Any]:
    """Render the bot's application as it sees itself."""
    return {
        "id": world.application_id,
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": user_payload(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "max_participants": None,
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_payload(world.users[world.guild.owner_id]),
        "team": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "event_webhooks_url": None,
        "event_webhooks_status": 1,
        "event_webhooks_types": [],
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }
