"""Labelled pairs whose statements are places in texts that stay outside of the repository.

The labels were given along the guide of the labelled pairs by a large language model that did not see any verdict; no person has
checked them. `labels/queue_*.jsonl` hold pairs that a run over PolNeAR's training part flagged, doubted or passed by: most of
what looks opposed to a small model is not. `labels/stories_*.jsonl` hold what a reading of 113 stories, several articles at a
time, brought up beside the pairs that were labelled already: conflicts, tensions, agreements, and pairs that only look like them;
`stories_more_train.jsonl` is a second reading, of stories put together otherwise. `topics_train.jsonl` is one of extracted statements
on one topic, from all articles at whatever date. Conflicts of the first two were read twice.
`written_train.jsonl`, which no packaged model was trained on, sets beside statements of the texts others that the model wrote
along the guide: two that conflict with it, one in tension, one that agrees, and one that only looks like it. `held` are three
months of their own: they are for measuring and calibrating, never for training.

A line is {id, label, sure, a, b}; a side is {article, source, cue, content} with offsets in code points, source and cue null where
there is none. Of a statement that was written, source, cue and content are its words, and the article is that of the other side.
What a teacher says of pairs that nobody labelled (`models.training.teaching`) has the same sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from models.nli import STANCES
from models.training.corpus import lines_of
from models.training.labelled_pairs import LabelledPair, Reported, label_of

SURE: Final = 2
"""What a label has to be at least: 3 certain, 2 fairly, 1 a guess."""


def read_marked(path: Path, texts: Mapping[str, str], least: int = SURE) -> Iterator[LabelledPair]:
    """Yield the pairs that are sure enough; a ValueError names the first line that is not one, or whose text is missing."""
    for where, line in lines_of(path):
        try:
            row = json.loads(line)
            if row["sure"] >= least:
                a, b = _side(row["a"], texts), _side(row["b"], texts)
                yield LabelledPair(a, b, label_of(row["label"], where), id=row["id"])
        except (json.JSONDecodeError, KeyError, TypeError, IndexError) as error:
            raise ValueError(f"{where}: not a pair with places in the texts given ({error})") from error


def read_taught(path: Path, texts: Mapping[str, str]) -> Iterator[LabelledPair]:
    """Yield the pairs with what the teacher said of them; a ValueError names the first line that is not one."""
    for where, line in lines_of(path):
        try:
            row = json.loads(line)
            a, b, p = _side(row["a"], texts), _side(row["b"], texts), tuple(map(float, row["p"]))
            label = dict(zip(p, STANCES, strict=True))[max(p)]
        except (json.JSONDecodeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"{where}: not a pair with places in the texts given and probabilities ({error})"
            ) from error
        yield LabelledPair(a, b, label, target=p)


def read_texts(paths: Sequence[Path]) -> dict[str, str]:
    """The texts of files in PolNeAR's form by their ids."""
    rows = (json.loads(line) for path in paths for _, line in lines_of(path))
    return {row["id"]: row["text"] for row in rows}


def _side(row: Mapping[str, Any], texts: Mapping[str, str]) -> Reported:
    article, text = row["article"], texts[row["article"]]
    outlet, date = article.split("_")[:2]
    if isinstance(row["content"], str):
        return Reported(article, outlet, date, row["source"] or "", row["cue"] or "", row["content"], 0)

    def words(place: Sequence[int] | None) -> str:
        return text[place[0] : place[1]] if place else ""

    content = " ".join(words(piece) for piece in row["content"])
    return Reported(article, outlet, date, words(row["source"]), words(row["cue"]), content, row["content"][0][0])
