"""What is at a path: files, folders and links with their contents and permissions."""

import hashlib
import os
import shutil
import stat
from pathlib import Path


def snapshot(path: Path) -> dict[str, str]:
    """Every file, folder and link at and below a path: its kind, and its content's digest; {} for none."""
    if path.is_symlink() or not path.is_dir():
        return {"": described(path)} if os.path.lexists(path) else {}
    found = {"": "folder"}
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            inner = Path(folder, name)
            found[str(inner.relative_to(path))] = described(inner)
    return found


def described(path: Path) -> str:
    """A file's kind and content, without its rights."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"link to {os.readlink(path)}"
    if stat.S_ISDIR(mode):
        return "folder"
    return hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else "device"


def rights(path: Path) -> dict[str, tuple[int, int]]:
    """The rights and the group of everything at and below a path."""
    found = {}
    for inner in [path, *(path.rglob("*") if path.is_dir() else [])]:
        status = inner.lstat()
        found[str(inner.relative_to(path.parent))] = (stat.S_IMODE(status.st_mode), status.st_gid)
    return found


def remove(path: Path) -> None:
    """Removes whatever stands at a path."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def copy(source: Path, target: Path) -> None:
    """Copies a file or a folder, rights and all."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)
