"""A submitted form: reads typed fields and collects faults as Discord's error 50035 reports them.

https://discord.com/developers/docs/reference#error-messages
"""

from typing import Any

from bot.sandbox.errors import ApiError

Path = tuple[str | int, ...]
ERRORS = "_errors"


class Form:
    """Read fields of a JSON payload; a bad field is noted and reads as empty."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    @property
    def faulty(self) -> bool:
        """Tell whether a fault was noted."""
        return bool(self._tree)

    def fault(self, path: Path, code: str, message: str) -> None:
        """Note one fault at a path such as ("embeds", 0, "title").

        A field has faults of its own or faults inside, never both; what was noted first stays.
        """
        node = self._tree
        for key in path:
            if ERRORS in node:
                return
            node = node.setdefault(str(key), {})
        if not node or ERRORS in node:
            node.setdefault(ERRORS, []).append({"code": code, "message": message})

    def close(self) -> None:
        """Raise ApiError 400/50035 when a fault was noted."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", extra={"errors": self._tree})

    def text(
        self, data: dict[str, Any], key: str, path: Path, *, most: int, least: int = 0, required: bool = False
    ) -> str:
        """Read a string of `least` to `most` characters; null and absent read as ""."""
        value = data.get(key)
        at = (*path, key)
        if value is None:
            if required:
                self.fault(at, "BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            self.fault(at, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return ""
        if least and not least <= len(value) <= most:
            self.fault(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.fault(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return value

    def objects(
        self, data: dict[str, Any], key: str, path: Path, *, most: int, least: int = 0
    ) -> list[dict[str, Any]]:
        """Read a list of `least` to `most` objects; null and absent read as an empty list."""
        value = data.get(key)
        at = (*path, key)
        if value is None:
            value = []
        if not isinstance(value, list):
            self.fault(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if least and not least <= len(value) <= most:
            self.fault(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.fault(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        good = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                good.append(item)
            else:
                self.fault((*at, index), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return good

    def mapping(self, data: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
        """Read an object; null and absent read as an empty one."""
        value = data.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self.fault((*path, key), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return {}

    def integer(
        self, data: dict[str, Any], key: str, path: Path, *, default: int = 0, choices: range | None = None
    ) -> int:
        """Read a whole number, optionally out of a range; null and absent read as the default."""
        value = data.get(key)
        at = (*path, key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return default
        if choices is not None and value not in choices:
            bounds = f"{choices.start} and {choices.stop - 1}"
            self.fault(at, "NUMBER_TYPE_RANGE", f"int value should be between {bounds}.")
            return default
        return value


def bad_field(path: Path, code: str, message: str) -> ApiError:
    """Return error 50035 for a single fault."""
    tree: dict[str, Any] = {ERRORS: [{"code": code, "message": message}]}
    for key in reversed(path):
        tree = {str(key): tree}
    return ApiError(400, 50035, "Invalid Form Body", extra={"errors": tree})
