import pytest

from bot.domain.job import normalise_short_id, short_id


def test_a_short_id_is_derived_and_stable() -> None:
    assert short_id("1234567890") == short_id("1234567890")
    assert short_id("1234567890") != short_id("1234567890", salt=1)


def test_short_ids_are_five_readable_characters() -> None:
    for number in range(500):
        identity = short_id(str(number))
        assert len(identity) == 5
        assert not set(identity) & set("ILOU")


def test_few_short_ids_collide() -> None:
    assert len({short_id(str(number)) for number in range(2000)}) > 1990


@pytest.mark.parametrize("typed", ["7f3k2", " 7F3K2 ", "#7f3k2", "`7F3K2`"])
def test_a_short_id_is_read_as_people_type_it(typed: str) -> None:
    assert normalise_short_id(typed) == "7F3K2"


def test_letters_that_are_no_digits_are_read_as_digits() -> None:
    assert normalise_short_id("oIl12") == "01112"
