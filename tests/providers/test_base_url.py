"""The configured address, as people paste it."""

import pytest

from bot.domain.errors import ConfigError
from bot.providers.base_url import BaseUrl, Origin


@pytest.mark.parametrize(
    ("text", "base", "origin"),
    [
        pytest.param(
            "https://a.example/v1", "https://a.example/v1", Origin("https", "a.example", 443), id="plain"
        ),
        pytest.param(
            " https://a.example/v1/ ",
            "https://a.example/v1",
            Origin("https", "a.example", 443),
            id="slash and spaces",
        ),
        pytest.param(
            "https://a.example", "https://a.example", Origin("https", "a.example", 443), id="no path"
        ),
        pytest.param(
            "http://127.0.0.1:80", "http://127.0.0.1:80", Origin("http", "127.0.0.1", 80), id="port said"
        ),
        pytest.param("HTTP://GPU:8000/v1", "HTTP://GPU:8000/v1", Origin("http", "gpu", 8000), id="capitals"),
        pytest.param("http://[::1]:9000/v1", "http://[::1]:9000/v1", Origin("http", "::1", 9000), id="IPv6"),
    ],
)
def test_an_address_is_accepted_as_pasted(text: str, base: str, origin: Origin) -> None:
    parsed = BaseUrl.parse(text)
    assert (parsed.text, parsed.origin) == (base, origin)
    assert parsed.route("/videos") == f"{base}/videos"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "it is empty", id="empty"),
        pytest.param("api.example.com/v1", "http:// or https://", id="no scheme"),
        pytest.param("ftp://a.example", "http:// or https://", id="another scheme"),
        pytest.param("https://", "no host", id="no host"),
        pytest.param("https://a.example:0/v1", "port", id="port 0"),
        pytest.param("https://a.example:70000/v1", "port", id="port too large"),
        pytest.param("https://a.example:x/v1", "port", id="port is a word"),
        pytest.param("https://me:sk-secret@a.example/v1", "user name or password", id="password"),
        pytest.param("https://a.example/v1?api-version=1", '"?"', id="query"),
        pytest.param("https://a.example/v1#x", '"#"', id="fragment"),
        pytest.param("https://a.example/v1 2", "spaces", id="space inside"),
        pytest.param("https://ä.example/v1", "unusual characters", id="not ASCII"),
        pytest.param("https://a.example/v1/videos", 'before "/videos"', id="a whole route"),
        pytest.param("https://[::1/v1", "wrong", id="broken IPv6"),
    ],
)
def test_a_wrong_address_gets_one_sentence_that_names_the_setting(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match="VIDEO_API_BASE_URL is wrong") as caught:
        BaseUrl.parse(text, setting="VIDEO_API_BASE_URL")
    assert problem in str(caught.value)
    assert "sk-secret" not in str(caught.value)
