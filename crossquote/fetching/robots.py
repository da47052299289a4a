"""robots.txt (RFC 9309): what a host lets us fetch, and how slowly. Read once a day and host."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from protego import Protego

from crossquote.fetching.values import Want
from verifier.fetching import RobotsFile

ROBOTS = Want("robots", "text/plain, */*;q=0.1", ("text/", "application/"), 512_000)
SLOWEST = 60.0
"""A host that asks for longer pauses is asked this rarely; fewer of its pages are read in a run."""


class Robots:
    """The files that are known, by origin, shared by all threads."""

    def __init__(self, agent: str, known: Iterable[RobotsFile] = ()) -> None:
        self._agent = agent
        self._files = {one.origin: one for one in known}
        self._rules: dict[str, Protego] = {}
        self._learned: list[RobotsFile] = []

    def known(self, origin: str) -> RobotsFile | None:
        """The file of an origin, if it is still good."""
        found = self._files.get(origin)
        return found if found is not None and found.fresh else None

    def learn(self, file: RobotsFile) -> None:
        """Remember a file that a host answered with."""
        self._files[file.origin] = file
        self._rules.pop(file.origin, None)
        self._learned.append(file)

    def take_learned(self) -> list[RobotsFile]:
        """The files that are new since the last call."""
        return [self._learned.pop(0) for _ in range(len(self._learned))]

    def allows(self, file: RobotsFile, url: str) -> bool:
        """Whether the host lets us fetch this address; one without a file lets everybody."""
        return file.status >= 400 or bool(self._rules_of(file).can_fetch(url, self._agent))

    def delay(self, file: RobotsFile) -> float:
        """The pause that it asks for, in seconds, 0 if for none."""
        if file.status >= 400:
            return 0.0
        rules = self._rules_of(file)
        rate = rules.request_rate(self._agent)
        asked = [float(rules.crawl_delay(self._agent) or 0.0)]
        asked += [rate.seconds / rate.requests] if rate and rate.requests else []
        return min(max(asked), SLOWEST)

    def _rules_of(self, file: RobotsFile) -> Protego:
        found = self._rules.get(file.origin)
        if found is None:
            found = self._rules[file.origin] = Protego.parse(file.body)
        return found


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
