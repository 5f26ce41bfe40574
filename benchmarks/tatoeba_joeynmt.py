"""`python -m benchmarks.tatoeba_joeynmt --joey-python PYTHON --data FOLDER --minutes 30`: Tatoeba by joeynmt.

The peer of `benchmarks.accuracy tatoeba_en_zh`: joeynmt's own command trains its recurrent network on the same pairs,
of the sizes that ours has by default, for so many minutes, its validations included as ours are; then its best
checkpoint by BLEU on the validation part translates the test part by a beam of 5. English in as many parts of words,
by sentencepiece; Chinese in characters, as ours. PYTHON is that of an environment with joeynmt and sentencepiece.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sacrebleu
import yaml

from benchmarks.accuracy_translate import _tatoeba as tatoeba
from benchmarks.alternate import known, write
from recurra.tasks import TranslateOptions

OPTIONS = TranslateOptions()
UNITS = 2000
"""Parts of English words; ours are about twice the root of the characters."""

_PIECES = """
import sentencepiece, sys
text, model, units = sys.argv[1:]
sentencepiece.SentencePieceTrainer.train(
    input=text, model_prefix=model, vocab_size=int(units), character_coverage=1.0, model_type="bpe", pad_id=-1,
    minloglevel=2,
)
"""

_JOEY = """
import functools, runpy, sys
import torch
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau.__init__
@functools.wraps(plateau)
def init(self, *arguments, verbose=None, **options):  # joeynmt 2.3.0 says what torch no longer knows
    plateau(self, *arguments, **options)
torch.optim.lr_scheduler.ReduceLROnPlateau.__init__ = init
sys.argv[0] = "joeynmt"
runpy.run_module("joeynmt", run_name="__main__")
"""


def config(folder: Path, *, rate: float) -> dict[str, object]:
    """Return joeynmt's configuration: its recurrent network at our sizes, its regularisation as ours is by default."""
    dropout = 0.4
    of_both = {
        "rnn_type": "lstm", "type": "recurrent", "dropout": dropout,
        "embeddings": {"embedding_dim": OPTIONS.embedding_size, "scale": False},
    }  # fmt: skip
    side = {"max_length": OPTIONS.longest, "lowercase": False, "normalize": False, "voc_min_freq": 1}
    pieces = {"model_file": str(folder / "pieces.model"), "model_type": "bpe", "pretokenizer": "none"}
    return {
        "name": "tatoeba", "joeynmt_version": "2.3.0", "model_dir": str(folder / "model"), "use_cuda": False,
        "fp16": False, "random_seed": 0,
        "data": {
            **{part: str(folder / part) for part in ("train", "dev", "test")}, "dataset_type": "plain",
            "src": {**side, "lang": "en", "level": "bpe", "tokenizer_type": "sentencepiece", "tokenizer_cfg": pieces},
            "trg": {**side, "lang": "zh", "level": "char"},
        },
        "testing": {
            "n_best": 1, "beam_size": 5, "beam_alpha": 1.0, "batch_size": 64, "batch_type": "sentence",
            "max_output_length": 60, "eval_metrics": ["bleu"], "sacrebleu_cfg": {"tokenize": "zh"},
        },
        "training": {
            "optimizer": "adam", "learning_rate": rate, "scheduling": "plateau", "patience": 3, "decrease_factor": 0.7,
            "clip_grad_norm": OPTIONS.clip, "label_smoothing": OPTIONS.label_smoothing, "normalization": "tokens",
            "loss": "crossentropy", "batch_size": 64, "batch_type": "sentence", "epochs": 1000, "validation_freq": 300,
            "logging_freq": 100, "early_stopping_metric": "bleu", "shuffle": True, "print_valid_sents": [],
            "keep_best_ckpts": 1,
        },
        "model": {
            "initializer": "xavier_uniform", "bias_initializer": "zeros", "embed_initializer": "normal",
            "embed_init_weight": 0.1,
            "encoder": {**of_both, "hidden_size": OPTIONS.hidden_size, "bidirectional": True, "num_layers": 1},
            "decoder": {
                **of_both, "hidden_size": OPTIONS.decoder_width, "hidden_dropout": dropout, "attention": "luong",
                "num_layers": OPTIONS.decoder_layers, "input_feeding": True, "init_hidden": "bridge",
            },
        },
    }  # fmt: skip


def main() -> None:
    """Train, translate, score, and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--joey-python", required=True, help="Python of an environment with joeynmt and sentencepiece")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts = dict(zip(("train", "dev", "test"), tatoeba(given.data), strict=True))
        for part, pairs in parts.items():
            for number, language in enumerate(("en", "zh")):
                lines = [pair[number].replace("\n", " ") for pair in pairs]
                (folder / f"{part}.{language}").write_text("\n".join(lines) + "\n", encoding="utf-8")
        pieces = [str(folder / "train.en"), str(folder / "pieces"), str(UNITS)]
        subprocess.run([given.joey_python, "-c", _PIECES, *pieces], check=True)
        (folder / "config.yaml").write_text(yaml.safe_dump(config(folder, rate=given.rate)), encoding="utf-8")
        start = time.perf_counter()
        _joey(given, folder, "train", "--skip-test", seconds=60 * given.minutes)
        trained, start = time.perf_counter() - start, time.perf_counter()
        _joey(given, folder, "test", "--output-path", str(folder / "found"))
        searched = time.perf_counter() - start
        found = (folder / "found.test").read_text(encoding="utf-8").splitlines()
        log = (folder / "model" / "train.log").read_text(encoding="utf-8").splitlines()
    truths = [pair[1] for pair in parts["test"]]
    bleu, chrf = sacrebleu.BLEU(tokenize="zh"), sacrebleu.CHRF()
    points = {
        "rate": given.rate, "minutes": given.minutes, "threads": given.threads,
        "bleu": bleu.corpus_score(found, [truths]).score, "chrf": chrf.corpus_score(found, [truths]).score,
        "signature": str(bleu.get_signature()), "seconds of training": round(trained, 1),
        "seconds of search": round(searched, 1),
        "validations": [line.rpartition("bleu:")[2].split(",")[0].strip() for line in log if "bleu:" in line.lower()],
    }  # fmt: skip
    sys.stdout.write(json.dumps(points) + "\n")
    write("tatoeba_joeynmt", "python -m benchmarks.tatoeba_joeynmt", [*known("tatoeba_joeynmt"), points])


def _joey(given: argparse.Namespace, folder: Path, *command: str, seconds: float | None = None) -> None:
    """Run joeynmt's command; a training ends when its time is over."""
    said = [given.joey_python, "-c", _JOEY, command[0], str(folder / "config.yaml"), *command[1:]]
    environment = {**os.environ, "OMP_NUM_THREADS": str(given.threads)}
    try:
        subprocess.run(said, env=environment, check=True, timeout=seconds, stdout=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return


if __name__ == "__main__":
    main()
