"""What a browser meets. PAGES: every conversation that happens on a page, one file each.

server.py     the small web server: health, the pages, and Slack's events in http mode
desk.py       what every page needs
"""

from handlers.pages import address, answer, clear, erratum, evidence, floors, progress, scan, stopping
from handlers.pages.desk import PageDesk

PAGES = (stopping, address, answer, clear, floors, scan, evidence, erratum, progress)

__all__ = ["PAGES", "PageDesk"]
