"""The names of South-East Asia are drawn as they are written: shaped, whole, and cut only between letters."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports.charts import fonts
from bot.exports.charts.drawing import Page
from tests.unit.exports.figures import assert_readable, needs_fonts, size_of, words_of

NAMES = {
    "Khmer": "ព្រះរាជាណាចក្រកម្ពុជា",
    "Lao": "ສາທາລະນະລັດ ປະຊາທິປະໄຕ ປະຊາຊົນລາວ",
    "Thai": "กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์",
    "Burmese": "ပြည်ထောင်စု သမ္မတ မြန်မာနိုင်ငံတော်",
    "Vietnamese": "Bộ Lao động, Thương binh và Xã hội Việt Nam",
    "two scripts": "Cambodia / កម្ពុជា (NSPC)",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_drawn_whole(name: str) -> None:
    needs_fonts(name)
    page = Page(120)
    page.text(18, 30, name, 12.5, wide=560)
    page.text(18, 80, name, 12.5, wide=560, weight="bold", instead="XXX")
    assert words_of(page.figure) == [name, name]
    assert_readable(page.figure)


@pytest.mark.parametrize(
    ("bare", "whole"),
    [
        # A consonant below a consonant, a vowel and a tone above one, a subscript, two signs on one letter.
        ("ក", "ក្ក"),
        ("ທ", "ທີ່"),
        ("ท", "ที่"),
        ("မ", "မ္မ"),
        ("e", "ệ"),
    ],
    ids=["Khmer", "Lao", "Thai", "Burmese", "Vietnamese"],
)
def test_what_is_written_around_a_letter_takes_no_room_beside_it(bare: str, whole: str) -> None:
    """Without shaping each of these signs would stand behind the letter, and the whole would be wider."""
    needs_fonts(whole)
    (narrow, low), (wide, high) = size_of(bare), size_of(whole)
    assert abs(wide - narrow) <= 0.15 * narrow
    assert high > 1.2 * low


def test_a_letter_is_never_cut_from_what_is_written_around_it() -> None:
    assert fonts.clusters("កម្ពុជា") == ["ក", "ម្ពុ", "ជា"]
    assert fonts.clusters("ที่น้ำ") == ["ที่", "น้ำ"]
    assert fonts.clusters("เด็ก") == ["เด็", "ก"]
    assert fonts.clusters("မြန်မာ သမ္မတ") == ["မြ", "န်", "မာ", " ", "သ", "မ္မ", "တ"]


@given(st.text(alphabet="កខគ្រិុាំមបទធนทไเ็่้ำມນໄເີ່a ", max_size=30), st.integers(20, 200))
@settings(max_examples=40, deadline=None)
def test_a_long_name_is_cut_to_its_room_at_the_end_of_a_letter(name: str, wide: int) -> None:
    needs_fonts("កท")
    page = Page(60)
    text = page.text(18, 30, name, 12.5, wide=wide)
    said, whole = text.get_text(), fonts.printable(name)
    if said == whole:
        return
    assert page.right_of(text) <= 18 + wide + 1 or said == "…"
    kept = said.removesuffix("…")
    ends = ["".join(fonts.clusters(whole)[:count]).rstrip() for count in range(len(whole) + 1)]
    assert kept in ends


def test_where_no_font_has_a_script_its_name_and_its_package_are_known() -> None:
    found = fonts.scripts_lacking(["ᥖᥭᥰ", "Indonesia", "Việt Nam", "\U0001f600", "ꦗꦮ"])
    assert all(script.package.startswith("fonts-noto") for script in found)
    assert "Emoji" not in {script.name for script in found}


ALONE = """
import matplotlib.font_manager as system
system.findSystemFonts = lambda *_, **__: []
from bot.exports.charts import fonts
from bot.exports.charts.drawing import Page
print(*[f"{each.name}:{each.package}" for each in fonts.scripts_lacking(["កម្ពុជា ไทย မြန်မာ ລາວ Việt", "社会", "😀"])])
page = Page(100)
drawn = [page.text(18, 30, "កម្ពុជា", 12, instead="KHM"), page.text(18, 60, "Thailand ไทย", 12)]
print([each.get_text() for each in [*drawn, page.text(18, 80, "မြ", 12)]])
from bot.exports.charts import draw
from bot.words import words
row = {"name": "กัมพูชา", "code": "KHM", "last": "1", "last_year": None, "now": "2", "now_year": None, "verdict": ""}
panel = {"title": "Pensions", "unit": "", "direction": "up", "rows": [row]}
print("KHM" in [each.get_text() for each in draw([panel], words()).texts])
"""


def test_on_a_machine_without_these_fonts_the_code_is_written_and_no_boxes() -> None:
    """A machine with no font but the one that comes with Matplotlib, which has Lao and Vietnamese letters."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    lacking, drawn, coded = done.stdout.splitlines()
    assert coded == "True"
    assert lacking.split() == [
        "Burmese:fonts-noto-core",
        "Chinese:fonts-noto-cjk",
        "Khmer:fonts-noto-core",
        "Thai:fonts-noto-core",
    ]
    assert drawn == "['KHM', 'Thailand', '…']"
