"""python -m tests.pictures: sets up the demo and takes the picture of its digest for the README.

pictures/digest.png   the digest's mail, as a browser shows it; needs Chromium, and is left as it is without
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.cli.playing import filling
from bot.config import Pages
from bot.sandbox import Letter

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# So high that it ends between two parts of the chart.
MAIL_WIDTH, MAIL_HEIGHT = 680, 1425


def page_of(letter: Letter, folder: Path) -> Path | None:
    """The HTML of a letter with its chart, as files; None where it has no chart."""
    for part in letter.message.walk():
        if part.get_content_type() == "image/png":
            picture = part.get_payload(decode=True)
            (folder / "chart.png").write_bytes(picture if isinstance(picture, bytes) else b"")
            html = letter.text("html").replace(f"cid:{str(part['Content-ID']).strip('<>')}", "chart.png")
            (folder / "digest.html").write_text(html, encoding="utf-8")
            return folder / "digest.html"
    return None


def photograph(page: Path, file: Path) -> bool:
    """Have a browser show a page and take its picture; False where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return False
    flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--force-device-scale-factor=1"]
    size = f"--window-size={MAIL_WIDTH},{MAIL_HEIGHT}"
    subprocess.run(
        [browser, *flags, size, f"--screenshot={file}", page.resolve().as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return True


def main() -> None:
    """Play, and take the picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "demo")
        asyncio.run(filling.fill(folder, Pages(), lambda _what: None))
        letters = [Letter("", (), file.read_bytes()) for file in sorted((folder / filling.MAIL).glob("*.eml"))]
        page = next(page for letter in letters if "Indonesia" in letter.text() and (page := page_of(letter, folder)))
        if not photograph(page, PICTURES / "digest.png"):
            sys.stderr.write("No Chromium here: pictures/digest.png stays as it is.\n")


if __name__ == "__main__":
    main()
