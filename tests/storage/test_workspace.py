"""Files of jobs: safe names, whole files, room."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import NoRoom, StorageError
from bot.domain.files import FileKind
from bot.domain.job import Job, JobId
from bot.ports import Workspace
from storage.workspace import FileWorkspace

JobMaker = Callable[..., Job]


@pytest.fixture
def workspace(tmp_path: Path) -> FileWorkspace:
    return FileWorkspace(tmp_path / "data", min_free_bytes=1)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def test_a_download_becomes_the_original(
    workspace: FileWorkspace, tmp_path: Path, make_job: JobMaker
) -> None:
    port: Workspace = workspace
    name = port.new_name(make_job("1423", short_id="7F3K9"), "original")
    assert name == "originals/7F3K9-1423.mp4"
    part = port.part(name)
    part.write_bytes(b"video")
    assert files(tmp_path / "data") == {"originals/7F3K9-1423.part.mp4"}
    assert await port.adopt(part, name) == 5
    assert files(tmp_path / "data") == {name}
    assert port.path(name).read_bytes() == b"video"


async def test_the_fitted_copy_has_a_name_of_its_own(workspace: FileWorkspace, make_job: JobMaker) -> None:
    job = make_job("1")
    assert workspace.new_name(job, "fitted") == f"fitted/{job.short_id}-1.mp4"


async def test_adopting_again_finds_the_file_in_place(workspace: FileWorkspace, make_job: JobMaker) -> None:
    name = workspace.new_name(make_job("1"), "original")
    part = workspace.part(name)
    part.write_bytes(b"first")
    await workspace.adopt(part, name)
    assert await workspace.adopt(part, name) == 5
    part.write_bytes(b"second")
    assert await workspace.adopt(part, name) == 6


async def test_a_download_that_is_not_there_cannot_be_adopted(
    workspace: FileWorkspace, make_job: JobMaker
) -> None:
    name = workspace.new_name(make_job("1"), "original")
    with pytest.raises(StorageError, match="No such file"):
        await workspace.adopt(workspace.part(name), name)


async def test_a_picture_is_kept_and_discarded(workspace: FileWorkspace, tmp_path: Path) -> None:
    name = await workspace.keep_picture(JobId("1423"), b"jpeg")
    assert name == "pictures/1423.jpg"
    assert workspace.path(name).read_bytes() == b"jpeg"
    await workspace.keep_picture(JobId("1423"), b"again")
    assert workspace.path(name).read_bytes() == b"again"
    await workspace.discard([name, None])
    assert files(tmp_path / "data") == set()


async def test_the_last_frame_and_what_was_given_are_files_of_their_job(workspace: FileWorkspace) -> None:
    names = [
        await workspace.keep_picture(JobId("1423"), b"jpeg"),
        await workspace.keep_picture(JobId("1423"), b"jpeg", "last"),
        await workspace.keep_given(JobId("1423"), b"png"),
        await workspace.keep_given(JobId("1423"), b"png", "last"),
    ]
    stored = await workspace.stored()
    assert {file.name for file in stored} == set(names)
    assert {(file.job_id, file.kind) for file in stored} == {("1423", FileKind.PICTURE)}
    await workspace.discard(names)
    assert await workspace.stored() == []


async def test_discarding_takes_half_downloads_along_and_never_minds_missing_files(
    workspace: FileWorkspace, tmp_path: Path, make_job: JobMaker
) -> None:
    name = workspace.new_name(make_job("1"), "original")
    workspace.part(name).write_bytes(b"half")
    await workspace.discard([name, None, workspace.new_name(make_job("2"), "fitted")])
    assert files(tmp_path / "data") == set()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x.mp4",
        "../secret.mp4",
        "originals/../../x.mp4",
        "originals/..",
        "originals/.hidden.mp4",
        "originals/a/b.mp4",
        "/etc/passwd",
        "originals\\x.mp4",
        "originals/a.mp4\n",
        "originals/a.mp4\0",
        "originals/a.part.mp4",
        "originals/a.exe",
        "originals/" + "a" * 300 + ".mp4",
        "reelbot.db",
        "C:/x.mp4",
        "originals/ä.mp4",
    ],
)
async def test_a_name_that_is_not_ours_is_refused(name: str, workspace: FileWorkspace) -> None:
    for ask in (workspace.path, workspace.part):
        with pytest.raises(StorageError, match="is not a name of this workspace"):
            ask(name)
    if name:
        with pytest.raises(StorageError, match="is not a name of this workspace"):
            await workspace.discard([name])


@pytest.mark.parametrize("job_id", ["../1", "a b", "", "x" * 300, "1\n"])
async def test_a_job_id_that_makes_no_safe_name_is_refused(
    job_id: str, workspace: FileWorkspace, tmp_path: Path, make_job: JobMaker
) -> None:
    with pytest.raises(StorageError):
        await workspace.keep_picture(JobId(job_id), b"jpeg")
    if job_id:
        with pytest.raises(StorageError):
            workspace.new_name(make_job("1", id=JobId(job_id)), "original")
    assert files(tmp_path) == set()


async def test_room_is_what_the_disk_has_free(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    await FileWorkspace(tmp_path, min_free_bytes=free // 2).check_room()
    with pytest.raises(NoRoom, match="MB are free"):
        await FileWorkspace(tmp_path, min_free_bytes=free * 2).check_room()


async def test_a_lost_folder_comes_back_with_the_next_check(workspace: FileWorkspace, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    await workspace.check_room()
    assert (tmp_path / "data" / "originals").is_dir()


def test_a_data_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        FileWorkspace(tmp_path / "file")


@pytest.mark.parametrize(
    ("code", "error"),
    [(errno.ENOSPC, NoRoom), (errno.EDQUOT, NoRoom), (errno.EROFS, NoRoom), (errno.EIO, StorageError)],
    ids=["full", "over quota", "read-only", "broken"],
)
async def test_a_disk_that_fails_while_syncing_is_reported_and_leaves_no_half_picture(
    code: int,
    error: type[Exception],
    workspace: FileWorkspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_job: JobMaker,
) -> None:
    """A real disk cannot be made to fail everywhere, so the one system call is replaced."""

    def fail(file: int) -> None:
        raise OSError(code, os.strerror(code))

    name = workspace.new_name(make_job("1"), "original")
    workspace.part(name).write_bytes(b"video")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(error) as caught:
            await workspace.keep_picture(JobId("1"), b"jpeg")
        assert type(caught.value) is error
        assert await workspace.adopt(workspace.part(name), name) == 5
        with pytest.raises(error):
            await workspace.settle(name)
    assert files(tmp_path / "data") == {name}
    assert await workspace.adopt(workspace.part(name), name) == 5


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
async def test_a_really_full_device_is_no_room(workspace: FileWorkspace) -> None:
    workspace.part("pictures/1.jpg").symlink_to("/dev/full")
    with pytest.raises(NoRoom, match="is full"):
        await workspace.keep_picture(JobId("1"), b"jpeg")


async def test_the_note_of_a_download_goes_with_its_part(
    workspace: FileWorkspace, make_job: JobMaker
) -> None:
    name = workspace.new_name(make_job("1"), "original")
    part = workspace.part(name)
    note = part.with_name(part.name + ".note")
    for end in ("adopted", "discarded"):
        part.write_bytes(b"video")
        note.write_text("{}")
        if end == "adopted":
            await workspace.adopt(part, name)
        else:
            await workspace.discard([name])
        assert not note.exists(), end


async def test_the_files_of_jobs_are_listed_by_kind(
    workspace: FileWorkspace, tmp_path: Path, make_job: JobMaker
) -> None:
    job = make_job("1423-a", short_id="7F3K9")
    for kind in ("original", "fitted", "still"):
        name = workspace.new_name(job, kind)
        workspace.path(name).write_bytes(b"12345")
        workspace.part(name).write_bytes(b"123")
    picture = await workspace.keep_picture(job.id, b"jpeg")
    (tmp_path / "data" / "originals" / "notes.txt").write_text("not ours")
    (tmp_path / "data" / "originals" / "folder.mp4").mkdir()
    stored = await workspace.stored()
    assert {file.job_id for file in stored} == {"1423-a"}
    assert {(file.name, file.kind.value, file.size) for file in stored} == {
        ("originals/7F3K9-1423-a.mp4", "original", 5),
        ("originals/7F3K9-1423-a.part.mp4", "part", 3),
        ("fitted/7F3K9-1423-a.mp4", "copy", 5),
        ("fitted/7F3K9-1423-a.part.mp4", "part", 3),
        ("fitted/7F3K9-1423-a.jpg", "copy", 5),
        ("fitted/7F3K9-1423-a.part.jpg", "part", 3),
        (picture, "picture", 4),
    }
    await workspace.remove([file.name for file in stored])
    await workspace.remove([file.name for file in stored])
    assert files(tmp_path / "data") == {"originals/notes.txt"}


@pytest.mark.parametrize(
    "name", ["", "x.mp4", "originals/../x.mp4", "originals/notes.txt", "../originals/a.mp4", "data/a.mp4"]
)
async def test_only_files_of_jobs_are_removed(name: str, workspace: FileWorkspace) -> None:
    with pytest.raises(StorageError, match="is not a file of this workspace"):
        await workspace.remove([name])


async def test_a_disk_with_free_bytes_that_takes_nothing_has_no_room(
    workspace: FileWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, over a quota, without inodes: only writing tells. Also tested on a real small disk."""

    def refuse(path: Path, data: bytes) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(NoRoom, match="read-only") as caught:
        await workspace.check_room()
    assert caught.value.code is Code.DISK_READ_ONLY


async def test_looking_for_room_leaves_nothing_behind(workspace: FileWorkspace, tmp_path: Path) -> None:
    await workspace.check_room()
    assert files(tmp_path / "data") == set()
