"""The buttons of results: which a job has, and what Remix, Details, Original and Family answer."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from simcord import Env, InteractionResult

from bot.domain.board import Board, BoardId, BoardKind
from bot.domain.capabilities import Capabilities
from bot.domain.job import Job
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.jobs.lineage import Details, Family
from bot.jobs.original import Original
from cogs.buttons.originals import original_text
from cogs.buttons.views import details_view, result_view
from cogs.details import MESSAGE, details_text, whole_words
from cogs.lineage import messages_of, tree
from cogs.texts import load_library
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_capabilities, make_job, make_place, make_request

TEXTS = load_library().texts("en-US")
DELIVERED = {
    "state": JobState.DELIVERED,
    "finished_at": NOW + 65_000,
    "result_message_id": 900,
    "result_channel_id": 200,
}
LINK = "https://discord.com/channels/100/200/900"


def rows(view: object) -> list[list[str]]:
    """Return the verbs row by row."""
    return [
        [button["custom_id"].split(":")[1] for button in row["components"]]
        for row in view.to_components()  # type: ignore[attr-defined]  # a discord.ui.View
    ]


KEEPING = ["details", "rate", "original", "delete"]


@pytest.mark.parametrize(
    ("changes", "making", "keeping"),
    [
        ({"state": JobState.DELIVERING}, True, KEEPING),
        (DELIVERED, True, KEEPING),
        ({**DELIVERED, "result_message_id": None}, True, ["details"]),
        ({**DELIVERED, "request": make_request(prompt="")}, False, KEEPING),
        ({**DELIVERED, "request": make_request(join=Join(sources=("1", "2")))}, False, KEEPING),
    ],
    ids=["on its way", "delivered", "deleted since", "found by its owner", "joined"],
)
async def test_the_result_has_its_rows_in_the_order_that_is_one_everywhere(
    changes: dict[str, object], making: bool, keeping: list[str]
) -> None:
    first, *rest = rows(result_view(make_job(**changes), TEXTS))
    if making:
        assert [verb for verb in first if verb in {"again", "variations", "remix", "continue"}] == first
        assert {"again", "remix"} <= set(first)
        assert rest == [keeping]
    else:
        assert not {"again", "variations", "remix"} & set(first)
        assert [first, *rest][-1] == keeping


async def test_details_offer_the_family_where_there_is_one() -> None:
    job = make_job(**DELIVERED)
    assert rows(details_view(job, TEXTS, family=False))[-1] == ["original"]
    assert rows(details_view(job, TEXTS, family=True))[-1] == ["original", "family", "compare"]


def details(job: Job, parent: Job | None = None, model: Capabilities | None = None) -> Details:
    return Details(
        job=job, parent=parent, board=None, service="Preview", model=model, has_family=parent is not None
    )


def test_details_say_everything_that_is_known() -> None:
    parent = make_job(id="1", **DELIVERED)
    request = make_request(
        prompt="A fox, film noir", typed="a fox", style="film-noir", negative="blur", seed=7, audio=False
    )
    job = make_job(id="2", request=request, origin=Origin(parent="1", relation=Relation.REMIX), **DELIVERED)
    model = make_capabilities(label="Fast one", price_per_second=Decimal("0.05"))
    assert details_text(details(job, parent, model), TEXTS).splitlines() == [
        f"📋 **{job.short_id}**",
        "**Typed**",
        "> a fox",
        "**Prompt**",
        "> A fox, film noir",
        "**Not to be seen**",
        "> blur",
        "**Format** 1280×720 · 8 s",
        "**Model** Fast one",
        "**Made by** Preview",
        "**Style** film-noir",
        "**Seed** 7",
        "**Sound** not wanted",
        "**Price** about $0.40",
        f"**Made from** [{parent.short_id}]({LINK}) · remix",
        f"**Asked for** <t:{NOW // 1000}:f> by <@42>, done in 1:05",
    ]


def test_details_leave_out_what_is_not_known() -> None:
    job = make_job(request=make_request(model=""))
    assert details_text(details(job), TEXTS).splitlines() == [
        f"📋 **{job.short_id}**",
        "**Prompt**",
        "> a red fox in snow",
        "**Format** 1280×720 · 8 s",
        "**Made by** Preview",
        f"**Asked for** <t:{NOW // 1000}:f> by <@42>",
    ]


@pytest.mark.parametrize(
    ("clip", "words"), [(2, "· clip 2"), (0, "· the whole")], ids=["a clip", "the joined video"]
)
def test_details_link_the_board(clip: int, words: str) -> None:
    board = Board(
        id=BoardId("b"),
        short_id="B0ARD",
        kind=BoardKind.STORY,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=(),
        place=make_place(),
    )
    job = make_job(origin=Origin(board="b", clip=clip), request=make_request(join=Join(sources=("1", "2"))))
    text = details_text(replace(details(job), board=board), TEXTS)
    assert f"**Board** [B0ARD](https://discord.com/channels/100/200/300) {words}" in text
    assert "**Made of** 2 videos" in text


def test_what_was_said_is_shown_as_it_was_typed() -> None:
    job = make_job(request=make_request(prompt="*a* @everyone <@1> https://x.example"))
    text = details_text(details(job), TEXTS)
    assert r"\*a\*" in text
    assert "@everyone" not in text
    assert "https://x" not in text


def messages(result: InteractionResult) -> list[Any]:
    return [message for message in (result.response, *result.followups) if message]


def answers(result: InteractionResult) -> str:
    return "\n".join(message.content for message in messages(result))


@pytest.fixture
def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def delivered(store: SqlJobStore, place: Place, number: int = 1, **changes: object) -> Job:
    where = make_place(guild_id=place.guild.id, channel_id=place.channel.id)
    known = {**DELIVERED, "user_id": place.alice.id, "place": where, "id": str(5000 + number), **changes}
    return await store.add(make_job(**known))


async def shown(place: Place, job: Job) -> InteractionResult:
    return await place.bob.slash(place.channel, "show", id=job.short_id)


async def test_show_of_a_delivered_video_has_its_buttons(place: Place, store: SqlJobStore) -> None:
    job = await delivered(store, place)
    result = await shown(place, job)
    assert result.response is not None
    found = [
        [button["custom_id"].split(":")[1] for button in row["components"]]
        for row in result.response.components
    ]
    assert found[-1] == KEEPING


async def test_remix_asks_with_the_words_that_were_sent(place: Place, store: SqlJobStore) -> None:
    job = await delivered(store, place, request=make_request(prompt="A fox, enhanced", typed="a fox"))
    message = (await shown(place, job)).response
    assert message is not None
    asked = await place.bob.click(message.message, label="✏️ Remix")
    assert asked.modal is not None
    (field,) = asked.modal["components"]
    assert field["component"]["value"] == "A fox, enhanced"
    sent = await place.bob.submit_modal(asked, {field["component"]["custom_id"]: "a blue fox"})
    assert not sent.ephemeral
    (made,) = await store.line()
    assert (made.request.prompt, made.user_id) == ("a blue fox", place.bob.id)
    assert made.origin == Origin(parent=job.id, relation=Relation.REMIX)


async def test_the_command_takes_the_words_at_once_or_asks(place: Place, store: SqlJobStore) -> None:
    job = await delivered(store, place)
    asked = await place.bob.slash(place.channel, "remix", id=job.short_id)
    assert asked.modal is not None
    await place.bob.slash(place.channel, "remix", id=f"#{job.short_id.lower()}", prompt="a blue fox")
    (made,) = await store.line()
    assert made.request.prompt == "a blue fox"


async def test_a_prompt_longer_than_a_form_takes_is_cut_in_it(place: Place, store: SqlJobStore) -> None:
    job = await delivered(store, place, request=make_request(prompt="x" * 5000))
    asked = await place.bob.slash(place.channel, "remix", id=job.short_id)
    assert asked.modal is not None
    assert len(asked.modal["components"][0]["component"]["value"]) == 4000


@pytest.mark.parametrize("prompt", [None, "a blue fox"])
async def test_what_has_no_words_cannot_be_remixed(
    place: Place, store: SqlJobStore, prompt: str | None
) -> None:
    job = await delivered(store, place, request=make_request(join=Join(sources=("1",))))
    given = {} if prompt is None else {"prompt": prompt}
    result = await place.bob.slash(place.channel, "remix", id=job.short_id, **given)
    assert result.modal is None
    assert "no words of its own" in answers(result)
    assert await store.line() == []


async def test_an_unknown_id_is_told(place: Place) -> None:
    for command in ("remix", "lineage"):
        result = await place.bob.slash(place.channel, command, id="ZZZZZ")
        assert "I know no video ZZZZZ here" in answers(result)


async def test_ones_own_delivered_videos_are_suggested(place: Place, store: SqlJobStore) -> None:
    fox = await delivered(store, place, 1, request=make_request(prompt="a red fox"))
    boat = await delivered(store, place, 2, request=make_request(prompt="a boat"), created_at=NOW + 5)
    await delivered(store, place, 3, state=JobState.FAILED)
    for command in ("remix", "lineage"):
        every = await place.alice.autocomplete(place.channel, command, "id", "")
        assert [choice["value"] for choice in every] == [boat.short_id, fox.short_id]
        some = await place.alice.autocomplete(place.channel, command, "id", "FOX")
        assert [choice["value"] for choice in some] == [fox.short_id]
        assert await place.bob.autocomplete(place.channel, command, "id", "") == []


async def test_words_too_long_for_a_message_come_as_a_file(place: Place, store: SqlJobStore) -> None:
    request = make_request(prompt="long " * 500, typed="a fox", negative="blur")
    job = await delivered(store, place, request=request)
    message = (await shown(place, job)).response
    assert message is not None
    pressed = await place.bob.click(message.message, label="📋 Details")
    (answer,) = messages(pressed)
    assert answer.ephemeral
    assert len(answer.content) < MESSAGE
    assert [file.filename for file in answer.attachments] == [f"prompt-{job.short_id}.txt"]
    assert whole_words(job, TEXTS) == (
        f"Typed:\na fox\n\nPrompt:\n{request.prompt}\n\nNot to be seen:\nblur\n"
    )


async def test_the_original_is_handed_to_everybody_who_may_see_the_job(
    place: Place, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await delivered(
        store, place, result_file="originals/X-1.mp4", result_bytes=7, fitted_file="fitted/X-1.mp4"
    )
    workspace.path("originals/X-1.mp4").write_bytes(b"a video")
    message = (await shown(place, job)).response
    assert message is not None
    pressed = await place.bob.click(message.message, label="⬇️ Original")
    (answer,) = messages(pressed)
    assert answer.ephemeral
    assert [file.filename for file in answer.attachments] == [f"video-{job.short_id}.mp4"]
    assert "I keep it until" in answer.content


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            {"posted": True},
            f"The posted video is the original of **7F3K2**, as it came: {LINK}\nI do not",
        ),
        ({"machine": "mill"}, "kept on machine mill"),
        ({}, "I do not keep the original"),
    ],
    ids=["posted and dropped", "elsewhere", "gone"],
)
def test_where_there_is_nothing_to_hand_out_it_says_why(found: dict[str, object], sentence: str) -> None:
    job = make_job(short_id="7F3K2", **DELIVERED)
    assert sentence in original_text(Original(job=job, **found), TEXTS)  # type: ignore[arg-type]  # a table


def test_an_original_that_is_not_made_yet_is_told() -> None:
    assert "still being made" in original_text(Original(job=make_job()), TEXTS)


# --- the family as text -------------------------------------------------------------------------


def family_of(*pairs: tuple[str, str | None], **changes: object) -> Family:
    jobs = [
        make_job(
            id=name,
            short_id=name.upper().rjust(5, "0"),
            origin=Origin(parent=parent, relation=Relation.REMIX if parent else None),
            **{**DELIVERED, **changes},
        )
        for name, parent in pairs
    ]
    return Family(asked=jobs[-1], members=tuple(jobs))


def test_the_tree_goes_depth_first_and_marks_the_one_that_was_asked_for() -> None:
    family = family_of(("a", None), ("b", "a"), ("c", "a"), ("d", "b"))
    assert [(job.id, depth) for job, depth in tree(family)] == [("a", 0), ("b", 1), ("d", 2), ("c", 1)]
    words = {"a": "a red fox in snow", "b": "a blue fox", "c": "a red fox in snow", "d": "a blue fox"}
    members = [replace(job, request=make_request(prompt=words[job.id])) for job in family.members]
    (text,) = messages_of(replace(family, members=tuple(members)), TEXTS)
    assert text.splitlines() == [
        "🌳 The family of **0000D**: 4 videos",
        f"✅ [0000A]({LINK}) · a red fox in snow",
        f"↳ ✅ [0000B]({LINK}) · *remix* · a blue fox",
        f"\u2003↳ ✅ **[0000D]({LINK})** · *remix*",
        f"↳ ✅ [0000C]({LINK}) · *remix*",
    ]


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"state": JobState.RENDERING, "result_message_id": None}, "⏳ 0000A"),
        ({"state": JobState.FAILED, "result_message_id": None}, "❌ 0000A"),
        ({"result_message_id": None}, "🗑️ 0000A"),
    ],
    ids=["running", "failed", "deleted"],
)
def test_only_a_posted_video_is_linked(changes: dict[str, object], mark: str) -> None:
    (text,) = messages_of(family_of(("a", None), ("b", "a"), **changes), TEXTS)
    assert mark in text
    assert "https://" not in text


def test_a_long_tree_is_split_at_lines_and_says_how_many_are_left() -> None:
    pairs = [("a", None), *((f"b{number}", "a") for number in range(39))]
    parts = messages_of(replace(family_of(*pairs), more=12), TEXTS)
    assert len(parts) > 1
    assert all(len(text) <= MESSAGE for text in parts)
    assert sum(text.count("✅") for text in parts) == 40
    assert all(line.startswith(("🌳", "✅", "↳", "…")) for text in parts for line in text.splitlines())
    assert parts[-1].endswith("… and 12 more")
    assert "52 videos" in parts[0]


async def test_the_family_comes_as_text_and_picture(place: Place, store: SqlJobStore) -> None:
    first = await delivered(store, place, 1)
    job = await delivered(store, place, 2, origin=Origin(parent=first.id, relation=Relation.AGAIN))
    result = await place.bob.slash(place.channel, "lineage", id=job.short_id)
    text, picture = messages(result)
    assert text.ephemeral
    assert picture.ephemeral
    assert f"✅ **[{job.short_id}](" in text.content
    assert "*the same again*" in text.content
    assert [file.filename for file in picture.attachments] == [f"family-{job.short_id}.jpg"]


async def test_a_video_without_a_family_is_told_so(place: Place, store: SqlJobStore) -> None:
    job = await delivered(store, place)
    result = await place.bob.slash(place.channel, "lineage", id=job.short_id)
    assert "was not made from another video" in answers(result)
