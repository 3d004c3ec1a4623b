"""LibreOffice without a window: installed when it is missing, and asked to convert files."""

import shutil
import subprocess
import sys
from pathlib import Path

# The programs that come with each package.
PACKAGES = {
    "localc": "libreoffice-calc",
    "lowriter": "libreoffice-writer",
    "loimpress": "libreoffice-impress",
}
INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
CONVERSION_SECONDS = 300


def office() -> str:
    """The path of LibreOffice."""
    missing = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if missing:
        for command in (["apt-get", "update", "-qq"], [*INSTALL, *missing]):
            subprocess.run(command, capture_output=True, check=False)
    found = shutil.which("soffice")
    if not found or not all(map(shutil.which, PACKAGES)):
        sys.exit(f"LibreOffice is missing, and it cannot be installed: {' '.join(missing)}")
    return found


def convert(soffice: str, files: list[Path], kind: str, folder: Path, *options: str) -> str:
    """Converts files to another format, with a profile of its own; returns its other output."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", *options, "--convert-to", kind]
    done = subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=CONVERSION_SECONDS,
    )
    # It reports each file that it converts on one stream, and what it cannot read on the other, and that
    # there is no Java, which converting does not need.
    said = "\n".join(line for line in done.stderr.splitlines() if "javaldx" not in line).strip()
    return said if done.returncode == 0 else f"exit code {done.returncode}: {said}"
