"""The peer of `benchmarks.translating`: joeynmt, run as a process of its own, in whatever environment has it.

It answers requests as `benchmarks.peers` describes: the steps of a training, or searches, of its recurrent network.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from joeynmt.batch import Batch
from joeynmt.model import build_model
from joeynmt.search import search
from joeynmt.vocabulary import Vocabulary

from benchmarks.peers import Arrays, Job, serve

SPECIALS = {"unk": 0, "pad": 1, "bos": 2, "eos": 3}
END = 1
"""The number that ends a sequence in the arrays."""


def prepare(job: Job, arrays: Arrays) -> tuple[Callable[[], Any], Callable[[Any], Arrays]]:
    """Return what takes a step on each batch, or searches for each; arrays are padded with -1."""
    torch.set_num_threads(job["threads"])
    named = {f"{name}_token": f"<{name}>" for name in SPECIALS} | {f"{name}_id": n for name, n in SPECIALS.items()}
    special = SimpleNamespace(**named, lang_tags=[], sep_token=None, sep_id=None)
    units = Vocabulary([f"u{number}" for number in range(job["units"])], special)
    model = build_model({**job["network"], "tied_embeddings": True}, units, units)
    batches = [_batch(arrays[f"source {n}"], arrays[f"target {n}"]) for n in range(job["batches"])]
    run = _steps(model, batches, job) if job["what"] == "training step" else _searches(model, batches, job)
    return run, lambda _: {}


def _batch(source: np.ndarray, target: np.ndarray) -> Batch:
    sides = [np.select([side < 0, side == END], [SPECIALS["pad"], SPECIALS["eos"]], side + len(SPECIALS))
             for side in (source, target)]  # fmt: skip
    order = np.argsort(-(sides[0] != SPECIALS["pad"]).sum(1), kind="stable")  # its encoder has the longest first
    source, target = (torch.from_numpy(side[order]) for side in sides)
    begin = torch.full((len(source), 1), SPECIALS["bos"])
    return Batch(
        src=source, src_length=(source != SPECIALS["pad"]).sum(1), src_prompt_mask=None,
        trg=torch.cat([begin, target], 1), trg_prompt_mask=None, indices=torch.arange(len(source)),
        device=torch.device("cpu"), pad_index=SPECIALS["pad"], eos_index=SPECIALS["eos"],
    )  # fmt: skip


def _steps(model: Any, batches: list[Batch], job: Job) -> Callable[[], None]:
    model.loss_function = ("crossentropy", job["label_smoothing"])
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)

    def run() -> None:
        for batch in batches:
            optimiser.zero_grad()
            loss = model(return_type="loss", **vars(batch))[0] / batch.ntokens
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            loss.item()

    return run


def _searches(model: Any, batches: list[Batch], job: Job) -> Callable[[], None]:
    model.eval()

    def run() -> None:
        for batch in batches:
            batch.has_trg = False
            search(model, batch, max_output_length=job["steps"], beam_size=job["beam"], beam_alpha=1.0)

    return run


if __name__ == "__main__":
    serve(prepare, version=version("joeynmt"))
