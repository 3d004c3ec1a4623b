"""Other file systems: scripts that run with their own mounts, and what they found.

Mounting needs root or user namespaces.
"""

import subprocess

from jobs import Job
from places import Place
from running import Ended, last_line


class Found(dict[str, list[str]]):
    """What a script printed, by the first word of its lines."""

    def __missing__(self, key: str) -> list[str]:
        return []


def mounting() -> list[str]:
    """How to run a command that may mount; nothing when that is not allowed."""
    for command in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        try:
            tried = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
        except FileNotFoundError:
            return []
        if tried.returncode == 0:
            return command
    return []


def mounted(
    place: Place,
    job: Job,
    unshare: list[str],
    script: str,
    command: list[str],
    more: dict[str, str] | None = None,
) -> tuple[Found, Ended]:
    """Runs a script with its own mounts: what was found, and how the program ended, by its exit code."""
    place.clear()
    variables = {
        "T": str(place.target(job)),
        "OUT": str(place.out),
        "OLD": str(place.folder / "old"),
        "FRIST": str(place.binary),
    } | (more or {})
    settings = [f"{name}={value}" for name, value in variables.items()]
    done = place.run([*unshare, "env", *settings, "sh", "-c", f"set +e\n{script}", "sh", *command])
    found = Found()
    for line in done.stdout.splitlines():
        word, _, value = line.partition(" ")
        if word in ("code", "again", "same", "verify", "inside", "beside", "later"):
            found.setdefault(word, []).append(value)
    if found["code"]:
        done.code = int(found["code"][0])
    elif not done.stopped:
        done.stopped = f"the program was not run: {last_line(done.stderr)}"
    return found, done
