"""`python docs/pictures.py`: the pictures of the review desk in docs/, of the sample articles; needs Chromium and its driver.

Two reviewers, kim and lee, first judge what the queue shows them, in the browser.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

DOCS = Path(__file__).parent
COMMAND = [sys.executable, "-c", "from crossquote.cli import main; main()"]
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync --hide-scrollbars"
WAIT = 0.5
KEYS = {"kim": "nxxnxnxxnxnn", "lee": "xxxxxxnx"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as `docs/review-NAME.png`: its address under the desk's, the window's height, and how it is looked at."""

    name: str
    path: str
    height: int = 900
    dark: bool = False
    width: int = 1280


PICTURES = (
    Picture("queue", "/?label=conflict&reviewed=all"),
    Picture("queue-dark", "/?label=conflict&reviewed=all", dark=True),
    Picture("verdict", "{verdict}", 840),
    Picture("verdict-dark", "{verdict}", 840, dark=True),
    Picture("phone", "{verdict}", 844, dark=True, width=390),
    Picture("speaker", "{speaker}", 1100),
    Picture("story", "{story}", 1100),
    Picture("outlets", "/outlets", 480),
    Picture("quality", "/quality"),
)


@contextmanager
def review(database: Path, reviewer: str) -> Iterator[str]:
    """The desk of one person; yields the address that lets one in."""
    arguments = ["review", "--db", str(database), "--no-browser", "--reviewer", reviewer]
    with subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stderr is not None  # noqa: S101 - asked for above
        try:
            yield next(word for line in process.stderr for word in line.split() if word.startswith("http"))
        finally:
            process.terminate()


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """A browser of its own."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    browser = Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
    try:
        yield browser
    finally:
        browser.quit()


def judge(browser: Chrome, address: str, keys: str) -> str:
    """Open the desk and judge what it shows, one key a verdict; returns the desk's address."""
    browser.get(address)
    site = "/".join(browser.current_url.split("/")[:3])
    browser.get(f"{site}{first(browser, site, '/?label=conflict', 'verdicts')}")
    for key in keys:
        time.sleep(WAIT)
        browser.find_element(By.TAG_NAME, "body").send_keys(key)
    time.sleep(WAIT)
    return site


def first(browser: Chrome, site: str, page: str, kind: str) -> str:
    """The path of the first page of a kind that a page leads to."""
    browser.get(f"{site}{page}")
    found = browser.find_element(By.CSS_SELECTOR, f'main a[href^="/{kind}/"]').get_attribute("href") or ""
    return found.removeprefix(site)


def take(browser: Chrome, site: str, one: Picture, path: str) -> None:
    """One picture."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if one.dark else "light"}
    size = {"width": one.width, "height": one.height, "deviceScaleFactor": 1, "mobile": one.width < 600}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(f"{site}{path}")
    time.sleep(WAIT)
    found = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
    (DOCS / f"review-{one.name}.png").write_bytes(base64.b64decode(found))


def main() -> None:
    """Run the samples, judge, look."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "samples.db"
        run = [*COMMAND, "run", "--direct", "--db", str(database), str(DOCS.parent / "samples" / "articles")]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        for reviewer, keys in reversed(KEYS.items()):
            with review(database, reviewer) as address, chromium(Path(folder) / reviewer) as browser:
                site = judge(browser, address, keys)
                if reviewer == "kim":
                    paths = {
                        "verdict": first(browser, site, "/?label=conflict&reviewed=all", "verdicts"),
                        "speaker": first(browser, site, "/speakers", "speakers"),
                        "story": first(browser, site, "/stories", "stories"),
                    }
                    for one in PICTURES:
                        take(browser, site, one, one.path.format_map(paths))


if __name__ == "__main__":
    main()
