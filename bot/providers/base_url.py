"""The configured address of a video API, and what may be asked of other addresses."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.domain.errors import ConfigError

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port; credentials go to the configured one alone."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """Take the origin of an http or https URL.

        Raises:
            ValueError: it is another scheme, has no host, or carries a user name; names which.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS:
            raise ValueError("it must start with http:// or https://")
        if not parts.hostname:
            raise ValueError("it has no host")
        if parts.username is not None or parts.password is not None:
            raise ValueError("it must not carry a user name or password")
        return cls(parts.scheme, parts.hostname, _port(parts))


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """Where an API's routes begin, such as `https://api.example/v1`; no slash at the end."""

    text: str
    origin: Origin

    @classmethod
    def parse(cls, text: str, *, setting: str = "base_url") -> "BaseUrl":
        """Read an address as people paste it: spaces around it and a slash at the end are fine.

        Raises:
            ConfigError: it is no such address; one sentence that names `setting` and what to write.
        """
        example = 'write it like "https://api.example.com/v1"'
        cleaned = text.strip().rstrip("/")
        try:
            if not cleaned:
                raise ValueError("it is empty")
            if not cleaned.isascii() or not cleaned.isprintable() or " " in cleaned:
                raise ValueError("it has spaces or unusual characters inside")
            origin, parts = Origin.of(cleaned), urlsplit(cleaned)
            if parts.query or parts.fragment:
                raise ValueError('it must end before "?" or "#"')
            if parts.path.endswith(("/videos", "/chat/completions")):
                raise ValueError(f'it must end before "/{parts.path.rsplit("/", 1)[1]}"')
        except ValueError as exc:
            raise ConfigError(f"{setting} is wrong: {exc}; {example}.") from exc
        return cls(cleaned, origin)

    def route(self, path: str) -> str:
        """Return the URL of one of the API's routes."""
        return self.text + path


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port must be 1 to 65535") from None
    if port == 0:
        raise ValueError("its port must be 1 to 65535")
    return port or PORTS[parts.scheme]
