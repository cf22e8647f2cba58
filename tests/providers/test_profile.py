"""Profiles: the shipped ones load; a wrong one gets a sentence that names file, key and what is allowed."""

import pytest

from bot.domain.capabilities import Option, Support
from bot.domain.errors import ConfigError
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.video import Size
from bot.providers.profile import Encoding, Profile, Routes, load_profile, parse_profile, profile_names

SMALLEST = """
[routes]
create = "/videos"
poll = "/videos/{id}"
probe = "/models"
[create]
encoding = "multipart"
[fields]
prompt = "prompt"
[model]
sizes = ["1280x720"]
seconds = [5, 10]
"""


def parse(text: str) -> Profile:
    return parse_profile(text, name="mine", file="mine.toml")


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_loads(name: str) -> None:
    assert load_profile(name).name == name


def test_the_shipped_profiles_are_these() -> None:
    assert profile_names() == ("openai", "preview", "vllm-omni")


def test_the_preview_profile_is_what_its_server_does() -> None:
    profile = load_profile("preview")
    assert profile.encoding is Encoding.MIXED
    assert (profile.safety, profile.key_header) == (SubmitSafety.KEY, "Idempotency-Key")
    assert profile.delete_cancels
    assert profile.pace == PollPace(first=0.5, longest=2.0, deadline=1800.0)
    assert profile.slots == 2
    taken = profile.capabilities("m")
    assert taken.sizes == (Size(1280, 720), Size(720, 1280))
    assert (taken.model, taken.seconds, taken.default_seconds) == ("m", (4, 8, 12), 8)
    assert taken.known(Option.PICTURE).support is Support.UNKNOWN


def test_the_openai_profile_never_sends_an_unclear_order_again() -> None:
    profile = load_profile("openai")
    assert profile.safety is SubmitSafety.NONE
    assert profile.encoding is Encoding.MIXED
    assert not profile.delete_cancels


def test_vllm_omni_takes_forms_only_and_its_list_settles_a_doubt() -> None:
    profile = load_profile("vllm-omni")
    assert profile.safety is SubmitSafety.LIST
    assert profile.encoding is Encoding.MULTIPART
    assert profile.delete_cancels


def test_the_smallest_profile_takes_the_defaults() -> None:
    profile = parse(SMALLEST)
    assert profile.routes == Routes(create="/videos", poll="/videos/{id}", probe="/models")
    assert profile.credentials("k") == {"Authorization": "Bearer k"}
    assert profile.safety is SubmitSafety.NONE
    assert profile.pace == PollPace()
    assert profile.default_seconds == 5
    assert profile.options[Option.PICTURE].support is Support.NO


@pytest.mark.parametrize(
    ("auth", "headers"),
    [
        ("", {"Authorization": "Bearer k"}),
        ('[auth]\nheader = "api-key"', {"api-key": "k"}),
        ('[auth]\nscheme = "Key"', {"Authorization": "Key k"}),
        ('[auth]\nscheme = ""', {"Authorization": "k"}),
    ],
)
def test_the_key_goes_where_the_profile_says(auth: str, headers: dict[str, str]) -> None:
    profile = parse(SMALLEST + auth)
    assert profile.credentials("k") == headers
    assert profile.credentials(None) == {}


def changed(old: str, new: str) -> str:
    assert old in SMALLEST
    return SMALLEST.replace(old, new)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("a = = b", "mine.toml is no valid TOML: ", id="no TOML"),
        pytest.param(
            SMALLEST + "[paces]",
            "mine.toml: paces is unknown; allowed here: routes, auth, create, fields, cancel, pace, model.",
            id="unknown table",
        ),
        pytest.param(
            changed("poll =", "pol ="),
            "mine.toml: routes.pol is unknown; allowed here: create, poll, content, list, delete, probe.",
            id="unknown key",
        ),
        pytest.param(
            changed('probe = "/models"', ""),
            "mine.toml: routes.probe is missing; it must be a text in quotes.",
            id="missing",
        ),
        pytest.param(
            changed('"/models"', "7"), "mine.toml: routes.probe must be a text in quotes.", id="wrong type"
        ),
        pytest.param(
            changed('"/models"', '"models"'),
            "mine.toml: routes.probe is 'models'; it must start with \"/\".",
            id="no slash",
        ),
        pytest.param(
            changed('"/videos/{id}"', '"/videos"'),
            "mine.toml: routes.poll is '/videos'; it must hold \"{id}\".",
            id="no id",
        ),
        pytest.param(
            changed('"/models"', '"/{id}"'),
            "mine.toml: routes.probe is '/{id}'; it must not hold \"{id}\".",
            id="an id",
        ),
        pytest.param(
            changed('"multipart"', '"xml"'),
            "mine.toml: create.encoding is 'xml'; allowed: json-or-multipart, multipart.",
            id="choice",
        ),
        pytest.param(
            changed('"multipart"', '"multipart"\nsafety = "hope"'),
            "mine.toml: create.safety is 'hope'; allowed: key, list, none.",
            id="safety",
        ),
        pytest.param(
            changed('"multipart"', '"multipart"\nsafety = "key"'),
            'mine.toml: create.safety is "key"; then key_header must name the header that carries it.',
            id="key without header",
        ),
        pytest.param(
            changed('"multipart"', '"multipart"\nsafety = "list"'),
            'mine.toml: create.safety is "list"; then routes.list must be set.',
            id="list without route",
        ),
        pytest.param(
            SMALLEST + "[cancel]\ndelete_cancels = true",
            "mine.toml: cancel.delete_cancels is true; then routes.delete must be set.",
            id="cancel without route",
        ),
        pytest.param(
            SMALLEST + "[pace]\npoll_by_list = true",
            "mine.toml: pace.poll_by_list is true; then routes.list must be set.",
            id="polls by a list that there is not",
        ),
        pytest.param(
            SMALLEST + "[cancel]\ndelete_cancels = 1",
            "mine.toml: cancel.delete_cancels must be true or false.",
            id="flag",
        ),
        pytest.param(
            SMALLEST + "[pace]\nfirst = 30",
            "mine.toml: pace.longest is 20; it must not be less than first (30).",
            id="pace",
        ),
        pytest.param(
            SMALLEST + "[pace]\nfirst = 0",
            "mine.toml: pace.first is 0; it must be more than 0 seconds.",
            id="no time",
        ),
        pytest.param(
            SMALLEST + "[pace]\nfirst = true",
            "mine.toml: pace.first must be a number of seconds.",
            id="true is no number",
        ),
        pytest.param(
            SMALLEST + "[pace]\nslots = 0", "mine.toml: pace.slots is 0; it must be 1 or more.", id="no slots"
        ),
        pytest.param(
            changed('["1280x720"]', '["wide"]'),
            "mine.toml: model.sizes must be a list of sizes like",
            id="no size",
        ),
        pytest.param(
            changed('["1280x720"]', "[]"),
            "mine.toml: model.sizes must be a list of sizes like",
            id="no sizes",
        ),
        pytest.param(
            changed("[5, 10]", "[5.5]"),
            "mine.toml: model.seconds must be a list of whole seconds.",
            id="half",
        ),
        pytest.param(
            SMALLEST + "default_seconds = 7",
            "mine.toml: model.default_seconds is 7; allowed: 5, 10.",
            id="default",
        ),
        pytest.param(changed('prompt = "prompt"', ""), "mine.toml: fields.prompt is missing", id="no prompt"),
        pytest.param(
            changed('[fields]\nprompt = "prompt"', "").replace("[routes]", 'fields = "x"\n[routes]'),
            "mine.toml: fields must be a table.",
            id="no table",
        ),
    ],
)
def test_a_wrong_profile_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value).startswith(sentence)


def test_an_unknown_profile_is_answered_with_the_known_ones() -> None:
    sentence = r"There is no profile '\.\./secret'; allowed: openai, preview, vllm-omni\."
    with pytest.raises(ConfigError, match=sentence):
        load_profile("../secret")


@pytest.mark.parametrize(
    ("remote_id", "path"),
    [
        ("video_1", "/videos/video_1"),
        ("a/b", "/videos/a%2Fb"),
        ("video_Zm9v==", "/videos/video_Zm9v%3D%3D"),
        ("..", "/videos/%2E%2E"),
        ("x?y#z", "/videos/x%3Fy%23z"),
        ("ä", "/videos/%C3%A4"),
    ],
)
def test_an_id_stays_one_segment_of_the_path(remote_id: str, path: str) -> None:
    assert Routes.fill("/videos/{id}", remote_id) == path
