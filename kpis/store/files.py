"""Files that survive a power cut: cheap copies, atomic writes, system errors as StoreError."""

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
_MEGABYTE = 1 << 20
_FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file (btrfs, xfs)


def convert_os_error(error: OSError, path: Path) -> StoreError:
    """Return a failure of the system at `path` as an error that says what to do next."""
    if error.errno in _FULL_ERRNOS:
        return build_full_disk_error(path)
    if error.errno in _FORBIDDEN_ERRNOS:
        return StoreError(
            "{path} cannot be read or written. Give this user permission for its folder, or choose another "
            "location with --database; the figures published so far are kept.",
            path=path,
        )
    return build_unusable_error(path, error.strerror or str(error))


def build_full_disk_error(path: Path) -> StoreError:
    """Return the error for a full disk while `path` was written."""
    return StoreError(
        "The disk is full: {path} could not be written. Free some space and run it again; "
        "the figures published so far are kept.",
        path=path,
    )


def build_unusable_error(path: Path, reason: str) -> StoreError:
    """Return the error for any other failure at `path`."""
    return StoreError(
        "{path} could not be used: {reason}. The figures published so far are kept.",
        path=path,
        reason=reason,
    )


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """Convert every OSError raised inside into a StoreError that names `path`."""
    try:
        yield
    except OSError as error:
        raise convert_os_error(error, path) from error


def require_free_space(folder: Path, size: int) -> None:
    """Raise StoreError if the disk of an existing folder has less than `size` bytes free: asked before work begins."""
    with as_store_error(folder):
        free = shutil.disk_usage(folder).free
    if free < size:
        text = "The disk has only {free} MB free and {size} MB are needed, so nothing was begun. Make room first."
        raise StoreError(text, free=free // _MEGABYTE, size=size // _MEGABYTE)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file by sharing its blocks if the file system can, else in the kernel, else in Python."""
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
    except OSError:  # the file system cannot share blocks: the next way is tried
        return False
    return True


def _try_kernel_copy(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    left = os.fstat(source).st_size
    try:
        while left > 0:
            copied = os.copy_file_range(source, target, left)
            if copied == 0:
                return False
            left -= copied
    except OSError as error:
        if error.errno in _FULL_ERRNOS:
            raise
        return False
    return True


def fsync_file(path: Path) -> None:
    """Wait until the bytes of a file are on the disk."""
    # Windows flushes only files that are open for writing.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does this by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: Path, data: bytes, mode: int | None = None) -> None:
    """Replace a file so that a reader, even after a kill, sees either the old bytes or the new ones.

    `mode`: who may use it; None for what the system gives a new file.
    """
    try:
        with get_temporary_path(path).open("wb") as file:
            if mode is not None:
                get_temporary_path(path).chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace_file(get_temporary_path(path), path)
    except OSError as error:
        with suppress(OSError):
            get_temporary_path(path).unlink(missing_ok=True)
        raise convert_os_error(error, path) from error


def append_lines(path: Path, lines: bytes, mode: int = 0o666) -> int:
    """Add complete lines, wait until they are on the disk, and return the size of the file; OSError if that fails.

    After half a line of a process that was killed they begin on a line of their own. `mode` is that of a new file.
    Only the holder of the file's lock may call it.
    """
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode)
    with os.fdopen(handle, "ab+") as file:
        if size := file.seek(0, os.SEEK_END):
            file.seek(size - 1)
            lines = lines if file.read(1) == b"\n" else b"\n" + lines
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    if is_new:
        fsync_folder(path.parent)
    return size


def write_best_effort(path: Path, text: str) -> None:
    """Replace a file that may be lost, such as a cache; a reader sees the old text or the new one.

    Several processes may do so at once; unlike `write_atomic` it does not wait for the disk. Raises OSError.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def get_temporary_path(path: Path) -> Path:
    """Return the path that `write_atomic` writes before it renames it."""
    return path.with_name(f"{path.name}.new")


def replace_file(source: Path, target: Path) -> None:
    """Rename `source` to `target`, replacing it, and make the new name durable."""
    # Windows cannot replace a file that a reader has open; readers of the pointer hold it only briefly.
    for pause in (0.01, 0.05, 0.25, 1.0) if sys.platform == "win32" else ():
        with suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(pause)
    source.replace(target)
    fsync_folder(target.parent)
