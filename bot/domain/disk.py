"""What a disk's refusal means: it passes when the owner makes room, or something is broken."""

import errno

from bot.domain.codes import Code
from bot.domain.errors import NoRoom, StorageError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def disk_error(error: OSError, what: str) -> NoRoom | StorageError:
    """Return `NoRoom` where waiting helps, else `StorageError`; `what` begins the sentence for the log."""
    reason = error.strerror or str(error)
    if error.errno in _FULL:
        return NoRoom(f"{what}: the disk is full ({reason})")
    if error.errno in _READ_ONLY:
        return NoRoom(f"{what}: the disk is read-only ({reason})", code=Code.DISK_READ_ONLY)
    return StorageError(f"{what}: {reason}")
