"""Takes the pictures of the guide: `make screenshots`. Serves Anyshire as at a fixed day and walks it in Chromium."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
DAY = "2026-11-20"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DESKTOP, PHONE = {"width": 1180, "height": 820}, {"width": 375, "height": 740}


@dataclass(frozen=True)
class Picture:
    """One picture: its file, whose page it shows, how to get there from home (texts of links), and how much of it."""

    name: str
    role: str
    path: str
    links: tuple[str, ...] = ()
    height: int = 900
    phone: bool = False
    scroll_to: str = ""


QUARTER = "/reports/thematic?since=2026-09-01&until=2026-11-20&kind=monthly"
TAKEN = (
    Picture("home", "manager", "/", height=820),
    Picture("tasks", "manager", "/", ("Whole case",), 900),
    Picture("domain", "manager", "/", ("Whole case", "Management oversight and supervision"), 1150),
    Picture(
        "judgement",
        "manager",
        "/",
        ("Whole case", "Management oversight and supervision"),
        900,
        scroll_to="Your judgement",
    ),
    Picture("conversation", "manager", "/", ("Whole case", "The conversation"), 900),
    Picture("my-view", "worker", "/", ("What happens, and your own view",), 1100),
    Picture("my-view-phone", "worker", "/", ("What happens, and your own view",), 740, phone=True),
    Picture("actions", "manager", "/actions/", (), 760),
    Picture("cases", "qa", "/cases", (), 820),
    Picture("names", "qa", "/cases/names", (), 760),
    Picture("templates", "qa", "/library/", (), 860),
    Picture("report", "qa", QUARTER, (), 1250),
    Picture("people", "admin", "/people/", (), 820),
    Picture("settings", "admin", "/council/", (), 620),
)


def main() -> None:
    """Build, serve, and take every picture."""
    with tempfile.TemporaryDirectory() as instance:
        environment = {**os.environ, "AUDITAPP_INSTANCE": instance}
        made = [sys.executable, "-m", "auditapp", "demo", "council", "--today", DAY]
        subprocess.run(made, env=environment, check=True)
        os.environ["AUDITAPP_INSTANCE"] = instance

        from auditapp import create_app
        from auditapp.demo import place

        app = create_app()
        app.open_rooms()
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        _walk(f"http://127.0.0.1:{server.effective_port}", place.PASSWORD)
        server.close()


def _walk(address: str, password: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for role in dict.fromkeys(picture.role for picture in TAKEN):
            context = chromium.new_context(viewport=DESKTOP)
            page = context.new_page()
            page.goto(f"{address}/sign-in")
            page.get_by_label("Email address").fill(f"{role}@anyshire.example")
            page.get_by_label("Password", exact=True).fill(password)
            page.get_by_role("button", name="Sign in").click()
            for picture in (one for one in TAKEN if one.role == role):
                _take(page, address, picture)
            context.close()
        chromium.close()


def _take(page: Page, address: str, picture: Picture) -> None:
    size = PHONE if picture.phone else DESKTOP
    page.set_viewport_size({"width": size["width"], "height": picture.height})
    page.goto(address + picture.path)
    for link in picture.links:
        page.get_by_role("main").get_by_role("link", name=re.compile(f"^{re.escape(link)}")).first.click()
        page.wait_for_load_state()
    if picture.scroll_to:
        page.get_by_role("heading", name=picture.scroll_to).first.evaluate("heading => heading.scrollIntoView()")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    print(f"{picture.name}.png")


if __name__ == "__main__":
    main()
