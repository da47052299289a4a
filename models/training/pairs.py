"""Train the verdict model: `python -m models.training.pairs --pairs FILE… --nli DIR --texts FILE --out DIR [--dev FILE]`.

An NLI cross-encoder is trained on with labelled pairs of reported statements. It keeps one file of weights: its classifier gets four
more outputs (agree, conflict, tension, unrelated) beside the three of NLI, and NLI pairs are mixed in so that those stay right. A side
is shown as "source cue: content" (`verifier.alignment.reported`), each pair in both orders. Sources and cues are left out now and then,
since many statements have none. Candidate pairs of news texts are added as weak neutrals.
"""

from __future__ import annotations

import argparse
import random
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from transformers import AutoConfig, AutoTokenizer

from models.cards import WEIGHTS
from models.compact import load_classifier
from models.embedder import SentenceEmbedder
from models.nli import STANCES
from models.packed import sides_of
from models.training.corpus import LABELS, hold_out, mixture, read_examples
from models.training.labelled_pairs import LabelledPair, derived, read_pairs, weak_neutrals
from models.training.marked_pairs import read_marked, read_taught, read_texts
from models.training.nli import Recipe as NliRecipe
from models.training.nli import averaged, batches, nli_loss, padded, save, schedule
from models.training.nli import encode as encode_nli

PROSE: Final = (
    "lingnli_train", "hw2_mnli_train", "mnli_llmsknow_train", "olora_mnli_train", "taxinli10k", "rte_train", "rte123",
    "fever_symmetric", "snli_sub_train", "conjnli_train", "breaking_nli", "wikifactcheck_neg",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters; `models/cards.toml` says with which options the committed weights were made."""

    passes: int = 4
    learning_rate: float = 8e-5
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    smoothing: float = 0.05
    ordered: float = 0.1
    bare: float = 0.1
    lead: str = ""
    one_order: bool = False
    tokens_per_batch: int = 2048
    max_length: int = 192
    replay: int = 12000
    neutrals: int = 2000
    derived: bool = False
    marked_weight: float = 1.0
    taught_weight: float = 1.0
    frozen: int = 0
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Row:
    """Token and segment ids of one ordered pair with its target over stances, or an NLI label id (-1: none), or both."""

    ids: list[int]
    segments: list[int]
    target: tuple[float, ...] | None
    label: int
    weight: float


def target_of(label: str, recipe: Recipe) -> tuple[float, ...]:
    """A smoothed distribution over `STANCES`; conflict and tension lend each other a share, since their border is soft."""
    at = STANCES.index(label)
    row = np.full(len(STANCES), recipe.smoothing / len(STANCES))
    row[at] += 1.0 - recipe.smoothing
    if label in ("conflict", "tension"):
        row[at] -= recipe.ordered
        row[3 - at] += recipe.ordered
    return tuple(float(v) for v in row)


def encode_pairs(tokenizer: Any, pairs: Sequence[LabelledPair], recipe: Recipe, rng: random.Random) -> list[Row]:
    """Both orders of each pair, or one by chance; now and then a side without its source and cue."""
    sides = [_shown(pair, recipe, rng) for pair in pairs]
    ordered = [[rng.sample(both, 2)] if recipe.one_order else [both, both[::-1]] for both in sides]
    first, second = ([way[i] for ways in ordered for way in ways] for i in (0, 1))
    out = tokenizer(first, second, truncation=True, max_length=recipe.max_length)
    targets = [
        pair.target or target_of(pair.label, recipe) for pair, ways in zip(pairs, ordered, strict=True) for _ in ways
    ]
    weights = [pair.weight for pair, ways in zip(pairs, ordered, strict=True) for _ in ways]
    return [
        Row(ids, segments, target, -1, weight)
        for ids, segments, target, weight in zip(out["input_ids"], sides_of(out), targets, weights, strict=True)
    ]


def _shown(pair: LabelledPair, recipe: Recipe, rng: random.Random) -> list[str]:
    lead = recipe.lead if rng.random() >= recipe.bare else ""
    return [one.shown(bare=rng.random() < recipe.bare, lead=lead) for one in (pair.a, pair.b)]


def loss_of(logits: torch.Tensor, batch: Sequence[Row]) -> torch.Tensor:
    """Cross-entropy against the targets for stances and the NLI loss for the rest, weighted by their share of the batch."""
    logits = logits.float()
    paired = [i for i, row in enumerate(batch) if row.target is not None]
    other = [i for i, row in enumerate(batch) if row.label >= 0]
    loss = logits.new_zeros(())
    if paired:
        target = torch.tensor([batch[i].target for i in paired], device=logits.device)
        weight = torch.tensor([batch[i].weight for i in paired], device=logits.device)
        log_p = torch.log_softmax(logits[paired][:, len(LABELS) :], dim=-1)
        loss = loss + (-(target * log_p).sum(dim=-1) * weight).sum()
    if other:
        labels = torch.tensor([batch[i].label for i in other], device=logits.device)
        loss = loss + nli_loss(logits[other][:, : len(LABELS)], labels) * len(other)
    return loss / len(batch)


def load_base(base: str, dropout: float, device: torch.device, frozen: int = 0) -> tuple[Any, Any]:
    """Tokenizer and a classifier with NLI's outputs, taken over where the base has them, and those of the stances."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    names = (*LABELS, *STANCES)
    config = AutoConfig.from_pretrained(
        base,
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    before = load_classifier(base, AutoConfig.from_pretrained(base), None, torch.float32)
    model = load_classifier(base, config, None, torch.float32, ignore_mismatched_sizes=True)
    known = {str(label).lower(): index for index, label in before.config.id2label.items()}
    new, old = outputs_of(model), outputs_of(before)
    with torch.no_grad():
        for index, name in enumerate(names):
            if name in known:
                new.weight[index] = old.weight[known[name]]
                new.bias[index] = old.bias[known[name]]
    freeze(model, frozen)
    return tokenizer, model.to(device)


def outputs_of(model: Any) -> Any:
    """The last linear layer of a classifier, whose rows are the labels; some encoders have a layer more before it."""
    return getattr(model.classifier, "out_proj", model.classifier)


def freeze(model: Any, layers: int) -> None:
    """Keep the word embeddings as they are, and with `layers` all that comes before that encoder layer."""
    model.get_input_embeddings().weight.requires_grad_(False)
    if layers:
        encoder = model.base_model
        kept = {id(weight) for layer in encoder.encoder.layer[layers:] for weight in layer.parameters()}
        pooled = getattr(encoder, "pooler", None)
        kept |= {id(weight) for weight in (pooled.parameters() if pooled is not None else ())}
        for weight in encoder.parameters():
            weight.requires_grad_(weight.requires_grad and id(weight) in kept)


def train(
    model: Any, tokenizer: Any, pairs: Sequence[LabelledPair], replay: Sequence[Row], recipe: Recipe, device: Any
) -> Iterator[tuple[int, str]]:
    """Run all passes; yields (pass, a line) every 100 steps and at the end of each pass."""
    rng = random.Random(recipe.seed)
    share = len(replay) // recipe.passes
    passes = []
    for number in range(recipe.passes):
        rows = [*encode_pairs(tokenizer, pairs, recipe, rng), *replay[number * share : (number + 1) * share]]
        rng.shuffle(rows)
        passes.append(batches(rows, recipe.tokens_per_batch, recipe.seed + number))
    planned = sum(len(one) for one in passes)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(step, planned, recipe.warmup))
    began, done, seen, window = time.monotonic(), 0, 0, []
    for number, one in enumerate(passes, 1):
        model.train()
        for index, batch in enumerate(one, 1):
            inputs = padded(batch, tokenizer.pad_token_id, device)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                loss = loss_of(model(**inputs).logits, batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            plan.step()
            done, seen = done + 1, seen + inputs["input_ids"].numel()
            window.append(loss.item())
            if done % 100 == 0 or index == len(one):
                rate = seen / (time.monotonic() - began)
                yield (
                    number if index == len(one) else 0,
                    f"step {done}/{planned} loss {np.mean(window):.4f} {rate:.0f} tokens/s",
                )
                window = []


@torch.inference_mode()
def stances_of(model: Any, tokenizer: Any, pairs: Sequence[LabelledPair], recipe: Recipe) -> NDArray[np.float64]:
    """Probabilities of shape (pairs, 4), the mean over both orders."""
    model.eval()
    rows = encode_pairs(tokenizer, pairs, replace(recipe, bare=0.0, one_order=False), random.Random(0))
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    out = np.zeros((len(rows), len(STANCES)))
    for start in range(0, len(order), 64):
        part = order[start : start + 64]
        logits = model(**padded([rows[i] for i in part], tokenizer.pad_token_id, model.device)).logits.float()
        out[part] = torch.softmax(logits[:, len(LABELS) :], dim=-1).cpu().numpy()
    return np.asarray((out[0::2] + out[1::2]) / 2)


def measure(pairs: Sequence[LabelledPair], p: NDArray[np.float64]) -> str:
    """One line of average precisions in percent, and the precision of the 40 likeliest conflicts or tensions."""
    label = np.array([pair.label for pair in pairs])
    either = np.isin(label, ("conflict", "tension"))
    clash = p[:, 1] + p[:, 2]
    parts = {
        "conflict": average_precision_score(label == "conflict", p[:, 1]),
        "conflict or tension": average_precision_score(either, clash),
        "agree": average_precision_score(label == "agree", p[:, 0]),
        "first 40": float(either[np.argsort(-clash)[:40]].mean()),
        "accuracy": float((np.array(STANCES)[p.argmax(axis=1)] == label).mean()),
    }
    return "  ".join(f"{name} {100 * value:.1f}" for name, value in parts.items())


def replay_rows(tokenizer: Any, path: Path, recipe: Recipe, passes: Mapping[str, float]) -> list[Row]:
    """NLI pairs of prose, drawn from the part that NLI training saw too (the rest stays held out)."""
    rest, _ = hold_out(list(read_examples(path)), NliRecipe().held_out, NliRecipe().seed)
    chosen = mixture([one for one in rest if one.source in PROSE], passes, recipe.seed)[: recipe.replay]
    return [
        Row(one.ids, one.segments, None, one.label, 1.0) for one in encode_nli(tokenizer, chosen, recipe.max_length)
    ]


def gathered(args: argparse.Namespace, recipe: Recipe) -> list[LabelledPair]:
    """The labelled pairs, those that follow from them where asked for, marked ones, and weak neutrals."""
    pairs = [pair for path in args.pairs for pair in read_pairs(path)]
    if recipe.derived:
        pairs += derived(pairs)
    texts = read_texts([args.texts]) if args.marked or args.taught else {}
    if args.marked:
        marked = (pair for path in args.marked for pair in read_marked(path, texts))
        pairs += [replace(pair, weight=recipe.marked_weight) for pair in marked]
    if args.taught:
        pairs += [
            replace(pair, weight=recipe.taught_weight) for path in args.taught for pair in read_taught(path, texts)
        ]
    if args.texts and recipe.neutrals:
        pairs += weak_neutrals(args.texts, SentenceEmbedder(), recipe.neutrals, recipe.seed)
    return pairs


def main() -> None:
    """Train or average, print the scores on dev after each pass, save fp16 weights and `training.json` beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pairs", type=Path, nargs="+", default=[], help="labelled pairs, as `export pairs` writes them"
    )
    parser.add_argument("--nli", type=Path, help="a folder with train.jsonl.gz: NLI pairs mixed in")
    parser.add_argument(
        "--replay-mixture", type=Path, help="passes over each source of those; without it one over each"
    )
    parser.add_argument("--texts", type=Path, help="news texts (id, text) from which weak neutrals are drawn")
    parser.add_argument(
        "--marked", type=Path, nargs="+", help="labelled pairs whose statements are places in the texts of --texts"
    )
    parser.add_argument("--taught", type=Path, nargs="+", help="what a larger model said (models.training.teaching)")
    parser.add_argument("--dev", type=Path, help="labelled pairs that are not trained on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", default=str(WEIGHTS / "nli"), help="an encoder or NLI checkpoint: folder or hub id")
    parser.add_argument("--each-pass", action="store_true", help="save the weights after every pass too, for --average")
    parser.add_argument("--average", type=Path, nargs="+", default=[], help="do not train: average these runs")
    for name, value in asdict(Recipe()).items():
        kind = {"action": "store_true"} if isinstance(value, bool) else {"type": type(value), "default": value}
        parser.add_argument(f"--{name.replace('_', '-')}", **kind)
    args = parser.parse_args()
    if not (args.pairs or args.marked or args.taught or args.average):
        parser.error("nothing to train on: name labelled pairs with --pairs or --marked")
    if (args.marked or args.taught) and not args.texts:
        parser.error("--marked and --taught give places in texts: name the texts with --texts")
    recipe = Recipe(**{name: getattr(args, name) for name in asdict(Recipe())})
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dev = list(read_pairs(args.dev)) if args.dev else []
    facts: dict[str, object]
    scores = ""
    if args.average:
        tokenizer, model = averaged(args.average, device)
        facts = {"average": [folder.name for folder in args.average]}
    else:
        tokenizer, model = load_base(args.base, recipe.dropout, device, recipe.frozen)
        pairs = gathered(args, recipe)
        mixed = tomllib.loads(args.replay_mixture.read_text())["passes"] if args.replay_mixture else {}
        replay = replay_rows(tokenizer, args.nli / "train.jsonl.gz", recipe, mixed) if args.nli else []
        print(f"{dict(Counter(pair.label for pair in pairs))}, {len(replay)} NLI pairs on {device}", flush=True)
        for ended, line in train(model, tokenizer, pairs, replay, recipe, device):
            print(line, flush=True)
            if ended and dev:
                scores = measure(dev, stances_of(model, tokenizer, dev, recipe))
                print(f"pass {ended}: {scores}", flush=True)
            if ended and args.each_pass:
                save(model, tokenizer, args.out / f"pass-{ended}", {"pass": ended, **asdict(recipe)})
        facts = {"pairs": len(pairs), **asdict(recipe)}
    if dev:
        facts["dev"] = scores or measure(dev, stances_of(model, tokenizer, dev, recipe))
    save(model, tokenizer, args.out, facts)


if __name__ == "__main__":
    main()
