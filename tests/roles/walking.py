"""Shared by the walk-throughs: running frist as a person does, and reading what it wrote."""

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE_DATA = PROJECT / "sample_data"

Row = dict[str, str]


class Frist:
    """The program, run in a folder."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary, self.folder = binary, folder

    def run(self, *arguments: object, code: int = 0) -> tuple[str, str]:
        """Runs a command that must end with an exit code; returns its output and its messages."""
        command = [str(self.binary), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", check=False)
        told = f"frist {' '.join(command[1:])}: exit code {done.returncode}, not {code}\n{done.stderr}"
        assert done.returncode == code, told
        return done.stdout, done.stderr


class Visible(HTMLParser):
    """What a page shows, and where its links and pictures lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Notes what is not shown, and addresses."""
        self.silent += tag in ("script", "style")
        found = dict(attributes)
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        self.loaded += [found[name] for name in ("src", "data", "xlink:href") if found.get(name)]

    def handle_endtag(self, tag: str) -> None:
        """Ends what is not shown."""
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Notes what is shown."""
        if not self.silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that is shown, with single spaces."""
        return " ".join("".join(self.texts).split())


def page(path: Path) -> Visible:
    """Opens a page."""
    return Visible(path.read_text(encoding="utf-8"))


def rows_of(text: str) -> list[Row]:
    """The rows of a CSV."""
    return list(csv.DictReader(StringIO(text)))


def walk(role: Callable[[Frist], None]) -> None:
    """Walks through a role's work in a folder of its own, with the binary that the first argument names."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} path/to/frist")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        role(Frist(Path(sys.argv[1]).resolve(), Path(name)))
    print(f"{Path(sys.argv[0]).stem}: walked through in {time.monotonic() - begun:.0f} s", flush=True)
