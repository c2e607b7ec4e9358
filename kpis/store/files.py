"""Files that survive a power cut: copied cheaply, written whole or not at all, refusals explained."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpis.errors import StoreError

_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN_ERRNOS = {errno.EACCES, errno.EPERM, errno.EROFS}
_FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file (btrfs, xfs)


def convert_os_error(error: OSError, path: Path) -> StoreError:
    """What the system refused at `path`, as a sentence with the next step."""
    if error.errno in _FULL_ERRNOS:
        return StoreError(
            "The disk is full: {path} could not be written. Free some space and run it again; "
            "the figures published so far are kept.",
            path=path,
        )
    if error.errno in _FORBIDDEN_ERRNOS:
        return StoreError(
            "{path} may not be written or read. Give this user the right to its folder, or name another "
            "place with --database; the figures published so far are kept.",
            path=path,
        )
    return StoreError(
        "{path} could not be used: {reason}. The figures published so far are kept.",
        path=path,
        reason=error.strerror or str(error),
    )


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """Turns what the system refuses inside into a StoreError that names `path`."""
    try:
        yield
    except OSError as error:
        raise convert_os_error(error, path) from error


def copy_file(source: Path, target: Path) -> None:
    """A copy that shares its blocks where the file system can, else inside the kernel, else by hand."""
    with source.open("rb") as reader, target.open("wb") as writer:
        if _try_clone(reader.fileno(), writer.fileno()) or _try_kernel_copy(reader.fileno(), writer.fileno()):
            return
        reader.seek(0)
        writer.seek(0)
        shutil.copyfileobj(reader, writer, 1 << 20)


def _try_clone(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    from fcntl import ioctl

    try:
        ioctl(target, _FICLONE, source)
    except OSError:  # another file system, or one that cannot share: the next way is tried
        return False
    return True


def _try_kernel_copy(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    left = os.fstat(source).st_size
    try:
        while left > 0:
            done = os.copy_file_range(source, target, left)
            if done == 0:
                return False
            left -= done
    except OSError as error:
        if error.errno in _FULL_ERRNOS:
            raise
        return False
    return True


def fsync_file(path: Path) -> None:
    """Waits until the bytes of a file are on the disk."""
    # Windows flushes only what is open for writing.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: Path, data: bytes) -> None:
    """Replaces a file so that a reader, or the next run after a kill, sees the old bytes or the new ones."""
    try:
        with get_temporary_path(path).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace_file(get_temporary_path(path), path)
    except OSError as error:
        with suppress(OSError):
            get_temporary_path(path).unlink(missing_ok=True)
        raise convert_os_error(error, path) from error


def write_best_effort(path: Path, text: str) -> None:
    """Writes a memory whole that may be lost: a reader sees the old one or the new one; OSError where not.

    Several processes may do so at once; unlike `write_whole` it waits for no disk.
    """
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def get_temporary_path(path: Path) -> Path:
    """Where `write_whole` writes before it renames."""
    return path.with_name(f"{path.name}.new")


def replace_file(source: Path, target: Path) -> None:
    """Renames over `target` and makes the new name durable."""
    # Windows renames nothing over a file that a reader holds open; readers of a pointer hold it for a moment.
    for pause in (0.01, 0.05, 0.25, 1.0) if sys.platform == "win32" else ():
        with suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(pause)
    source.replace(target)
    fsync_folder(target.parent)
