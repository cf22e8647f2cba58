"""Whose data folder it is: the originals of another machine's name would be swept as leftovers."""

import contextlib
from pathlib import Path

from bot.domain.disk import disk_error
from bot.domain.errors import ConfigError
from bot.domain.home import Home

MARK = "machine.txt"


def mark_folder(data_dir: Path, home: Home) -> None:
    """Write the machine's name into a folder of its own, once. Blocks: not for the event loop.

    Raises:
        ConfigError: the folder belongs to another machine, or this one has been given another name.
        NoRoom, StorageError: the disk failed.
    """
    if home.shared:
        return
    mark = data_dir / MARK
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), mark.open("x", encoding="utf-8") as file:
            file.write(home.machine)
        owner = mark.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise disk_error(error, f"{mark} cannot be used") from error
    if owner != home.machine:
        raise ConfigError(
            f"the files in {data_dir} belong to the machine {owner!r}, and this one is {home.machine!r}: set "
            f"MACHINE={owner} if it is the same one, else give it a DATA_DIR of its own"
        )
