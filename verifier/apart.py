"""Reads articles in a process of its own: one that crashes or hangs there takes nothing with it.

Used only for articles at which an earlier process died, so that the normal way pays nothing. The child is this module;
what goes to and fro is pickled between two of our own processes.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from verifier.ports import Extractor
from verifier.values import Article, Statement

START_SECONDS = 300.0
MARGIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Care:
    """How long one article may take to read, and how often it may fail before it is put aside."""

    article_seconds: int = 120
    tries: int = 3


USUAL_CARE = Care()


@dataclass(frozen=True, slots=True)
class Crash:
    """What became of the process that read an article, in words."""

    reason: str


class Apart:
    """One child at a time, made when it is needed and anew when it has died."""

    def __init__(self, extractor: Extractor, seconds: int) -> None:
        self._extractor = extractor
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None

    def read(self, article: Article) -> list[Statement] | Crash:
        """The statements, the exception that the extractor raised (raised here), or what killed the child."""
        try:
            line = self._started()
            line.send(article)
            if not line.poll(self._seconds + MARGIN_SECONDS):
                self.close()
                return Crash(f"hung for more than {self._seconds} s")
            answer = line.recv()
        except (EOFError, OSError):
            return Crash(self._ended())
        if isinstance(answer, Exception):
            raise answer
        found: list[Statement] = answer
        return found

    def close(self) -> None:
        """End the child, whatever it does."""
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._line = None

    def _started(self) -> Connection[Any, Any]:
        if self._line is not None:
            return self._line
        self._line, theirs = Pipe()
        command = [sys.executable, "-m", "verifier.apart", str(theirs.fileno())]
        places = os.pathsep.join(place for place in sys.path if place)
        environ = {**os.environ, "PYTHONPATH": places}
        self._child = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environ, stdin=subprocess.DEVNULL)  # noqa: S603
        theirs.close()
        try:
            self._line.send((self._extractor, self._seconds))
            ready = self._line.poll(START_SECONDS) and self._line.recv()
        except BaseException:
            self.close()
            raise
        if not ready:
            raise OSError("the child did not start")
        return self._line

    def _ended(self) -> str:
        """How the child died; it has, because its end of the line is closed."""
        code = 0
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._child.wait(MARGIN_SECONDS)
        self.close()
        if code == -signal.SIGALRM:
            return f"hung for more than {self._seconds} s"
        return f"crashed ({signal.Signals(-code).name})" if code < 0 else f"ended the process (exit code {code})"


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """End this process with a trace of where it hangs if the block takes longer: the next run reads what was under way apart.

    Neither a signal nor another thread could end a reader that holds the interpreter, as a regular expression does.
    """
    log = sys.__stderr__
    try:
        faulthandler.dump_traceback_later(seconds, exit=True, file=log if log is not None else sys.stderr)
    except (OSError, ValueError, RuntimeError, AttributeError):  # no standard error to write to
        yield
        return
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def each(
    extractor: Extractor, articles: Sequence[Article], care: Care
) -> Iterator[list[Statement] | Exception | Crash]:
    """Each article's outcome in turn, from a child that is started again after it died."""
    apart = Apart(extractor, care.article_seconds)
    try:
        for article in articles:
            try:
                yield apart.read(article)
            except Exception as error:
                yield error
    finally:
        apart.close()


def main(descriptor: int) -> None:
    """The child: extractor first, then article after article until the line is closed.

    The alarm's default action is the kernel's, so it ends even a reader that never gives the interpreter back.
    """
    line: Connection[Any, Any] = Connection(descriptor)
    with suppress(EOFError):
        extractor, seconds = line.recv()
        line.send("ready")
        while True:
            article = line.recv()
            signal.alarm(seconds)
            answer = _answer(extractor, article)
            signal.alarm(0)
            line.send(answer)


def _answer(extractor: Extractor, article: Article) -> list[Statement] | Exception:
    try:
        return extractor.extract(article)
    except Exception as error:
        return error


if __name__ == "__main__":
    main(int(sys.argv[1]))
