"""`crossquote judge`: verdicts for pairs of words on standard input, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any

import typer

from crossquote.cli.options import Json, ProfileName

BATCH = 256


def judge(
    json: Json = False,
    profile: ProfileName = None,
    source: Annotated[
        typer.FileText,
        typer.Option(
            "--input",
            metavar="FILE",
            help="JSON lines; default: stdin.",
            encoding="utf-8-sig",
            errors="surrogateescape",
        ),
    ] = "-",  # type: ignore[assignment]
) -> None:
    """Judge pairs given as JSON lines {"a","b"[,"a_speaker","b_speaker","a_cue","b_cue","a_date","b_date"]}, in their
    order.

    A line that is not such a pair gives {"error"} in its place; the rest goes on, and the exit code is 2.
    """
    from crossquote.bootstrap import judge_of
    from crossquote.cli.console import print_json, warn

    judged, bad = judge_of(profile), 0
    lines = ((number, line) for number, line in enumerate(source, 1) if line.strip())
    while part := list(islice(lines, BATCH)):
        for answer in answers(judged, part):
            if "error" in answer:
                bad += 1
                warn(str(answer["error"]))
            print_json(answer) if json else _show(answer)
        sys.stdout.flush()
    if bad:
        raise typer.Exit(2)


def answers(judged: Any, lines: Iterable[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """A verdict or an error for each numbered line, in order."""
    from verifier.errors import BadInput
    from verifier.judging import pair_of

    read: list[Any] = []
    for number, line in lines:
        try:
            read.append(pair_of(_object(line)))
        except BadInput as error:
            read.append({"error": f"line {number}: {error.message}"})
    verdicts = iter(judged.judge([one for one in read if not isinstance(one, dict)]))
    for one in read:
        yield one if isinstance(one, dict) else verdict_json(next(verdicts))


def _object(line: str) -> Any:
    from verifier.errors import BadInput
    from verifier.text.words import is_whole

    if not is_whole(line):
        raise BadInput("not UTF-8; save the file in that encoding")
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput('not JSON; write {"a": "…", "b": "…"} on one line') from None


def verdict_json(verdict: Any) -> dict[str, Any]:
    """One verdict in the contract's form."""
    from dataclasses import asdict

    return {
        "label": verdict.stance.value,
        "kind": verdict.kind.value if verdict.kind else None,
        "confidence": verdict.confidence,
        "scores": asdict(verdict.scores),
        "probabilities": asdict(verdict.probabilities),
        "reasons": list(verdict.reasons),
        "reason_code": verdict.reason_code.value if verdict.reason_code else None,
        "deciding": None if verdict.deciding is None else asdict(verdict.deciding),
        "policy_version": verdict.policy_version,
    }


def _show(answer: dict[str, Any]) -> None:
    from crossquote.harmless import harmless

    if "error" not in answer:
        kind = f" ({answer['kind']})" if answer["kind"] else ""
        print(harmless(f"{answer['label']}{kind} {answer['confidence']:.2f}: {' '.join(answer['reasons'])}"))
