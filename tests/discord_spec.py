"""Discord's own OpenAPI description, used to judge requests and replies in tests.

The file (discord/discord-api-spec, specs/openapi.json, MIT) is not part of the project; its path comes from
the environment variable DISCORD_OPENAPI. Corrections: reference: discord, the official OpenAPI spec.
"""

import hashlib
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

VARIABLE = "DISCORD_OPENAPI"
URN = "urn:discord"
BOT_CONTENT_LIMIT = 2000
SNOWFLAKE = re.compile(r'"[1-9][0-9]{16,19}"')
# discord.py sends these, Discord takes them, the description leaves them out.
ALSO_SENT = {
    "ApplicationCommandUpdateRequest": ("nsfw",),
    "ApplicationCommandCreateRequest": ("nsfw",),
    "MessageEditRequestPartial": ("tts",),
    "RichEmbed": ("flags",),
    "IncomingWebhookUpdateRequestPartial": ("tts",),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ("tts",),
}


class DiscordSpec:
    """Check requests and replies against the description, with unknown keys in requests forbidden."""

    def __init__(self, path: Path) -> None:
        self._spec = json.loads(path.read_text(encoding="utf-8"))
        self._correct(self._spec["components"]["schemas"])
        resource = DRAFT202012.create_resource(self._spec)
        self._registry: Registry[Any] = Registry().with_resource(URN, resource)
        literal_first = sorted(self._spec["paths"], key=lambda p: p.count("{"))
        self._routes = [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(p))), p) for p in literal_first]
        self._validators: dict[str, Draft202012Validator] = {}
        self._sound: set[bytes] = set()

    def check_request(self, method: str, path: str, body: Any) -> list[str]:
        """Return what is wrong with a request; `path` follows /api/v10, `body` is JSON or payload_json."""
        template, operation = self._operation(method, path)
        if operation is None:
            return [f"no such operation: {method} {path}"]
        wanted = operation.get("requestBody")
        if wanted is None:
            return [] if body is None else [f"{method} {template} takes no body"]
        if body is None:
            return [f"{method} {template} needs a body"] if wanted.get("required") else []
        return self._errors(
            f"{_pointer(template, method)}/requestBody/content/application~1json/schema", body
        )

    def check_response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with a reply, its status included."""
        template, operation = self._operation(method, path)
        if operation is None:
            return [] if status in (404, 405) else [f"no such operation: {method} {path}"]
        responses = operation["responses"]
        known = str(status) if str(status) in responses else f"{status // 100}XX"
        if known not in responses:
            return [] if status >= 500 else [f"{method} {template} never answers {status}"]
        response, pointer = responses[known], f"{_pointer(template, method)}/responses/{known}"
        if "$ref" in response:
            pointer = response["$ref"].removeprefix("#")
            response = self._spec["components"]["responses"][pointer.rsplit("/", 1)[1]]
        if "content" not in response:
            return [] if body is None else [f"{method} {template} answers {status} without a body"]
        return self._errors(f"{pointer}/content/application~1json/schema", body)

    def _correct(self, schemas: dict[str, Any]) -> None:
        for name in self._sent():
            if schemas[name].get("type") == "object" and "properties" in schemas[name]:
                schemas[name].setdefault("additionalProperties", False)
        for name, keys in ALSO_SENT.items():
            for key in keys:
                schemas[name]["properties"].setdefault(key, True)
        for name in ("MessageCreateRequest", "MessageEditRequestPartial"):
            schemas[name]["properties"]["content"]["maxLength"] = BOT_CONTENT_LIMIT
        # Faults of a form carry names such as BASE_TYPE_CHOICES (docs, error messages), not numbers.
        named = {"type": "object", "properties": {"code": {"type": ["string", "integer"]}}}
        schemas["InnerErrors"]["properties"]["_errors"]["items"] = named | {"required": ["code", "message"]}
        # Ids are described as strings only; the API also takes whole numbers (attachments[].id).
        schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}

    def _sent(self) -> set[str]:
        """Return the names of the schemas that request bodies are made of."""
        names: set[str] = set()
        waiting: list[Any] = [
            operation["requestBody"]
            for path in self._spec["paths"].values()
            for operation in path.values()
            if "requestBody" in operation
        ]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                waiting += node.values()
                name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
                if name in self._spec["components"]["schemas"] and name not in names:
                    names.add(name)
                    waiting.append(self._spec["components"]["schemas"][name])
        return names

    def _operation(self, method: str, path: str) -> tuple[str, dict[str, Any] | None]:
        for pattern, template in self._routes:
            operation = self._spec["paths"][template].get(method.lower())
            if operation is not None and pattern.fullmatch(path):
                return template, operation
        return "", None

    def _errors(self, pointer: str, body: Any) -> list[str]:
        # Each test's bot sends the same commands, a second's work to check; ids are all alike to a schema.
        text = f"{pointer} {SNOWFLAKE.sub('id', json.dumps(body))}"
        digest = hashlib.sha256(text.encode()).digest()
        if digest in self._sound:
            return []
        validator = self._validators.get(pointer)
        if validator is None:
            validator = self._validators[pointer] = Draft202012Validator(
                {"$ref": f"{URN}#{pointer}"}, registry=self._registry, format_checker=FormatChecker()
            )
        errors = [_sentence(_nearest(error)) for error in validator.iter_errors(body)]
        if not errors:
            self._sound.add(digest)
        return errors


def load_spec() -> DiscordSpec | None:
    """Return the description, or None where the environment names no file."""
    path = os.environ.get(VARIABLE)
    return _read(Path(path)) if path else None


_read = cache(DiscordSpec)


def _pointer(template: str, method: str) -> str:
    escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return f"/paths/{escaped}/{method.lower()}"


def _nearest(error: ValidationError) -> ValidationError:
    """Follow unions to the branch that was meant: the one whose `type` fits, else that of fewest faults."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)

        def misfit(errors: list[ValidationError]) -> tuple[bool, bool, int]:
            wrong_kind = any(
                e.validator in ("enum", "const") and list(e.path)[-1:] == ["type"] for e in errors
            )
            wrong_shape = any(e.validator == "type" and not e.relative_path for e in errors)
            return wrong_kind, wrong_shape, len(errors)

        error = min(branches.values(), key=misfit)[0]
    return error


def _sentence(error: ValidationError) -> str:
    where = "/".join(str(part) for part in error.absolute_path) or "body"
    return f"{where}: {error.message[:200]}"
