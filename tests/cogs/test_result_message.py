"""The words around a result, for every venue and every refusal."""

import itertools

import pytest

from bot.domain.job import Venue
from cogs.result_message import is_result_of, result_forms, result_nonce
from cogs.texts import load_library
from tests.factories import make_job, make_request

TEXTS = load_library().texts("en-US")
LONG = make_request(prompt="secretword " + "**" * 1990)


@pytest.mark.parametrize(
    ("venue", "still", "in_doubt"),
    list(itertools.product(Venue, (None, "fitted/x.jpg"), (False, True))),
)
def test_every_form_fits_and_says_less_than_the_one_before(
    venue: Venue, still: str | None, in_doubt: bool
) -> None:
    job = make_job(venue=venue, still_file=still, result_bytes=40_000_001, request=LONG)
    whole, plain, mention, nothing = result_forms(job, TEXTS, in_doubt=in_doubt)
    assert len(whole.text) <= 2000
    assert len(whole.alt_text or "") <= 1024
    assert "secretword" in whole.text
    for form in (plain, mention, nothing):
        assert "secretword" not in form.text + form.file_name
        assert form.alt_text is None
    assert (mention.text, nothing.text) == ("<@42>", "")
    for form in (whole, plain):
        assert form.text.count("<@42>") == 1
        assert ("may be here twice" in form.text) is in_doubt
        assert ("so it comes here" in form.text) is (venue is not Venue.PLACE)
        assert ("41 MB are too large" in form.text) is (still is not None)
        assert job.short_id in form.text


@pytest.mark.parametrize("still", [None, "fitted/x.jpg"])
def test_a_result_is_found_again_by_any_of_its_names(still: str | None) -> None:
    job, other = make_job(id="1", still_file=still), make_job(id="2", still_file=still)
    for form in result_forms(job, TEXTS, in_doubt=False):
        assert form.file_name.endswith(".mp4" if still is None else ".jpg")
        assert is_result_of(job, form.file_name)
        assert not is_result_of(other, form.file_name)


def test_the_nonce_fits_and_is_the_jobs_own() -> None:
    assert len(result_nonce(make_job(id="1" * 30))) == 25
    assert result_nonce(make_job(id="1")) != result_nonce(make_job(id="2"))
