"""The two printed forms of a report: a page to open in a browser, and a PDF set by Typst.

What people wrote reaches Typst as data only, in `sys.inputs`: the layout reads it and never takes it for markup, so no
text can read a file or change the page. Letters that no font of this machine has are named in words, never drawn as
boxes. The same facts give the same bytes.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.exports.charts import Chart, fonts
from bot.exports.tidy import printable
from bot.words import TEMPLATES, UTC_READER, words

# A country's report, and the region's synthesis: the template of the page, and the layout of the PDF beside it.
COUNTRY, REGION = "exports/country", "exports/region"
# Millimetres.
CHART_WIDTH, CHART_HIGHEST = 130, 225
Beside = Mapping[str, Sequence[Chart]]
"""Pictures by the code of the question beside whose table they stand."""
# A compiler keeps what it has read of the fonts; one at a time is quick enough.
_setting = threading.Lock()


def to_html(kind: str, facts: Mapping[str, Any], charts: Sequence[Chart] = (), beside: Beside | None = None) -> bytes:
    """The page: it stands alone, with its pictures in it, and prints on A4.

    Args:
        kind: COUNTRY or REGION; the template is `<kind>.html.j2`.
        charts: those of the whole.
        beside: those that stand beside the table of one question, by its code.
    """
    drawn = {
        "charts": [_inside(chart) for chart in charts],
        "beside": {code: [_inside(chart) for chart in each] for code, each in (beside or {}).items()},
    }
    return words().render(kind, "html", {**facts, **drawn}, UTC_READER).encode("utf-8") + b"\n"


def _inside(chart: Chart) -> dict[str, Any]:
    png = base64.b64encode(chart.png).decode()
    return {"png": png, "alt": chart.alt, "width": chart.width, "height": chart.height}


def to_pdf(kind: str, facts: Mapping[str, Any], charts: Sequence[Chart] = (), beside: Beside | None = None) -> bytes:
    """The PDF: A4, with bookmarks and tags for readers of screens.

    Args:
        kind: COUNTRY or REGION; the layout is `<kind>.typ`.
        facts: JSON, with the day it is of as `on`.
        charts, beside: as of `to_html`.
    """
    used = fonts.fonts_for("".join(_texts(facts)))
    shown = _shown(facts, used.lacking)
    shown |= {"fonts": list(used.families), "lacking": lacking(facts)}
    shown["charts"] = [_numbers(chart) for chart in charts]
    shown["beside"] = {code: [_numbers(chart) for chart in each] for code, each in (beside or {}).items()}
    compiled = datetime.fromisoformat(facts["on"]).replace(tzinfo=UTC)
    with _setting:
        made = _compiler(kind).compile(
            format="pdf", sys_inputs={"data": json.dumps(shown, ensure_ascii=False, sort_keys=True)}, timestamp=compiled
        )
    return cast("bytes", made)


def _numbers(chart: Chart) -> dict[str, Any]:
    """Typst takes the bytes of a picture as numbers."""
    return {"png": list(chart.png), "alt": chart.alt, "height": _tall(chart)}


def _tall(chart: Chart) -> float:
    """How high a picture stands on the page, in millimetres: as wide as reads well, and no higher than a page."""
    return min(CHART_WIDTH * chart.height / chart.width, CHART_HIGHEST)


def lacking(facts: Mapping[str, Any]) -> list[str]:
    """The scripts in the facts that cannot be drawn here, each with the font package that has one."""
    return [f"{script.name} ({script.package})" for script in fonts.scripts_lacking(_texts(facts))]


@cache
def _compiler(kind: str) -> Any:
    """Typst with the layout, the fonts of the system, and the one that comes with Matplotlib."""
    import matplotlib
    import typst

    bundled = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return typst.Compiler(
        str(TEMPLATES / f"{kind}.typ"), root=str((TEMPLATES / kind).parent), font_paths=[str(bundled)]
    )


def _texts(facts: object) -> Iterator[str]:
    if isinstance(facts, str):
        yield printable(facts)
    elif isinstance(facts, Mapping):
        for each in cast("Mapping[str, object]", facts).values():
            yield from _texts(each)
    elif isinstance(facts, list):
        for each in cast("list[object]", facts):
            yield from _texts(each)


def _shown(facts: Mapping[str, Any], without: frozenset[str]) -> dict[str, Any]:
    """The facts as they are drawn: where letters have no font, the name of their script stands in brackets."""
    if not without:
        return cast("dict[str, Any]", _each(facts, printable))
    letters = f"[{re.escape(''.join(sorted(without)))}]"
    missing = re.compile(f"{letters}(?:[\\s\u200b-\u200d]*{letters})*")
    return cast("dict[str, Any]", _each(facts, lambda text: missing.sub(_named, printable(text))))


def _named(found: re.Match[str]) -> str:
    """What stands in the place of letters without a font: their script, or what a single sign is called."""
    scripts = fonts.scripts_lacking([found[0]])
    return f"[{scripts[0].name if scripts else unicodedata.name(found[0][0], 'sign').lower()}]"


def _each(value: object, do: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return do(value)
    if isinstance(value, Mapping):
        return {key: _each(item, do) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_each(item, do) for item in cast("list[object]", value)]
    return value
