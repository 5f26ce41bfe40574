"""How good translations are: BLEU and chrF by sacreBLEU, what is exact, errors of words and characters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, final

from recurra.data.pairs import TextPairs
from recurra.data.tokens import HAN
from recurra.errors import InputError
from recurra.report.numbers import MISSING
from recurra.tasks.edit_distance import edit_distance
from recurra.tasks.scores import ScoreTable
from recurra.tasks.translate.units import ALONE
from recurra.training.learner import Sum

__all__ = [
    "BleuSums", "PairScores", "TranslateScores", "score_table", "score_texts", "words_of",
]  # fmt: skip

_MARK = "[\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
_WORD = re.compile(rf"{ALONE}|{_MARK}|(?:(?!{ALONE}|{_MARK})\S)+")
"""A character or a mark of a script without spaces, or what else stands between spaces."""

_ORDER = 4
_MISSING_EXTRA = "BLEU and chrF need sacrebleu, which is not installed: pip install 'recurra[translate]'"


@final
@dataclass(frozen=True, kw_only=True)
class PairScores:
    """The scores of texts beside the true ones.

    Attributes
    ----------
    exact
        Share of the different sources whose text is exactly one of the true ones.
    word_error, character_error
        Edits (Levenshtein) of words, and of characters, over those of the true texts; of several true texts of one
        source the nearest counts. Words are what stands between spaces; of scripts without spaces, characters.
    bleu, chrf
        From 0 to 100, by sacreBLEU (Papineni et al. 2002; Popović 2015; Post 2018); None where it is not installed, and
        BLEU where no true text has the four words in a row that it counts.
    bleu_signature, chrf_signature
        How they were measured.
    """

    exact: float
    word_error: float
    character_error: float
    bleu: float | None
    chrf: float | None
    bleu_signature: str | None
    chrf_signature: str | None


@final
@dataclass(frozen=True, kw_only=True)
class TranslateScores:
    """The scores of a translator.

    Attributes
    ----------
    pairs, sources
        How many pairs there are, and how many different sources.
    model
        Of its translations.
    memory
        Of the translation of the most similar source of the training part; None where that part is not at hand.
    perplexity
        exp of the mean of -log p of the units of the true texts (forced decoding).
    """

    pairs: int
    sources: int
    model: PairScores
    memory: PairScores | None
    perplexity: float


def words_of(text: str, /) -> list[str]:
    """Return what stands between spaces; of scripts without spaces each character.

    Examples
    --------
    >>> from recurra.tasks.translate.scores import words_of
    >>> words_of("K AE1 T"), words_of("我 在Oslo。")
    (['K', 'AE1', 'T'], ['我', '在', 'Oslo', '。'])
    """
    return _WORD.findall(text)


def score_texts(pairs: TextPairs, found: Sequence[str], /, *, lowercase: bool) -> PairScores:
    """Compare texts with the targets of pairs.

    Parameters
    ----------
    pairs
        With the true texts.
    found
        (pairs,) a text for each source; the same for the same source.
    lowercase
        Whether case does not count.
    """
    plain = str.lower if lowercase else str
    references: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for source, target, text in zip(pairs.sources, pairs.targets, found, strict=True):
        references.setdefault(source, []).append(plain(target))
        texts[source] = plain(text)
    exact, counts = 0, Counter[str]()
    for source, true in references.items():
        exact += texts[source] in true
        for name, split in (("word", words_of), ("character", list)):
            distance, length = nearest_edits(split(texts[source]), [split(each) for each in true])
            counts[f"{name} edits"] += distance
            counts[f"{name}s"] += length
    try:
        library = sacrebleu()
    except InputError:
        measured: dict[str, Any] = dict.fromkeys(("bleu", "chrf", "bleu_signature", "chrf_signature"))
    else:
        measured = _by_sacrebleu(library, pairs.targets, found, lowercase=lowercase)
    return PairScores(
        exact=exact / len(references),
        word_error=counts["word edits"] / max(1, counts["words"]),
        character_error=counts["character edits"] / max(1, counts["characters"]),
        **measured,
    )


def nearest_edits(found: Sequence[str], true: Sequence[Sequence[str]], /) -> tuple[int, int]:
    """Return the edits to the nearest of some sequences, and that one's length."""
    return min((edit_distance(each, found), len(each)) for each in true)


def sacrebleu() -> ModuleType:
    """Return the library; `InputError` with the command that installs it where it is not there."""
    try:
        import sacrebleu as library
    except ModuleNotFoundError as error:
        if error.name != "sacrebleu":
            raise
        raise InputError(_MISSING_EXTRA) from None
    return library


def bleu_tokens(texts: Sequence[str], /) -> str:
    """Return by which of sacreBLEU's rules texts are split: Chinese, characters for Japanese and Thai, its usual one.

    A few characters of another script do not change it.
    """
    together = "".join(texts)
    alone, han = (len(re.findall(kind, together)) for kind in (ALONE, HAN))
    if 5 * alone <= len(together):
        return "13a"
    return "char" if 5 * (alone - han) > alone else "zh"


def _by_sacrebleu(
    library: ModuleType, targets: Sequence[str], found: Sequence[str], *, lowercase: bool
) -> dict[str, Any]:
    bleu = library.BLEU(lowercase=lowercase, tokenize=bleu_tokens(targets))
    metrics = {"bleu": bleu, "chrf": library.CHRF(lowercase=lowercase)}
    scores: dict[str, Any] = dict.fromkeys(("bleu", "bleu_signature"))
    if not _has_order(targets, bleu.tokenizer):
        del metrics["bleu"]
    for name, metric in metrics.items():
        scores[name] = metric.corpus_score(list(found), [list(targets)]).score
        scores[f"{name}_signature"] = str(metric.get_signature())
    return scores


def _has_order(texts: Iterable[str], split: Callable[[str], str]) -> bool:
    """Say whether any text has as many words as BLEU counts in a row."""
    return any(len(split(text).split()) >= _ORDER for text in texts)


@final
class BleuSums:
    """BLEU of a corpus from sums over its parts, so that batches and processes can be added up.

    Parameters
    ----------
    references
        The texts of the validation part, which say how texts are split.
    lowercase
        Whether case does not count.

    Raises
    ------
    InputError
        If sacreBLEU is not installed, or no text has the four words in a row that BLEU counts.
    """

    def __init__(self, references: Sequence[str], /, *, lowercase: bool) -> None:
        library = sacrebleu()
        self._metric = library.BLEU(lowercase=lowercase, tokenize=bleu_tokens(references), effective_order=False)
        if not _has_order(references, self._metric.tokenizer):
            raise InputError(
                f"choose_by = 'bleu': no text that validates has {_ORDER} words, which BLEU counts in a row; expected "
                "another measure, such as exact or error"
            )
        self._split, self._lowercase = self._metric.tokenizer, lowercase

    def of(self, found: Sequence[str], references: Sequence[str], /) -> dict[str, Sum]:
        """Return the n-grams of texts that are right, those that there are, and the words of both sides."""
        right, total, lengths = [0] * _ORDER, [0] * _ORDER, [0, 0]
        for pair in zip(found, references, strict=True):
            ours, true = (self._words(text) for text in pair)
            lengths[0] += len(ours)
            lengths[1] += len(true)
            for order in range(1, _ORDER + 1):
                grams, wanted = (_grams(words, order) for words in (ours, true))
                right[order - 1] += (grams & wanted).total()
                total[order - 1] += grams.total()
        names = [f"{what} {order}" for what in ("right", "grams") for order in range(_ORDER)] + ["words", "true words"]
        return {name: Sum(number, 1) for name, number in zip(names, [*right, *total, *lengths], strict=True)}

    def score(self, sums: Mapping[str, Sum], /) -> float:
        """Return BLEU of such sums."""
        right, total = ([int(sums[f"{what} {n}"].total) for n in range(_ORDER)] for what in ("right", "grams"))
        sizes = (int(sums[name].total) for name in ("words", "true words"))
        return self._metric.compute_bleu(right, total, *sizes, smooth_method="exp").score

    def _words(self, text: str) -> list[str]:
        return self._split(text.lower() if self._lowercase else text).split()


def _grams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(order)), strict=False))


_ROWS = {
    "bleu": ("BLEU", "{:.1f}"),
    "chrf": ("chrF", "{:.1f}"),
    "exact": ("exact", "{:.1%}"),
    "word_error": ("word error", "{:.1%}"),
    "character_error": ("character error", "{:.1%}"),
}


def score_table(scores: Mapping[str, Any], /) -> ScoreTable:
    """Return `TranslateScores`, as a dictionary, as a table."""
    model, memory = scores["model"], scores["memory"]
    columns = ("score", "model", *(("most similar source",) if memory else ()))
    rows = [
        (name, *(_shown(each[key], form) for each in (model, memory) if each))
        for key, (name, form) in _ROWS.items()
    ]  # fmt: skip
    rows.append(("perplexity of a unit", _shown(scores["perplexity"], "{:.2f}"), *((MISSING,) if memory else ())))
    signatures = ", ".join(filter(None, (model["bleu_signature"], model["chrf_signature"])))
    said = ["Errors are edits over words, and characters, of the true texts."]
    if memory:
        said.append("Beside the model stands the translation of the most similar source of the training part.")
    if signatures and model["bleu"] is None:
        said.append(f"No true text has the {_ORDER} words in a row that BLEU counts.")
    said.append(f"sacreBLEU: {signatures}." if signatures else f"{_MISSING_EXTRA}.")
    return ScoreTable(
        title=f"{scores['pairs']:,} pairs, {scores['sources']:,} different sources",
        columns=columns,
        rows=tuple(rows),
        caption=" ".join(said),
    )


def _shown(value: float | None, form: str) -> str:
    return MISSING if value is None or math.isnan(value) else form.format(value).replace("%", " %")
