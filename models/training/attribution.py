"""Train the attribution tagger: `python -m models.training.attribution --polnear DIR --gap DIR --out DIR`.

All heads are trained together. On PolNeAR's `train.jsonl.gz` the loss is the cross-entropy of every word's cue tag and of the
role tags of the words around every labelled cue, and the binary cross-entropy of (pronoun, name) pairs from its automatic
coreference chains (silver, a low weight); on GAP's development part that of its labelled pairs. AdamW, a higher rate for
the new layers, linear warm-up and decay, word embeddings frozen, bf16 autocast with eager attention. After each pass it
prints the scores on PolNeAR's dev part and the accuracy on GAP's validation part, and saves the weights.

With `--teacher DIR`, a tagger trained by this recipe from a larger encoder (`--base models/weights/verdict --rate 5e-5`), the losses
are those beside the teacher's probabilities as well as the labels (Hinton, Vinyals and Dean, 2015).
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer

from models.attribution.batches import PIECES_STEP, Cue, Ids, Link, encoding_of, first_pieces, links_of, surroundings_of
from models.attribution.decoding import CUE_TAGS, ROLE_TAGS
from models.attribution.network import network_of
from models.attribution.sizes import Sizes
from models.attribution.tagger import Part, score_pronouns, tag_articles
from models.attribution.words import Window, Words, read_words, windows_of
from models.cards import COMPACT
from models.compact import load_classifier
from models.packed import Float
from models.training.attributions import LabelledArticle, read_labelled
from models.training.coreference import LinkedText, read_corenlp, read_gap
from models.training.nli import packaged_minilm, save, schedule
from verifier.ports import TextToTag
from verifier.scoring import PARTS, count, total
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Attribution

SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters; the defaults made the committed weights. Rates are those of the encoder and of the new layers.

    `taught` is the share of the teacher in the losses, where there is one.
    """

    passes: int = 3
    encoder_rate: float = 1e-4
    head_rate: float = 6e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    pieces_per_batch: int = 3072
    windows: tuple[int, ...] = (224, 208)
    role_weight: float = 0.25
    gold_weight: float = 2.0
    silver_weight: float = 0.5
    taught: float = 0.5
    seed: int = 7


Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A text's words with what is labelled in it, as word ranges.

    `attributions` are (cue, source, contents), or None where the text has no such labels; `pronouns` are (pronoun, names
    with whether it means them); `weight` is that of the pronouns.
    """

    words: Words
    attributions: tuple[tuple[Place, Place | None, tuple[Place, ...]], ...] | None
    pronouns: tuple[tuple[Place, tuple[tuple[Place, bool], ...]], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: windows, their cues and pronouns, and the labels of all heads (-100 where there is none)."""

    parts: list[Part]
    cues: list[Cue]
    cue_labels: Ids
    role_labels: Ids
    links: list[Link]
    meant: list[float]
    weights: list[float]


def example(
    tokenizer: Any, text: str, attributions: Sequence[Attribution] | None, linked: LinkedText | None, weight: float
) -> Example:
    """Read a text's words and find its labels among them; those that hold no whole word are left out."""
    words = read_words(tokenizer, text, paragraphs_of(text))
    found = None if attributions is None else tuple(x for one in attributions if (x := _ranges(words, one)) is not None)
    pronouns = []
    for pronoun in linked.pronouns if linked else ():
        names = tuple((words.at(*place), meant) for place, meant in pronoun.names)
        pronouns.append((words.at(*pronoun.place), tuple(name for name in names if name[0][1] > name[0][0])))
    return Example(words, found, tuple(one for one in pronouns if one[0][1] > one[0][0]), weight)


def _ranges(words: Words, one: Attribution) -> tuple[Place, Place | None, tuple[Place, ...]] | None:
    cue = words.at(*one.cue)
    contents = tuple(place for piece in one.content if (place := words.at(*piece))[1] > place[0])
    source = words.at(*one.source) if one.source else None
    if cue[1] <= cue[0] or not contents:
        return None
    return cue, source if source and source[1] > source[0] else None, contents


def steps(examples: Sequence[Example], recipe: Recipe, number: int) -> list[Step]:
    """The batches of one pass in random order, windows of like length together."""
    most = recipe.windows[number % len(recipe.windows)]
    rng = random.Random(recipe.seed * 1000 + number)
    buckets: dict[int, list[tuple[Example, Window]]] = defaultdict(list)
    for one in examples:
        for window in windows_of(one.words, most, SIZES.left, SIZES.right):
            size = one.words.pieces(window.low, window.high) + 2
            buckets[-(-size // PIECES_STEP) * PIECES_STEP].append((one, window))
    out: list[Step] = []
    carried: list[tuple[Example, Window]] = []
    for length in sorted(buckets):
        members = carried + buckets[length]
        rng.shuffle(members)
        size = max(1, recipe.pieces_per_batch // length)
        full = len(members) - len(members) % size
        out += [_step(members[i : i + size]) for i in range(0, full, size)]
        carried = members[full:]
    if carried:
        out.append(_step(carried))
    rng.shuffle(out)
    return out


def _step(members: Sequence[tuple[Example, Window]]) -> Step:
    parts = [(one.words, window) for one, window in members]
    length = encoding_of(parts, 0, 0).ids.shape[1]
    cue_labels = np.full((len(parts), length), -100, dtype=np.int64)
    step = Step(parts, [], cue_labels, np.zeros((0, SIZES.words), dtype=np.int64), [], [], [])
    roles: list[Ids] = []
    for row, (one, window) in enumerate(members):
        if one.attributions is not None:
            tags = np.zeros(window.high - window.low, dtype=np.int64)
            for cue, source, contents in one.attributions:
                _write(tags, cue, window.low, CUE_TAGS.index("B"))
                if window.core_low <= cue[0] < window.core_high:
                    step.cues.append(Cue(row, *cue))
                    roles.append(_role_labels(window, cue, source, contents))
            cue_labels[row, first_pieces(one.words, window)] = tags
        _link(step, row, one, window)
    return replace(step, role_labels=np.array(roles).reshape(len(roles), -1)) if roles else step


def _link(step: Step, row: int, one: Example, window: Window) -> None:
    """Pair each pronoun of the window's core with the names in the window."""
    for pronoun, names in one.pronouns:
        inside = [name for name in names if window.low <= name[0][0] and name[0][1] <= window.high]
        if window.core_low <= pronoun[0] < window.core_high:
            for name, meant in inside:
                step.links.append(Link(row, pronoun, name))
                step.meant.append(float(meant))
                step.weights.append(one.weight / len(inside))


def _write(tags: Ids, place: tuple[int, int], shift: int, begin: int) -> None:
    """Tag a range with `begin` on its first word and the tag behind it on the others, as far as it lies inside."""
    low, high = max(0, place[0] - shift), min(len(tags), place[1] - shift)
    if low < high:
        tags[low:high] = begin + 1
        if place[0] - shift >= 0:
            tags[low] = begin


def _role_labels(window: Window, cue: Place, source: Place | None, contents: Sequence[Place]) -> Ids:
    first = cue[0] - SIZES.before
    tags = np.zeros(SIZES.words, dtype=np.int64)
    for content in contents:
        _write(tags, content, first, ROLE_TAGS.index("B-content"))
    if source:
        _write(tags, source, first, ROLE_TAGS.index("B-source"))
    slots = np.arange(first, first + len(tags))
    tags[(slots < window.low) | (slots >= window.high)] = -100
    return tags


@dataclass(frozen=True, slots=True)
class Teacher:
    """A trained network, and the id in its vocabulary of each piece of the student's."""

    network: Any
    ids: Ids

    @classmethod
    def of(cls, folder: str, tokenizer: Any, device: torch.device) -> Teacher:
        """The tagger of a folder; ValueError if its pieces are not the student's."""
        theirs, pieces = AutoTokenizer.from_pretrained(folder), tokenizer.get_vocab()
        vocabulary = theirs.get_vocab()
        special = {getattr(tokenizer, name): getattr(theirs, name) for name in ("cls_token", "sep_token", "pad_token")}
        ids = np.full(1 + max(pieces.values()), theirs.unk_token_id, dtype=np.int64)
        for piece, at in pieces.items():
            if (named := special.get(piece, piece)) not in vocabulary:
                raise ValueError(f"{folder}: its vocabulary lacks {piece!r}; take a teacher with the student's pieces")
            ids[at] = vocabulary[named]
        network: Any = network_of(AutoConfig.from_pretrained(folder).model_type).from_pretrained(
            folder, dtype=torch.float32
        )
        return cls(network.to(device).eval().pack(Float(torch.bfloat16)), ids)


@dataclass(frozen=True, slots=True)
class Logits:
    """What a network says of a step: cues (windows, pieces, 3), roles (cues, words, 5) and meant (links,); float32."""

    cues: torch.Tensor
    roles: torch.Tensor | None
    meant: torch.Tensor | None


def logits_of(network: Any, step: Step, tokenizer: Any, device: torch.device, ids: Ids | None = None) -> Logits:
    """The logits of all heads; `ids` translates the pieces for a network with another vocabulary."""

    def tensors(*arrays: Ids) -> list[torch.Tensor]:
        return [torch.from_numpy(array).to(device) for array in arrays]

    inputs = encoding_of(step.parts, tokenizer.cls_token_id, tokenizer.sep_token_id)
    pieces = inputs.ids if ids is None else ids[inputs.ids]
    states = network.encode(*tensors(pieces, inputs.features, inputs.mask))
    roles = meant = None
    if step.cues:
        around = surroundings_of(step.parts, step.cues, inputs.ids.shape[1], SIZES.before, SIZES.after)
        roles = network.role_logits(states, *tensors(around.at, around.mask, around.marks))[: len(step.cues)].float()
    if step.links:
        links = links_of(step.parts, step.links, inputs.ids.shape[1])
        meant = network.pronoun_logits(states, *tensors(links.at, links.distances))[: len(step.links)].float()
    return Logits(network.cue_logits(states).float(), roles, meant)


def loss_of(ours: Logits, step: Step, recipe: Recipe, taught: Logits | None = None) -> torch.Tensor:
    """Cue loss and weighted role loss, both summed over words and divided by the number of cues, and the pronouns' loss."""
    device = ours.cues.device
    share = recipe.taught if taught else 0.0
    loss = _entropy(ours.cues, torch.from_numpy(step.cue_labels).to(device), taught.cues if taught else None, share)
    if ours.roles is not None:
        labels = torch.from_numpy(step.role_labels).to(device)
        loss = loss + recipe.role_weight * _entropy(ours.roles, labels, taught.roles if taught else None, share)
    loss = loss / max(8, len(step.cues))
    if ours.meant is not None:
        meant, weights = torch.tensor([step.meant, step.weights], device=device)
        if taught and taught.meant is not None:
            meant = (1 - share) * meant + share * taught.meant.sigmoid()
        pronouns = len({(link.row, link.pronoun) for link in step.links})
        each = torch.nn.functional.binary_cross_entropy_with_logits(ours.meant, meant, weight=weights, reduction="sum")
        loss = loss + each / max(8, pronouns)
    return loss


def _entropy(logits: torch.Tensor, labels: torch.Tensor, taught: torch.Tensor | None, share: float) -> torch.Tensor:
    """Cross-entropy summed over the labelled places, with the labels and, at its share, with what a teacher thinks."""
    places = labels != -100
    ours, said = logits[places], labels[places]
    loss = (1 - share) * torch.nn.functional.cross_entropy(ours, said, reduction="sum")
    if taught is None:
        return loss
    return loss - share * (taught[places].softmax(-1) * ours.log_softmax(-1)).sum()


def load_base(base: str, recipe: Recipe, device: torch.device) -> tuple[Any, Any]:
    """Tokenizer and a network whose encoder is the base's; feature embeddings begin at zero."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    config = AutoConfig.from_pretrained(
        base, hidden_dropout_prob=recipe.dropout, attention_probs_dropout_prob=0.0, attn_implementation="eager"
    )
    config.role = asdict(SIZES)
    network: Any = network_of(config.model_type)(config)
    if (Path(base) / COMPACT).is_file():
        encoder = load_classifier(base, config, None, torch.float32).base_model
    else:
        encoder = AutoModel.from_pretrained(base, dtype=torch.float32)
    state = {name: value for name, value in encoder.state_dict().items() if not name.startswith("pooler.")}
    network.bert.load_state_dict(state)
    torch.nn.init.zeros_(network.features.weight)
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return tokenizer, network.to(device)


def optimizer_of(network: Any, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW with the encoder's rate and the heads' rate."""
    encoder = [p for name, p in network.named_parameters() if name.startswith("bert.") and p.requires_grad]
    heads = [p for name, p in network.named_parameters() if not name.startswith("bert.")]
    groups = [{"params": encoder, "lr": recipe.encoder_rate}, {"params": heads, "lr": recipe.head_rate}]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)


def train(
    network: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    recipe: Recipe,
    device: torch.device,
    teacher: Teacher | None = None,
) -> Iterator[tuple[int, str]]:
    """Run all passes; yields (pass, a line of progress) every 50 steps and at the end of each pass."""
    passes = [steps(examples, recipe, number) for number in range(recipe.passes)]
    planned = sum(len(one) for one in passes)
    optimizer = optimizer_of(network, recipe)
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(step, planned, recipe.warmup))
    trained = [p for p in network.parameters() if p.requires_grad]
    began, done, seen, window = time.monotonic(), 0, 0, []
    for number, one in enumerate(passes, 1):
        network.train()
        for index, step in enumerate(one, 1):
            taught = None
            if teacher is not None:
                with torch.inference_mode():
                    taught = logits_of(teacher.network, step, tokenizer, device, teacher.ids)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                loss = loss_of(logits_of(network, step, tokenizer, device), step, recipe, taught)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            plan.step()
            done, seen = done + 1, seen + step.cue_labels.size
            window.append(loss.item())
            if done % 50 == 0 or index == len(one):
                rate = seen / (time.monotonic() - began)
                yield (
                    number if index == len(one) else 0,
                    f"step {done}/{planned} loss {np.mean(window):.4f} {rate:.0f} pieces/s",
                )
                window = []


def measure(network: Any, tokenizer: Any, articles: Sequence[LabelledArticle], linked: Sequence[LinkedText]) -> str:
    """One line of F1 by part, exact and overlap, and the accuracy on (pronoun, name) pairs, in percent."""
    network.eval()
    found = tag_articles(tokenizer, network, [TextToTag(one.text, paragraphs_of(one.text)) for one in articles])
    counts = total(count(one.text, ours, one.attributions) for one, ours in zip(articles, found, strict=True))
    shown = {key: f"{100 * value.f1:.1f}" for key, value in counts.items()}
    parts = "  ".join(f"{part} {shown[part, 'exact']}/{shown[part, 'overlap']}" for part in PARTS)
    right = pairs = 0
    for one, scores in zip(linked, score_pronouns(tokenizer, network, linked), strict=True):
        for pronoun, chances in zip(one.pronouns, scores, strict=True):
            right += sum((chance > 0.5) == meant for (_, meant), chance in zip(pronoun.names, chances, strict=True))
            pairs += len(pronoun.names)
    return f"{parts}  pronouns {100 * right / max(1, pairs):.1f}"


def main() -> None:
    """Train, print the scores on dev after each pass, save fp16 weights and `training.json` beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--polnear", type=Path, required=True, help="a folder with PolNeAR's train and dev files")
    parser.add_argument("--gap", type=Path, required=True, help="a folder with GAP's development and validation files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--base", default="", help="a BERT or MPNet encoder's folder or hub id; default: the packaged MiniLM"
    )
    parser.add_argument("--rate", type=float, default=Recipe().encoder_rate, help="the encoder's learning rate")
    parser.add_argument("--teacher", default="", help="the folder of a trained tagger to learn from too")
    parser.add_argument("--taught", type=float, default=Recipe().taught, help="the teacher's share in the losses")
    parser.add_argument("--passes", type=int, default=Recipe().passes)
    parser.add_argument("--limit", type=int, default=0, help="train on the first N texts of each set (a trial)")
    args = parser.parse_args()
    recipe = Recipe(passes=args.passes, encoder_rate=args.rate, taught=args.taught)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer, network = load_base(args.base or packaged_minilm(), recipe, device)
    examples = read_training(tokenizer, args.polnear, args.gap, args.limit or None, recipe)
    dev = list(read_labelled(args.polnear / "dev.jsonl.gz"))[: args.limit or None]
    validation = list(read_gap(args.gap / "gap-validation.tsv"))[: args.limit or None]
    print(f"{len(examples)} texts on {device}", flush=True)
    teacher = Teacher.of(args.teacher, tokenizer, device) if args.teacher else None
    for ended, line in train(network, tokenizer, examples, recipe, device, teacher):
        print(line, flush=True)
        if ended:
            save(network, tokenizer, args.out, {"texts": len(examples), "passes": ended, "recipe": asdict(recipe)})
            print(f"pass {ended}, dev exact/overlap F1: {measure(network, tokenizer, dev, validation)}", flush=True)


def read_training(tokenizer: Any, polnear: Path, gap: Path, limit: int | None, recipe: Recipe) -> list[Example]:
    """PolNeAR's training articles with attributions and silver pronouns, and GAP's development texts."""
    texts, parses = polnear / "train.jsonl.gz", polnear / "train.corenlp.jsonl.gz"
    silver = {one.id: one for one in islice(read_corenlp(texts, parses), limit)}
    examples = [
        example(tokenizer, one.text, one.attributions, silver.get(one.id), recipe.silver_weight)
        for one in islice(read_labelled(texts), limit)
    ]
    gold = islice(read_gap(gap / "gap-development.tsv"), limit)
    return examples + [example(tokenizer, one.text, None, one, recipe.gold_weight) for one in gold]


if __name__ == "__main__":
    main()
