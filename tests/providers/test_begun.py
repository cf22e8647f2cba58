"""What a part on disk and an answer's headers say about each other."""

import pytest

from bot.providers.begun import Begun, Edition, Span, declared_length

TAG = '"abc"'
DATE = "Sat, 21 Nov 2026 08:00:00 GMT"


def begun(**changes: object) -> Begun:
    fields: dict[str, object] = {"total": 100, "etag": TAG, "modified": DATE} | changes
    return Begun(length=40, edition=Edition(**fields))  # type: ignore[arg-type]


def answer(**headers: str) -> dict[str, str]:
    return {"content-range": "bytes 40-99/100"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }


@pytest.mark.parametrize(
    ("edition", "condition"),
    [
        pytest.param({}, TAG, id="a strong tag"),
        pytest.param({"etag": 'W/"abc"'}, DATE, id="a weak tag may not be used, the date may"),
        pytest.param({"etag": None}, DATE, id="a date alone"),
        pytest.param({"etag": None, "modified": None}, None, id="no mark"),
        pytest.param({"etag": 'W/"abc"', "modified": None}, None, id="a weak tag alone"),
    ],
)
def test_the_rest_is_asked_for_on_condition_that_it_is_the_same_file(
    edition: dict[str, object], condition: str | None
) -> None:
    headers = begun(**edition).request_headers()
    assert headers.pop("range") == "bytes=40-"
    assert headers == ({} if condition is None else {"if-range": condition})


def test_nothing_on_disk_asks_for_the_whole_file() -> None:
    assert Begun().request_headers() == {}
    assert Begun(length=40).request_headers() == {}
    assert Begun(edition=Edition(total=100)).request_headers() == {}


@pytest.mark.parametrize(
    ("edition", "headers", "same"),
    [
        pytest.param({}, answer(etag=TAG, last_modified=DATE), True, id="everything equal"),
        pytest.param({}, answer(), True, id="a 206 without marks"),
        pytest.param({"etag": None}, answer(etag=TAG), True, id="a mark that only the 206 has"),
        pytest.param({}, answer(etag='"other"'), False, id="another tag"),
        pytest.param({}, answer(etag=TAG, last_modified="Sat, 21 Nov 2026 09:00:00 GMT"), False, id="a date"),
        pytest.param({}, {"content-range": "bytes 40-99/101"}, False, id="another length"),
        pytest.param({}, {"content-range": "bytes 39-99/100"}, False, id="another place"),
        pytest.param({}, {"content-range": "bytes 40-79/100"}, True, id="only a piece of the rest"),
        pytest.param({}, {"content-range": "bytes 40-99/*"}, False, id="a length that nobody knows"),
        pytest.param({}, {"content-range": "items 40-99/100"}, False, id="another unit"),
        pytest.param({}, {"content-range": "bytes 40-120/100"}, False, id="past the end"),
        pytest.param({}, {"content-range": "bytes 40-39/100"}, False, id="nothing at all"),
        pytest.param({}, {"content-type": "multipart/byteranges; boundary=x"}, False, id="several ranges"),
        pytest.param({}, {"content-range": "bytes ٤٠-99/100"}, False, id="digits of another script"),
    ],
)
def test_only_the_rest_of_the_same_file_is_gone_on_with(
    edition: dict[str, object], headers: dict[str, str], same: bool
) -> None:
    assert begun(**edition).goes_on_with(headers) is same


def test_nothing_goes_on_with_nothing() -> None:
    assert not Begun().goes_on_with(answer())


def test_an_edition_is_read_from_a_whole_answer_and_from_a_part() -> None:
    whole = Edition.of({"content-length": "100", "etag": TAG, "last-modified": DATE})
    part = Edition.of({"content-length": "60", "content-range": "bytes 40-99/100", "etag": TAG})
    assert whole == Edition(total=100, etag=TAG, modified=DATE)
    assert part == Edition(total=100, etag=TAG)
    assert Edition.of({"etag": TAG}) is None, "without a length nothing can be proven"


def test_a_note_survives_being_written_down() -> None:
    for edition in (Edition(total=100, etag=TAG, modified=DATE), Edition(total=1)):
        assert Edition.from_note(edition.note()) == edition


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"total": "9"}', '{"total": 9}', '{"total": 9, "etag": 1, "modified": null}'],
)
def test_a_torn_note_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|note"):
        Edition.from_note(text)


def test_whole_is_whole() -> None:
    assert Begun(length=100, edition=Edition(total=100)).is_whole
    assert not begun().is_whole
    assert not Begun().is_whole


@pytest.mark.parametrize(("text", "expected"), [("7", 7), ("", None), ("-1", None), ("9" * 20, None)])
def test_a_declared_length_is_a_small_number(text: str, expected: int | None) -> None:
    assert declared_length({"content-length": text}) == expected
    assert declared_length({}) is None


def test_a_span_holds_both_ends() -> None:
    assert Span.of({"content-range": "bytes 0-0/1"}) == Span(first=0, last=0, total=1)
