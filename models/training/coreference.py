"""Pronouns with the names that they may mean, read from GAP, GUM and automatic CoreNLP parses in PolNeAR's form."""

from __future__ import annotations

import csv
import gzip
import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.attribution.tagger import MOST_NAMES
from verifier.values import Range

PRONOUNS: Final = frozenset(("he", "she", "him", "her", "his", "hers", "himself", "herself"))


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun's place, and the names near it with whether it means them."""

    place: Range
    names: tuple[tuple[Range, bool], ...]


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A text with its pronouns; `id` is the item's name in its data set.

    `people` are names of persons with the entity each is labelled with, where a data set has them all.
    """

    id: str
    text: str
    pronouns: tuple[Pronoun, ...]
    people: tuple[tuple[Range, str], ...] = ()


@dataclass(slots=True)
class _Mention:
    entity: str
    low: int
    high: int
    named: bool = False
    pronoun: bool = False


@dataclass(slots=True)
class _Document:
    """A text being put together word by word."""

    id: str
    text: str = ""
    words: list[Range] = field(default_factory=list)
    mentions: list[_Mention] = field(default_factory=list)


def read_gap(path: Path) -> Iterator[LinkedText]:
    """GAP's rows (Webster et al., TACL 2018): one pronoun and two names each; ValueError names the first wrong line."""
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            try:
                names = tuple((_at(row, name), row[f"{name}-coref"].upper() == "TRUE") for name in ("A", "B"))
                yield LinkedText(row["ID"], row["Text"], (Pronoun(_at(row, "Pronoun"), names),))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ValueError(f"{path}:{number}: not a row of GAP ({type(error).__name__}: {error})") from error


def _at(row: dict[str, str], name: str) -> Range:
    start = int(row[f"{name}-offset"])
    end = start + len(row[name])
    if row["Text"][start:end] != row[name]:
        raise ValueError(f"{name} is not at its offset")
    return start, end


def read_gum(path: Path) -> Iterator[LinkedText]:
    """GUM's documents (Zeldes, 2017) from a `.tar.gz` of CoNLL-U files with entities in the MISC column."""
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            stream = archive.extractfile(member) if member.name.endswith(".conllu") else None
            if stream is not None:
                yield _linked(_conllu(Path(member.name).stem, stream.read().decode("utf-8")))


def _conllu(name: str, lines: str) -> _Document:
    document = _Document(name)
    opened: dict[str, list[_Mention]] = defaultdict(list)
    gap = ""
    for line in lines.splitlines():
        if line.startswith("# newpar"):
            gap = "\n\n" if document.text else ""
        columns = line.split("\t")
        if len(columns) != 10 or not columns[0].isdigit():
            continue
        document.text += gap
        document.words.append((len(document.text), len(document.text) + len(columns[1])))
        document.text += columns[1]
        gap = "" if "SpaceAfter=No" in columns[9] else " "
        entity = re.search(r"(?:^|\|)Entity=([^|]*)", columns[9])
        if entity:
            _bracket(document, opened, entity[1])
    for mention in document.mentions:
        _describe(document, mention)
    return document


def _bracket(document: _Document, opened: dict[str, list[_Mention]], marks: str) -> None:
    """Open and close mentions at the last word: "(12-person-giv:act-…" opens, "12)" closes."""
    here = len(document.words) - 1
    for mark in re.findall(r"\([^()]+\)?|[^()]+\)", marks):
        entity, _, rest = mark.strip("()").partition("-")
        if mark.startswith("("):
            mention = _Mention(entity, here, here + 1, named=rest.startswith("person"))
            document.mentions.append(mention)
            opened[entity].append(mention)
        if mark.endswith(")") and opened[entity]:
            opened[entity].pop().high = here + 1


def _describe(document: _Document, mention: _Mention) -> None:
    """A person's mention of capitalised words is a name, one of a pronoun alone a pronoun."""
    words = [document.text[slice(*place)] for place in document.words[mention.low : mention.high]]
    mention.pronoun = len(words) == 1 and words[0].lower() in PRONOUNS
    capital = all(word[:1].isupper() or word in ("-", ".") for word in words)
    mention.named = mention.named and capital and len(words) <= 5 and words[0].lower() not in PRONOUNS | {"i", "you"}


def read_corenlp(texts: Path, parses: Path) -> Iterator[LinkedText]:
    """Texts with their automatic coreference chains: silver, for training only."""
    by_id = {row["id"]: row["text"] for row in _rows(texts)}
    for row in _rows(parses):
        if row["id"] in by_id:
            yield _linked(_parsed(row, by_id[row["id"]]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _parsed(row: dict[str, Any], text: str) -> _Document:
    document = _Document(str(row["id"]), text)
    firsts: list[int] = []
    heads: dict[int, str] = {}
    for sentence in row["sents"]:
        firsts.append(len(document.words))
        document.words += [(word[1], word[2]) for word in sentence["t"]]
    for number, chain in enumerate(row["coref"]):
        for sentence, start, end, head in chain:  # all counted from 1
            heads[firsts[sentence - 1] + head - 1] = str(number)
            if end - start == 1 and row["sents"][sentence - 1]["t"][start - 1][0].lower() in PRONOUNS:
                place = firsts[sentence - 1] + start - 1
                document.mentions.append(_Mention(str(number), place, place + 1, pronoun=True))
    for first, sentence in zip(firsts, row["sents"], strict=True):
        document.mentions += _people(sentence["t"], first, heads)
    return document


def _people(words: Sequence[Any], first: int, heads: dict[int, str]) -> Iterator[_Mention]:
    """Runs of words tagged as persons; one outside every chain is an entity of its own."""
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and words[end][4] == "PERSON":
            end += 1
        if end > start:
            chains = [heads[first + place] for place in range(start, end) if first + place in heads]
            yield _Mention(chains[-1] if chains else f"alone {first + start}", first + start, first + end, named=True)
        start = max(end, start + 1)


def _linked(document: _Document) -> LinkedText:
    """Each pronoun of an entity that is named somewhere, with the last names before it and the first behind it."""
    named = sorted((one for one in document.mentions if one.named), key=lambda one: one.low)
    entities = {one.entity for one in named}
    found = []
    for pronoun in document.mentions:
        if pronoun.pronoun and pronoun.entity in entities:
            before = [one for one in named if one.low < pronoun.low][-MOST_NAMES:]
            behind = [one for one in named if one.low > pronoun.low][:2]
            names = tuple((_place(document, one), one.entity == pronoun.entity) for one in before + behind)
            found.append(Pronoun(_place(document, pronoun), names))
    people = tuple((_place(document, one), one.entity) for one in named)
    return LinkedText(document.id, document.text, tuple(sorted(found, key=lambda one: one.place)), people)


def _place(document: _Document, mention: _Mention) -> Range:
    return document.words[mention.low][0], document.words[mention.high - 1][1]
