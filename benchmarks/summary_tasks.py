"""The page `accuracy.md` from the raw numbers; a part of `python -m benchmarks.summary`."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.alternate import known
from benchmarks.summary_plan import plan_table
from benchmarks.tables import Language, Point, machine, raw, table, written

__all__ = ["page"]


@dataclass(frozen=True)
class Asked:
    """What a line of the table is about, and what was asked of it; a score that should be low has `is_low`."""

    title: str
    score: str
    asked: float | str
    is_low: bool = False
    share: bool = False

    def said(self, value: float) -> str:
        """Return a score as it is read."""
        return f"{100 * value:.1f} %" if self.share else f"{value:.4g}"


ASKED: Mapping[str, Asked] = {
    "ptb-small": Asked("Penn Treebank, Zaremba et al.'s small LSTM", "perplexity", 114.5, is_low=True),
    "ptb-60": Asked("Penn Treebank, an hour", "perplexity", 90.0, is_low=True),
    "shakespeare": Asked("tiny shakespeare, characters, nats each", "nats", 1.50, is_low=True),
    "etth1": Asked("ETTh1, 96 to 96 hours, GRU over segments, squared error", "MSE", 0.375, is_low=True),
    "airline-passengers": Asked("airline passengers, defaults, MASE", "MASE", "MASE of seasonal naive", is_low=True),
    "sunspots": Asked("yearly sunspots, defaults, MASE", "MASE", "MASE of seasonal naive", is_low=True),
    "sst2": Asked("SST-2, BiLSTM with attention", "accuracy", 0.815, share=True),
    "chnsenticorp": Asked("ChnSentiCorp, characters, the same", "accuracy", 0.875, share=True),
    "sst2-defaults": Asked("SST-2, defaults", "accuracy", 0.825, share=True),
    "mr-defaults": Asked("MR, defaults", "accuracy", 0.795, share=True),
    "chnsenticorp-defaults": Asked("ChnSentiCorp, defaults", "accuracy", 0.933, share=True),
    "ud_english_ewt": Asked("UD English EWT, UPOS, BiLSTM with characters and CRF", "accuracy", 0.94, share=True),
    "japanese-vowels": Asked("JapaneseVowels", "accuracy", 0.97, share=True),
    "ecg200": Asked("ECG200", "accuracy", 0.82, share=True),
    "italy-power": Asked("ItalyPowerDemand", "accuracy", 0.95, share=True),
    "mnist-lstm": Asked("sequential MNIST, 70,000 parameters, LSTM", "accuracy", 0.97, share=True),
    "mnist-gru": Asked("sequential MNIST, 70,000 parameters, GRU", "accuracy", 0.97, share=True),
    "multi30k": Asked("multi30k, German to English, BLEU, an hour", "bleu", 36.0),
    "multi30k_half_an_hour": Asked("multi30k, German to English, BLEU, half an hour of two cores", "bleu", 33.5),
    "cmudict": Asked("cmudict, spellings to sounds, words that are wrong", "WER", 0.24, is_low=True, share=True),
    "keywords": Asked("twelve keywords, other speakers, BiGRU", "accuracy", 0.92, share=True),
    "keywords-defaults": Asked("the same, defaults", "accuracy", 0.92, share=True),
    "keywords_stream": Asked("the same in streams, GRU forwards alone", "accuracy streamed", 0.915, share=True),
    "fsdd": Asked("spoken digits, each of six speakers in turn, mean", "mean", 0.85, share=True),
    "an4": Asked("AN4, other speakers, word error", "word error", 0.08, is_low=True, share=True),
    "yesno": Asked("yes and no in Hebrew, word error", "word error", 0.001, is_low=True, share=True),
    "lines": Asked(
        "lines of a font that was not learnt, character error", "character error", 0.02, is_low=True, share=True
    ),
    "lines_zh": Asked("the same in Chinese, 600 characters", "character error", 0.02, is_low=True, share=True),
}


def page(language: Language) -> str:
    """Return the page as it follows from the raw numbers."""
    tables = {
        "accuracy": _accuracy(), "epochs": _epochs(), "forecasting": _forecasting(), "overhead": _overhead(),
        "translating": _translating(), "tatoeba": _tatoeba(),
        "machine": machine("accuracy"), "plan": plan_table(),
    }  # fmt: skip
    return written("accuracy", tables, language)


def _accuracy() -> str:
    points = raw("accuracy")["points"]
    runs = {name: [point for point in points if point["name"] == name] for name in ASKED}
    rows = [_line(ASKED[name], found) for name, found in runs.items() if found]
    return table(["data and model", "test score", "worst seed", "seeds", "epochs", "minutes", "threads", "asked"], rows)


def _line(asked: Asked, found: list[Point]) -> list[object]:
    values = [point["scores"][asked.score] for point in found]
    worst = (max if asked.is_low else min)(values)
    goal = found[0]["scores"][asked.asked] if isinstance(asked.asked, str) else asked.asked
    epochs = statistics.mean(point["epochs"] for point in found)
    minutes = statistics.mean(point["seconds"] for point in found) / 60
    return [
        asked.title, asked.said(statistics.mean(values)), asked.said(worst), len(found), f"{epochs:.0f}",
        f"{minutes:.1f}", found[0]["threads"], ("under " if asked.is_low else "") + asked.said(goal),
    ]  # fmt: skip


def _epochs() -> str:
    rows: list[Iterable[object]] = [
        ["Penn Treebank's small LSTM, batch of 20 by 20", p["threads"], f"{p['ratio']:.2f}", "1.08"]
        for p in raw("epochs_language")["points"]
    ]
    rows += [
        [f"classifier, {p['sequences']} sequences of 50 to 1000 steps{like}", p["threads"], f"{ratio:.1f}", "3"]
        for p in raw("epochs_classify")["points"]
        for like, ratio in zip(("", ", plain loop with like lengths"), p["ratios"].values(), strict=True)
    ]
    rows += [
        [f"GRU that forecasts, {p['case'][0]} units, window {p['case'][1]}", p["threads"], f"{p['ratio']:.1f}", "2"]
        for p in raw("epochs_forecast")["points"]
    ]
    return table(["model", "threads", "the plain loop's time over ours", "asked"], rows)


def _forecasting() -> str:
    head = ["case", "steps", "threads", "ours, s", "peer, s", "ratio", "our error", "peer's error"]
    return table(head, [_forecast(point) for point in raw("forecasting")["points"]])


def _forecast(point: Point) -> list[object]:
    errors = {name: statistics.mean(run["absolute error"] for run in runs) for name, runs in point["runs"].items()}
    seconds = [f"{point['medians'][name]:.2f}" for name in ("ours", "peer")]
    case = point["case"]
    return [
        case["name"], case["steps"], point["threads"], *seconds, f"{point['ratio']:.1f}", f"{errors['ours']:.3g}",
        f"{errors['peer']:.3g}",
    ]  # fmt: skip


def _translating() -> str:
    rows: list[Iterable[object]] = []
    for point in known("translating"):
        if point["what"] == "beam of 5":
            of = f"beam of 5 over {point['sentences']:,} sentences"
            rows.append([of, "", point["threads"], f"{point['median']:.1f} s", "", "under 15 s"])
            continue
        ours = f"{point['medians']['ours'] / point['steps'] * 1e3:.0f} ms a batch"
        asked = {"training step": "1.5"}.get(point["what"], "10")
        rows.append([point["what"], point["against"], point["threads"], ours, f"{point['ratio']:.2f}", asked])
    head = ["what", "against", "threads", "ours", "its time over ours", "asked"]
    return table(head, rows or [["not measured", *[""] * 5]])


def _tatoeba() -> str:
    rows: list[Iterable[object]] = [
        ["recurra", f"{point['options']['minutes']:.0f}", point["threads"], f"{point['scores']['bleu']:.1f}",
         f"{point['scores']['chrf']:.1f}", f"{point['scores']['seconds of evaluation']:.0f}"]
        for point in known("accuracy") if point["name"] == "tatoeba_en_zh"
    ]  # fmt: skip
    rows += [
        ["joeynmt 2.3.0", f"{point['minutes']:.0f}", point["threads"], f"{point['bleu']:.1f}", f"{point['chrf']:.1f}",
         f"{point['seconds of search']:.0f}"]
        for point in known("tatoeba_joeynmt")
    ]  # fmt: skip
    return table(["translator", "minutes", "threads", "BLEU", "chrF", "seconds of the search"], rows)


def _overhead() -> str:
    rows = []
    for point in raw("overhead")["points"]:
        hand, ours, plain = (point["medians"][name] * 1e3 for name in ("by hand", "recurra", "Lightning as it comes"))
        rows.append(
            [point["network"], f"{hand:.2f}", f"{ours:.2f}", f"{ours - hand:.2f}", f"{plain - hand:.2f}", "1.0"]
        )
    return table(["network", "by hand, ms", "recurra, ms", "more", "Lightning as it comes, more", "asked"], rows)
