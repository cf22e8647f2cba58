"""Profiles: the shipped ones load; a wrong one gets a sentence that names file, key and what is allowed."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.errors import ConfigError
from bot.domain.remote import PollPace, RemoteStatus, SubmitSafety
from bot.domain.video import Size
from bot.providers.profile import Discovery, Profile, load_profile, parse_profile, profile_names
from bot.providers.profile_answer import ResultFirst
from bot.providers.profile_create import FIELDS, Encoding, PictureAs, SecondsAs
from bot.providers.profile_routes import Routes

DOCUMENT = (
    (Path(__file__).parents[2] / "docs" / "dialects.md").read_text(encoding="utf-8").split("```")[1]
).removeprefix("toml")

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
    assert profile_names() == (
        "azure",
        "azure-jobs",
        "dynamo",
        "litellm",
        "newapi",
        "openai",
        "openrouter",
        "preview",
        "sglang",
        "vllm-omni",
    )


def test_the_preview_profile_is_what_its_server_does() -> None:
    profile = load_profile("preview")
    assert profile.create.encoding is Encoding.MIXED
    assert (profile.safety, profile.create.key_header) == (SubmitSafety.KEY, "Idempotency-Key")
    assert profile.delete_cancels
    assert profile.pace == PollPace(first=0.5, longest=2.0, deadline=1800.0)
    assert profile.slots == 2
    taken = profile.capabilities("m")
    assert taken.sizes == (Size(1280, 720), Size(720, 1280))
    assert (taken.model, taken.seconds, taken.default_seconds) == ("m", (4, 8, 12), 8)
    for option in (Option.PICTURE, Option.SEED, Option.NEGATIVE):
        assert taken.known(option) == Known(Support.YES, Source.PROFILE)
    for option in (Option.LAST_PICTURE, Option.AUDIO):
        assert taken.known(option) == Known(Support.NO, Source.PROFILE)


def test_the_openai_profile_never_sends_an_unclear_order_again() -> None:
    profile = load_profile("openai")
    assert profile.safety is SubmitSafety.NONE
    assert profile.create.encoding is Encoding.MIXED
    assert not profile.delete_cancels


def test_vllm_omni_takes_forms_only_and_its_list_settles_a_doubt() -> None:
    profile = load_profile("vllm-omni")
    assert profile.safety is SubmitSafety.LIST
    assert profile.create.encoding is Encoding.MULTIPART
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
        pytest.param(f"a = {'9' * 5000}", "mine.toml is no valid TOML: ", id="number too long"),
        pytest.param(
            SMALLEST + "[paces]",
            "mine.toml: paces is unknown; allowed here: routes, query, auth, create, fields, "
            "extend, remix, answer, status, moderation, result, cancel, pace, model, discovery.",
            id="unknown table",
        ),
        pytest.param(
            changed("poll =", "pol ="),
            "mine.toml: routes.pol is unknown; allowed here: create, poll, content, list, delete, cancel, "
            "probe.",
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
            "mine.toml: create.encoding is 'xml'; allowed: json, multipart, json-or-multipart.",
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
    sentence = (
        r"There is no profile '\.\./secret'; allowed: azure, azure-jobs, .*, vllm-omni, or the path of a "
        r'file that ends in "\.toml"\.'
    )
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


# --- what the shipped dialects are -----------------------------------------------------------------


def test_azure_has_a_bare_key_and_a_version_with_every_request() -> None:
    profile = load_profile("azure")
    assert profile.credentials("k") == {"api-key": "k"}
    assert profile.url("/videos/{id}", "a/b") == "/videos/a%2Fb?api-version=preview"
    assert not profile.models_listed


def test_azures_older_jobs_are_fetched_by_the_id_of_their_file() -> None:
    profile = load_profile("azure-jobs")
    assert profile.routes.content_by_result
    assert profile.answer.paths == {"result": ("generations", 0, "id")}
    assert profile.options[Option.PICTURE].support is Support.NO


def test_dynamo_answers_an_order_with_its_end() -> None:
    profile = load_profile("dynamo")
    assert profile.routes.poll is None
    assert profile.create.patience == 1800.0
    assert profile.create.extra == {"response_format": "url"}
    assert profile.answer.longest == 64 * 1024 * 1024


def test_openrouter_takes_frames_and_tells_what_its_models_take() -> None:
    profile = load_profile("openrouter")
    assert profile.create.encoding is Encoding.JSON
    assert profile.create.picture_as is PictureAs.FRAMES
    assert profile.create.seconds_as is SecondsAs.NUMBER
    assert profile.discovery == Discovery(kind="openrouter", route="/videos/models")
    assert profile.fields["picture"] == profile.fields["last-picture"] == "frame_images"


@pytest.mark.parametrize(
    ("name", "safety", "cancels"),
    [
        ("azure", SubmitSafety.LIST, False),
        ("azure-jobs", SubmitSafety.NONE, False),
        ("dynamo", SubmitSafety.NONE, False),
        ("litellm", SubmitSafety.NONE, False),
        ("newapi", SubmitSafety.NONE, False),
        ("openrouter", SubmitSafety.NONE, False),
        ("sglang", SubmitSafety.LIST, False),
    ],
)
def test_nothing_is_promised_that_the_dialect_does_not_keep(
    name: str, safety: SubmitSafety, cancels: bool
) -> None:
    profile = load_profile(name)
    assert (profile.safety, profile.delete_cancels) == (safety, cancels)
    assert profile.routes.cancel is None


# --- a profile of one's own ------------------------------------------------------------------------

EVERYTHING = """
[routes]
create = "/jobs"
poll = "/jobs/{id}"
cancel = "/jobs/{id}/stop"
probe = "/jobs"
[query]
version = "2"
[create]
encoding = "json"
picture = "data-url-object"
seconds = "number"
patience = 600
extra = { n = 1 }
[fields]
prompt = "text"
picture = "image"
seed = "seed"
[answer]
id = "job.uuid"
url = "job.files.0.link"
[status]
running = ["Baking", "cooling down"]
done = ["baked"]
[moderation]
words = ["Burnt"]
[result]
first = "url"
wait = 3
longest_mb = 8
[cancel]
method = "PUT"
[model]
sizes = ["1280x720"]
seconds = [5]
seed = true
picture = false
listed = false
[discovery]
kind = "openrouter"
route = "/models"
"""


def test_a_profile_can_say_everything() -> None:
    profile = parse(EVERYTHING)
    assert profile.url(profile.routes.cancel or "", "x") == "/jobs/x/stop?version=2"
    assert profile.cancel_method == "PUT"
    assert (profile.create.picture_as, profile.create.patience) == (PictureAs.DATA_URL_OBJECT, 600.0)
    assert profile.answer.paths == {"id": ("job", "uuid"), "url": ("job", "files", 0, "link")}
    assert profile.answer.words == {
        "baking": RemoteStatus.RUNNING,
        "cooling_down": RemoteStatus.RUNNING,
        "baked": RemoteStatus.DONE,
    }
    assert (profile.answer.moderation, profile.answer.first) == (("burnt",), ResultFirst.URL)
    assert (profile.answer.wait, profile.answer.longest) == (3.0, 8 * 1024 * 1024)
    assert profile.options[Option.SEED] == Known(Support.YES, Source.PROFILE)
    assert profile.options[Option.PICTURE] == Known(Support.NO, Source.PROFILE)
    assert not profile.models_listed


def test_the_list_of_a_synchronous_api_settles_no_doubt() -> None:
    asked = EVERYTHING.replace('poll = "/jobs/{id}"', 'list = "/jobs"')
    asked = asked.replace('encoding = "json"', 'encoding = "json"\nsafety = "list"')
    with pytest.raises(ConfigError) as caught:
        parse(asked)
    assert str(caught.value) == (
        'mine.toml: create.safety is "list", but without routes.poll the list cannot hold what is still '
        "being rendered."
    )


def test_a_query_goes_behind_one_that_is_there() -> None:
    profile = parse(EVERYTHING.replace('create = "/jobs"', 'create = "/jobs?fast=1"'))
    assert profile.url(profile.routes.create) == "/jobs?fast=1&version=2"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            "poll =",
            'content = "/files"\npoll =',
            'routes.content is \'/files\'; it must hold "{id}" or "{result}".',
            id="content without an id",
        ),
        pytest.param(
            "poll =",
            'content = "/files/{result}"\npoll =',
            'answer.result is missing; routes.content holds "{result}".',
            id="a file's id from nowhere",
        ),
        pytest.param(
            "poll =",
            'content = "/files/{id}/{result}"\npoll =',
            'routes.content is \'/files/{id}/{result}\'; it must hold "{id}" or "{result}".',
            id="both ids",
        ),
        pytest.param('"2"', "2", "query.version must be a text in quotes.", id="a number in the query"),
        pytest.param(
            '"data-url-object"',
            '"file"',
            'create.picture is "file"; with encoding = "json" there is no place for one.',
            id="a file in JSON",
        ),
        pytest.param(
            '"data-url-object"',
            '"ftp"',
            "create.picture is 'ftp'; allowed: file, data-url, data-url-object, frame-images.",
            id="no such way for pictures",
        ),
        pytest.param(
            '"number"', '"words"', "create.seconds is 'words'; allowed: text, number.", id="no such number"
        ),
        pytest.param(
            'seed = "seed"',
            'seed = "a..b"',
            'fields.seed is \'a..b\'; it must be a name like "seed" or "options.seed".',
            id="an empty name",
        ),
        pytest.param(
            'seed = "seed"',
            'width = "w"\nseed = "seed"',
            "fields.width is set; then height must be set too.",
            id="half a size",
        ),
        pytest.param(
            '"job.uuid"',
            '"job."',
            "answer.id is 'job.'; it must be a place like \"job.files.0.link\".",
            id="no place",
        ),
        pytest.param(
            'url = "job',
            'colour = "job',
            "answer.colour is unknown; allowed here: id, status, progress, error, url, result, created_at, "
            "expires_at.",
            id="no such place",
        ),
        pytest.param(
            'done = ["baked"]',
            'done = ["baking"]',
            "status.done has 'baking', which stands under running too.",
            id="a word with two meanings",
        ),
        pytest.param(
            "done = [",
            "over = [",
            "status.over is unknown; allowed here: queued, running, done, failed, cancelled, expired.",
            id="no such status",
        ),
        pytest.param(
            '"url"', '"moon"', "result.first is 'moon'; allowed: content, url.", id="no such location"
        ),
        pytest.param(
            '"PUT"', '"GET"', "cancel.method is 'GET'; allowed: POST, PUT, DELETE.", id="no such method"
        ),
        pytest.param(
            "seed = true",
            "audio = true",
            "model.audio is true; then fields.audio must name the API's field.",
            id="an option that cannot be sent",
        ),
        pytest.param(
            '"openrouter"',
            '"guess"',
            "discovery.kind is 'guess'; allowed: openrouter.",
            id="no such discovery",
        ),
        pytest.param(
            'route = "/models"',
            'route = "models"',
            "discovery.route is 'models'; it must start with \"/\".",
            id="no route",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(old: str, new: str, sentence: str) -> None:
    assert old in EVERYTHING
    with pytest.raises(ConfigError) as caught:
        parse(EVERYTHING.replace(old, new))
    assert str(caught.value) == f"mine.toml: {sentence}"


def test_a_file_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "baker.toml"
    file.write_text(SMALLEST, encoding="utf-8")
    assert load_profile(str(file)).name == "baker"
    file.write_text(SMALLEST + "[paces]", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^baker\.toml: paces is unknown"):
        load_profile(str(file))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(None, "cannot be read: No such file or directory.", id="missing"),
        pytest.param(b"\xff\xfe", "cannot be read: it is no UTF-8 text.", id="no text"),
        pytest.param(b"#" * 200_000, "is longer than 100000 characters.", id="too long"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, why: str, tmp_path: Path) -> None:
    file = tmp_path / "baker.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_profile(str(file))
    assert str(caught.value) == f"The profile {file} {why}"


TABLES = re.findall(r"^\[(\w+)\]", DOCUMENT, re.MULTILINE)


def test_the_document_is_right() -> None:
    profile = parse(DOCUMENT)
    assert profile.fields.keys() == set(FIELDS)
    assert profile.routes.content_by_result
    assert profile.discovery is not None


@pytest.mark.parametrize("table", [table for table in TABLES if table != "query"])
def test_the_document_names_every_key(table: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(re.sub(rf"^\[{table}\].*$", f"[{table}]\nnonsense = 1", DOCUMENT, flags=re.MULTILINE))
    start, _, allowed = str(caught.value).partition(" is unknown; allowed here: ")
    assert start == f"mine.toml: {table}.nonsense"
    assert set(allowed.rstrip(".").split(", ")) == tomllib.loads(DOCUMENT)[table].keys()


def test_the_document_names_every_table() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("[nonsense]")
    assert str(caught.value).partition("allowed here: ")[2].rstrip(".").split(", ") == TABLES
