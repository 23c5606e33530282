"""python -m tests.pictures: plays the demo and makes the pictures of the README out of it.

pictures/conversation.svg   some scenes of the demo, as the terminal shows them
pictures/digest.png         the digest's mail, as a browser shows it; needs Chromium, and is left as it is without
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console, RenderableType
from rich.terminal_theme import TerminalTheme

from bot.cli import demo

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
COLUMNS = 80
# Paper, not a black box: it stands on the white and on the dark page of a code host alike.
COLORS = [(178, 34, 34), (18, 102, 74), (150, 100, 0), (31, 95, 168), (128, 60, 128), (0, 110, 120)]
THEME = TerminalTheme((252, 252, 250), (38, 44, 48), [(60, 66, 70), *COLORS, (110, 116, 120)])
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# So high that it ends between two parts of the chart.
MAIL_WIDTH, MAIL_HEIGHT = 680, 1425


class Recorder(demo.Screen):
    """The demo's screen, which remembers what each scene showed."""

    scenes: dict[str, list[RenderableType]] = defaultdict(list)  # noqa: RUF012 - one demo a process

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._now = ""

    def show(self, *what: RenderableType) -> None:
        """Print, and remember."""
        self.scenes[self._now] += what
        super().show(*what)

    def scene(self, label: str, **facts: object) -> None:
        """A new scene begins, with its heading."""
        self._now = label
        super().scene(label, **facts)


def conversation(scenes: dict[str, list[RenderableType]]) -> Sequence[RenderableType]:
    """An answer as people type it, and a year that is asked back; each scene under its rule."""
    asked, back = scenes["demo_one_by_one"], scenes["demo_asked_back"]
    typed = next(at for at, what in enumerate(asked) if "11,3" in plain(what))
    return [asked[1], *asked[typed : typed + 2], *back]


def plain(what: RenderableType) -> str:
    """What it says, without its looks."""
    console = Console(width=COLUMNS)
    with console.capture() as said:
        console.print(what)
    return said.get()


def draw(what: Sequence[RenderableType], file: Path, title: str) -> None:
    """Draw on a terminal that nobody sees; write it as SVG that fetches nothing from anywhere."""
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, highlight=False, force_terminal=True)
        console.print(*what, sep="\n")
    head, _, rest = CONSOLE_SVG_FORMAT.partition("@font-face")
    code_format = head + ".{unique_id}-matrix" + rest.partition(".{unique_id}-matrix")[2]
    code_format = code_format.replace(
        "Fira Code, monospace", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"
    )
    console.save_svg(str(file), title=title, theme=THEME, code_format=code_format, unique_id="spnet")


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
    """Play, and draw."""
    demo.Screen = Recorder  # type: ignore[misc]
    demo.demo()
    PICTURES.mkdir(exist_ok=True)
    draw(conversation(Recorder.scenes), PICTURES / "conversation.svg", "spnet demo")
    if not photograph(demo.FOLDER / "digest.html", PICTURES / "digest.png"):
        sys.stderr.write("No Chromium here: pictures/digest.png stays as it is.\n")


if __name__ == "__main__":
    main()
