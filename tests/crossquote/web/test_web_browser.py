"""A day at the desk in a real Chromium: log in, filter, read, judge by keys, undo, comment, work as a team, log out."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from sqlalchemy import Engine

from crossquote.cli.desk import _listening
from crossquote.web.app import create_app
from tests.crossquote.web.desks import PASSWORD, desk, fill

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PATIENCE = 60
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,900"
)


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    """A desk that answers on a free port."""
    fill(engine)
    with _listening("127.0.0.1", 0) as listener:
        config = uvicorn.Config(create_app(desk(engine)), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chrome]:
    """A Chromium with a profile of its own, which keeps what its console says."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    found, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert found, "install Chromium: apt-get install chromium chromium-driver"
    assert driver, "install its driver: apt-get install chromium-driver"
    options = ChromeOptions()
    options.binary_location = found
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = Chrome(options=options, service=Service(driver))
    made.set_page_load_timeout(PATIENCE)
    yield made
    made.quit()


def until(browser: Chrome, met: Callable[[Chrome], Any]) -> Any:
    """Wait for a condition; a page that is replaced meanwhile is looked at again."""
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException

    ignored = (StaleElementReferenceException, WebDriverException)
    return WebDriverWait(browser, PATIENCE, ignored_exceptions=ignored).until(met)


def heading(browser: Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "h1").text


def press(browser: Chrome, key: str) -> None:
    browser.find_element(By.TAG_NAME, "body").send_keys(key)


def log_in(browser: Chrome, site: str, name: str) -> None:
    browser.get(f"{site}/login")
    browser.find_element(By.ID, "name").send_keys(name)
    browser.find_element(By.ID, "password").send_keys(PASSWORD, Keys.ENTER)
    until(browser, lambda page: heading(page) == "Queue")


def quiet(browser: Chrome) -> None:
    """Nothing was refused or failed in the console."""
    lines = browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert [line for line in lines if line["level"] in ("SEVERE", "WARNING")] == []


def test_a_day(browser: Chrome, site: str, tmp_path: Path) -> None:
    log_in(browser, site, "reviewer")
    assert until(browser, lambda page: page.find_element(By.ID, "count").text) == "2 verdicts, 0 reviewed"

    press(browser, "/")
    search = browser.switch_to.active_element
    assert search.get_attribute("id") == "q"
    search.send_keys("bridge", Keys.ENTER)
    until(browser, lambda page: page.find_element(By.ID, "count").text == "1 verdict, 0 reviewed")
    assert "q=bridge" in browser.current_url
    browser.back()
    until(browser, lambda page: page.find_element(By.ID, "count").text == "2 verdicts, 0 reviewed")

    browser.find_element(By.ID, "start").click()
    until(browser, lambda page: "verdict 1" in heading(page))
    marked = {one.text for one in browser.find_elements(By.CSS_SELECTOR, "blockquote mark.content")}
    assert "the bridge is not safe" in marked
    press(browser, "j")
    until(browser, lambda page: "verdict 2" in heading(page))
    press(browser, "k")
    until(browser, lambda page: "verdict 1" in heading(page))
    press(browser, "s")
    until(browser, lambda page: "verdict 2" in heading(page))
    press(browser, "k")
    until(browser, lambda page: "verdict 1" in heading(page))

    press(browser, "x")
    until(browser, lambda page: "verdict 2" in heading(page))
    press(browser, "u")
    until(browser, lambda page: heading(page) == "Queue")
    browser.get(f"{site}/verdicts/2")
    assert "reviewer holds: unsure" in browser.find_element(By.ID, "held").text
    press(browser, "z")
    until(browser, lambda page: "Nobody has judged" in page.find_element(By.ID, "held").text)
    press(browser, "z")
    until(browser, lambda page: "verdict 1" in heading(page))
    assert "Nobody has judged" in browser.find_element(By.ID, "held").text
    press(browser, "h")
    assert browser.switch_to.active_element.get_attribute("id") == "history"
    assert "undone" in browser.switch_to.active_element.text

    press(browser, "c")
    browser.switch_to.active_element.send_keys("Ask the engineers; x and n are letters here.")
    browser.find_element(By.XPATH, "//button[text()='Add the comment']").click()
    until(browser, lambda page: "Ask the engineers" in page.find_element(By.CSS_SELECTOR, ".comment .text").text)
    two_speakers(browser, site)
    exported(browser, site, tmp_path)
    press(browser, "?")
    until(browser, lambda page: page.find_element(By.ID, "keys").is_displayed())
    press(browser, Keys.ESCAPE)
    until(browser, lambda page: not page.find_element(By.ID, "keys").is_displayed())
    quiet(browser)

    browser.find_element(By.XPATH, "//button[text()='Log out']").click()
    until(browser, lambda page: heading(page) == "Log in")
    browser.get(f"{site}/stories")
    assert heading(browser) == "Log in"


def exported(browser: Chrome, site: str, folder: Path) -> None:
    """Take what a filter finds home as a file."""
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.get(f"{site}/?q=bridge")
    browser.find_element(By.ID, "export").click()
    until(browser, lambda page: heading(page) == "Export")
    browser.find_element(By.XPATH, "//button[text()='Export']").click()
    (file,) = until(browser, lambda _: [*folder.glob("verdicts-*.csv")])
    assert "the bridge is not safe" in file.read_text(encoding="utf-8")


def drawn(browser: Chrome, site: str, place: str) -> int:
    """How many charts a page has drawn, each with something on it."""
    browser.get(f"{site}{place}")
    until(browser, lambda page: page.find_elements(By.TAG_NAME, "canvas"))
    painted = "return [...document.querySelectorAll('canvas')].filter((one) => one.width > 100 && one.getContext('2d')"
    return int(
        browser.execute_script(f"{painted}.getImageData(0, 0, one.width, one.height).data.some((b) => b)).length")
    )


def two_speakers(browser: Chrome, site: str) -> None:
    """Merge two speakers by the keyboard alone, and undo it."""
    browser.get(f"{site}/speakers/1")
    browser.find_element(By.ID, "find").send_keys("engineers", Keys.ENTER)
    until(browser, lambda page: page.find_element(By.ID, "other-2"))
    browser.find_element(By.ID, "other-2").send_keys(Keys.SPACE)
    browser.find_element(By.ID, "merge-reason").send_keys(
        "The mayor is an engineer; x and n are letters here.", Keys.ENTER
    )
    until(browser, lambda page: "one speaker now" in page.find_element(By.CSS_SELECTOR, "[role=status]").text)
    assert heading(browser).endswith("2 statements")
    assert serious(browser) == []
    browser.get(f"{site}/speakers/2")
    assert heading(browser).startswith("Ana Ortiz")
    browser.find_element(By.CSS_SELECTOR, ".history button").send_keys(Keys.ENTER)
    until(browser, lambda page: "undone" in page.find_element(By.CSS_SELECTOR, "[role=status]").text)
    assert heading(browser).endswith("1 statement")
    assert "undone by reviewer" in browser.find_element(By.CSS_SELECTOR, ".history").text


def resumable(browser: Chrome, site: str) -> Any:
    """The link to go on, as soon as the desk has noted what was opened."""
    browser.get(f"{site}/")
    return browser.find_element(By.ID, "resume")


def test_a_day_of_a_team(browser: Chrome, site: str) -> None:
    """Save a filter, assign, ask for a second opinion, judge by key, go on where one left off, decide all, undo it."""
    log_in(browser, site, "admin")
    browser.get(f"{site}/verdicts/1")
    Select(browser.find_element(By.ID, "assignee")).select_by_value("reviewer")
    browser.find_element(By.XPATH, "//button[text()='Assign']").click()
    until(browser, lambda page: "reviewer" in page.find_element(By.ID, "assigned").text)
    press(browser, "x")
    until(browser, lambda page: "verdict 2" in heading(page))
    browser.get(f"{site}/verdicts/1")
    browser.find_element(By.ID, "ask").click()
    until(browser, lambda page: "admin asks" in page.find_element(By.ID, "opinion").text)
    browser.find_element(By.XPATH, "//button[text()='Log out']").click()
    until(browser, lambda page: heading(page) == "Log in")

    log_in(browser, site, "reviewer")
    browser.find_element(By.PARTIAL_LINK_TEXT, "Assigned to you").click()
    until(browser, lambda page: page.find_element(By.ID, "count").text == "1 verdict, 1 reviewed")
    browser.find_element(By.CSS_SELECTOR, "details.keep summary").click()
    browser.find_element(By.ID, "filter-name").send_keys("My items", Keys.ENTER)
    until(browser, lambda page: page.find_element(By.LINK_TEXT, "My items"))
    browser.find_element(By.ID, "start").click()
    until(browser, lambda page: "verdict 1" in heading(page))
    assert "admin has judged this" in browser.find_element(By.ID, "held").text
    press(browser, "/")
    search = browser.switch_to.active_element
    assert search.get_attribute("id") == "search-all"
    search.send_keys("bridge", Keys.ENTER)
    until(browser, lambda page: heading(page) == "Search" and page.find_element(By.ID, "in-queue")).click()
    until(browser, lambda page: page.find_element(By.ID, "count").text.startswith("1 verdict,"))
    until(browser, lambda page: resumable(page, site)).click()
    until(browser, lambda page: "verdict 1" in heading(page) and "assigned=me" in page.current_url)
    press(browser, "n")
    until(browser, lambda page: heading(page) == "Queue")

    browser.get(f"{site}/?label=all&reviewed=all")
    browser.find_element(By.ID, "bulk").click()
    until(browser, lambda page: heading(page) == "Decide 2 verdicts at once")
    assert serious(browser) == []
    browser.find_element(By.CSS_SELECTOR, "input[value=agree]").click()
    browser.find_element(By.CSS_SELECTOR, "#decide button").click()
    until(browser, lambda page: "2 of these" in page.find_element(By.ID, "holding").text)
    assert serious(browser) == []
    press(browser, "z")
    browser.find_element(By.ID, "undo-bulk").click()
    until(browser, lambda page: "Undone by reviewer" in page.find_element(By.CSS_SELECTOR, ".notice").text)
    browser.get(f"{site}/verdicts/1")
    assert "reviewer holds: neither" in browser.find_element(By.ID, "held").text
    assert [drawn(browser, site, place) for place in ("/quality", "/speakers/1")] == [2, 1]
    assert serious(browser) == []
    quiet(browser)


PLACES = (
    "/ /verdicts/1 /verdicts/2 /search?q=bridge /articles/3 /stories /stories/1 /stories/1/print /speakers "
    "/speakers/1 /speakers/1?choose=1&find=engineers /runs /outlets /quality /team /bulk /export /audit /tokens"
)


def test_every_page_in_light_and_dark_and_on_a_phone(browser: Chrome, site: str) -> None:
    """axe-core finds nothing serious, nothing hostile ran, nothing is wider than the screen."""
    log_in(browser, site, "admin")
    for scheme, width in (("light", 1280), ("dark", 390)):
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for place in PLACES.split():
            browser.get(f"{site}{place}")
            assert serious(browser) == [], f"{place} in {scheme}"
            widest = browser.execute_script("return document.documentElement.scrollWidth")
            assert widest <= width, f"{place} at {width}"
    quiet(browser)


def serious(browser: Chrome) -> list[str]:
    """What axe-core calls serious or critical."""
    browser.execute_script(AXE)
    browser.set_script_timeout(PATIENCE)
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run(document).then((found) => done(found.violations.map((one) => "
        "[one.impact, one.id, one.nodes.map((node) => node.target.join(' ')).join('; ')])))"
    )
    return [f"{rule}: {where}" for impact, rule, where in found if impact in ("serious", "critical")]
