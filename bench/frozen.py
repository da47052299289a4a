"""`python -m bench.frozen`: judges bench/pairs.csv with the packaged models and keeps the answers in bench/pairs_run.csv.

The run is sorted by id, so that a change of models or policy shows as a diff; `--check` compares without writing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from crossquote.bootstrap import judge_of
from models.training.labelled_pairs import LABELS, LabelledPair, read_pairs
from verifier.judging import Judge
from verifier.verdicts import Stance, Verdict, VerdictKind

BENCH = Path(__file__).parent
PAIRS = BENCH / "pairs.csv"
RUN = BENCH / "pairs_run.csv"
SAID: Final = ("agree", "conflict", "tension", "neutral", "undecided")
LABEL_OF: Final = {ours: label for label, ours in LABELS.items()}
NOISE: Final = 0.0101
"""Confidences that are apart by the last digit only are the same: processors round differently."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the machine says of one pair, beside the label that a person gave it; `kind` is empty where there is none."""

    id: str
    label: str
    stance: str
    kind: str
    confidence: str

    @property
    def said(self) -> str:
        """The stance in the labels' words: a conflict of the kind tension is a tension."""
        return self.kind if self.kind == VerdictKind.TENSION and self.stance == Stance.CONFLICT else self.stance

    def same(self, other: Answer) -> bool:
        """Whether both say the same, the last digit of the confidence aside."""
        near = abs(float(self.confidence) - float(other.confidence)) < NOISE
        return near and (self.label, self.stance, self.kind) == (other.label, other.stance, other.kind)


COLUMNS: Final = tuple(field.name for field in fields(Answer))


def answers(judge: Judge, pairs: Sequence[LabelledPair]) -> list[Answer]:
    """The judge's answers to labelled pairs, by id."""
    verdicts = judge.judge([(pair.a.side(), pair.b.side()) for pair in pairs])
    found = [_answer(pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True)]
    return sorted(found, key=lambda one: one.id)


def _answer(pair: LabelledPair, verdict: Verdict) -> Answer:
    kind = verdict.kind.value if verdict.kind else ""
    return Answer(pair.id, LABEL_OF[pair.label], verdict.stance.value, kind, f"{verdict.confidence:.2f}")


def write(path: Path, version: str, run: Iterable[Answer]) -> None:
    """Keep a run: the policy's version in a comment, then a line an answer."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(f"# {version}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(astuple(one) for one in run)


def read(path: Path) -> tuple[str, list[Answer]]:
    """The policy's version and the answers of a kept run."""
    with path.open(encoding="utf-8", newline="") as lines:
        version = next(lines).removeprefix("#").strip()
        return version, [Answer(*(row[name] for name in COLUMNS)) for row in csv.DictReader(lines)]


def changes(kept: Iterable[Answer], fresh: Iterable[Answer]) -> list[str]:
    """A line for each pair that is answered in another way than before, or that only one run has."""
    before, after = ({one.id: one for one in run} for run in (kept, fresh))
    lines = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or not old.same(new):
            lines.append(f"{name}: {_shown(old)} -> {_shown(new)}")
    return lines


def _shown(one: Answer | None) -> str:
    return " ".join(part for part in (one.stance, one.kind, one.confidence) if part) if one else "nothing"


def confusion(run: Sequence[Answer]) -> str:
    """A table in Markdown: labels down, what the machine says across."""
    counts = Counter((one.label, one.said) for one in run)
    lines = [f"| label | {' | '.join(SAID)} |", "|---|" + "---:|" * len(SAID)]
    lines += [f"| {label} | {' | '.join(str(counts[label, said]) for said in SAID)} |" for label in LABELS]
    right = sum(one.label == one.said for one in run)
    return "\n".join([*lines, "", f"{right} of {len(run)} as labelled."])


def check(path: Path, version: str, fresh: Sequence[Answer]) -> int:
    """Print what differs from the kept run; the exit code is 0 where nothing does, 1 where something does."""
    kept_version, kept = read(path)
    lines = changes(kept, fresh)
    if kept_version != version:
        print(f"kept with {kept_version}, judged with {version}")
    print("\n".join([*lines, f"{len(lines)} of {len(fresh)} pairs differ from {path.name}."]))
    return 1 if lines else 0


def main(
    arguments: Sequence[str] | None = None, judge: Callable[[], Judge] = judge_of, pairs: Path = PAIRS, run: Path = RUN
) -> int:
    """Judge the pairs; write the run, or with `--check` compare it with the kept one."""
    parser = argparse.ArgumentParser(prog="python -m bench.frozen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with bench/pairs_run.csv; write nothing")
    wanted = parser.parse_args(arguments)
    if wanted.check and not run.exists():
        print(f"{run} is not there; write it with python -m bench.frozen", file=sys.stderr)
        return 2
    judging = judge()
    fresh = answers(judging, list(read_pairs(pairs)))
    code = 0
    if wanted.check:
        code = check(run, judging.policy.version, fresh)
    else:
        write(run, judging.policy.version, fresh)
    print(confusion(fresh))
    return code


if __name__ == "__main__":
    sys.exit(main())
