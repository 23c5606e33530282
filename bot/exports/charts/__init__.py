"""Pictures of what the network reported. Drawn in a worker thread, from values that were read before; pure.

drawing.py   the page that all are drawn on, its marks, the file    fonts.py     which font draws a text
moved.py     the digest's picture: what moved
"""

from bot.exports.charts.drawing import Chart
from bot.exports.charts.moved import draw, forget, moved_chart, moved_picture

__all__ = ["Chart", "draw", "forget", "moved_chart", "moved_picture"]
