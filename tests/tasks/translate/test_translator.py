"""`Translator` in Python and by the command: fit, predict, evaluate, save, load, resume."""

from __future__ import annotations

import dataclasses
import itertools
import pickle
import re
import runpy
from pathlib import Path
from typing import Literal

import numpy as np
import polars
import pytest
import torch

from recurra.errors import DataError, ExportError, InputError
from recurra.export import check_export
from recurra.serve.models import served
from recurra.tasks import DecodeOptions, TranslateOptions, Translator
from recurra.tasks.model import Sources
from recurra.tasks.translate.page import translate_report

WORDS = {"1": "one", "2": "two", "3": "three", "4": "four"}
PAIRS = [("".join(digits), " ".join(WORDS[digit] for digit in digits))
         for size in (1, 2, 3) for digits in itertools.product(WORDS, repeat=size)]  # fmt: skip
SMALL = TranslateOptions(
    hidden_size=32, embedding_size=32, epochs=30, batch_size=8, learning_rate=0.01, dropout=0.0, target_units="word",
    embedding_dropout=0.0, label_smoothing=0.0, average_decay=0.0, test_fraction=0.1, validation_fraction=0.1, beam=3,
    choose_by="error", patience=30,
)  # fmt: skip
QUICK = dataclasses.replace(SMALL, epochs=2, choose_by="loss")


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Translator:
    path = tmp_path_factory.mktemp("translate") / "pairs.tsv"
    path.write_text("digits\twords\n" + "".join(f"{source}\t{target}\n" for source, target in PAIRS))
    return Translator(SMALL).fit(path)


def test_it_learns_to_spell_numbers(translator: Translator) -> None:
    test = translator.metrics_["test"]
    assert test["model"]["exact"] > 0.6
    assert test["model"]["word_error"] < test["memory"]["word_error"]
    assert translator.predict(["4321"[:3], ""]) == ["four three two", ""]
    assert dataclasses.asdict(translator.evaluate(PAIRS))["model"]["exact"] > 0.8
    assert (translator.options_.source_units, translator.options_.target_units) == ("char", "word")
    (found,), (text,) = translator.translations(["12"]), translator.predict(["12"])
    assert found[0].weights.shape == (2, 3)
    assert found[0].weights.sum(1) == pytest.approx(1.0, abs=1e-4)
    assert translator.log_prob([("12", text)])[0] == pytest.approx(found[0].log_prob, abs=1e-4)


def test_a_search_for_several_and_draws(translator: Translator) -> None:
    several = translator.translations(["21"], DecodeOptions(beam=4, best=3))[0]
    assert [each.score for each in several] == sorted((each.score for each in several), reverse=True)
    assert len({each.text for each in several}) == 3
    drawn = [translator.predict(["21"], DecodeOptions(temperature=5.0, seed=seed)) for seed in (1, 1, 2, 3)]
    assert drawn[0] == drawn[1]
    assert len(set(map(str, drawn))) > 1
    many = translator.predict(["21"] * 512, DecodeOptions(temperature=5.0))
    assert many[:256] != many[256:]
    assert many[300] == translator.predict(["3"] * 100 + ["21"] * 400, DecodeOptions(temperature=5.0))[300]


def test_a_translation_does_not_depend_on_what_is_beside_it() -> None:
    """Also where none comes to an end, as those of a network that has learnt nothing."""
    translator = Translator(dataclasses.replace(QUICK, epochs=1, learning_rate=1e-6)).fit(PAIRS)
    texts = ["1", "1" * 20, "12" * 30, "3", "4" * 9]
    for decoding in (DecodeOptions(beam=1), DecodeOptions(beam=3, best=2), DecodeOptions(temperature=1.0, seed=4)):
        alone = [translator.predict(["2"] * place + [text], decoding)[place] for place, text in enumerate(texts)]
        assert translator.predict(texts, decoding) == alone


def test_the_largest_length_penalty_is_a_number_for_long_texts(translator: Translator) -> None:
    assert translator.predict(["1234" * 2000], DecodeOptions(beam=2, length_penalty=10, seconds=0.01))
    with pytest.raises(InputError, match="length_penalty = 11: expected a number from 0 to 10"):
        DecodeOptions(length_penalty=11)


def test_an_estimator_is_pickled_with_its_report(translator: Translator, tmp_path: Path) -> None:
    loaded = Translator.load(translator.save(tmp_path / "model"))
    for each in (translator, loaded, Translator(QUICK)):
        again = pickle.loads(pickle.dumps(each))
        assert again.options == each.options
        assert again.is_fitted == each.is_fitted
        if again.is_fitted:
            assert again.predict(["31"]) == each.predict(["31"])
            again.save(tmp_path / "again")
            pages = [(tmp_path / name / "report.html").read_bytes() for name in ("model", "again")]
            assert pages[0] == pages[1]


def test_save_and_load_give_the_same_model(translator: Translator, tmp_path: Path) -> None:
    folder = translator.save(tmp_path / "model")
    again = Translator.load(folder)
    assert again.predict(["1234", "31"]) == translator.predict(["1234", "31"])
    assert again.metrics_ == translator.metrics_
    assert again.quantised("int8").predict(["31"]) == ["three one"]
    listing = again.listing(["31"])
    assert listing.text == "three one\n"
    assert listing.frame["units"].to_list() == [["three", "one"]]
    page = (folder / "report.html").read_text()
    for each in ("Scores by the length", "The worst", "most similar source"):
        assert each in page
    rows = polars.read_csv(folder / "predictions.csv", infer_schema=False)
    assert rows.columns == ["row", "source", "target", "translation", "log_prob"]
    tested = again.listing().frame  # the sources are digits, and stay texts
    assert tested["source"].to_list() == rows["source"].to_list()
    assert tested["row"].to_list() == list(map(int, rows["row"]))


def test_it_leaves_python_as_two_graphs(translator: Translator, root: Path, tmp_path: Path) -> None:
    """The script of the examples, which knows nothing of recurra, writes what a greedy search writes."""
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    files = translator.export(tmp_path / "model.onnx")
    assert [file.name for file in files] == ["model.encoder.onnx", "model.decoder.onnx", "model.json"]
    exported = runpy.run_path(str(root / "examples" / "translate_onnx.py"))["Translator"](tmp_path / "model")
    texts = ["1234", "31", "444", "2"]
    assert [exported(text) for text in texts] == translator.predict(texts, DecodeOptions(beam=1))
    assert check_export(translator, "onnx").agrees
    with pytest.raises(ExportError, match=r"^translate: .*: it has attention.*to='c' cannot say that, to='onnx' can"):
        translator.export(tmp_path / "model.c")


def test_a_training_that_was_interrupted_gives_the_same_bits(tmp_path: Path) -> None:
    options = dataclasses.replace(
        QUICK, dropout=0.2, epochs=4, scheduled_sampling=0.5, average_decay=0.9, schedule="constant"
    )
    whole = Translator(options).fit(PAIRS)
    checkpoints = tmp_path / "m.training"
    Translator(dataclasses.replace(options, epochs=4, max_steps=20)).fit(PAIRS, checkpoints=checkpoints)
    resumed = Translator(dataclasses.replace(options, epochs=4)).fit(PAIRS, checkpoints=checkpoints, resume=True)
    state = whole.network_.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in resumed.network_.state_dict().items())


@pytest.mark.parametrize("options", [
    pytest.param({
        "feeding": "output", "attention": "additive", "decoder_cell": "LSTM", "weight_drop": 0.2, "unit_dropout": 0.1,
    }, id="output"),
    pytest.param({
        "feeding": "context", "attention": "multihead", "heads": 2, "self_attention": True, "locked_dropout": True,
    }, id="context", marks=pytest.mark.slow),
    pytest.param({
        "feeding": "none", "attention": "dot", "decoder_layers": 1, "tied": False, "units": "bpe", "layers": 2,
    }, id="none", marks=pytest.mark.slow),
])  # fmt: skip
def test_every_kind_of_network_trains_and_comes_back(options: dict[str, object], tmp_path: Path) -> None:
    chosen = dataclasses.replace(QUICK, epochs=1, hidden_size=8, **options)  # pyright: ignore[reportArgumentType]
    made = Translator(chosen).fit(PAIRS)
    again = Translator.load(made.save(tmp_path / "model", lean=True))
    pairs = PAIRS[:4]
    assert np.array_equal(again.log_prob(pairs), made.log_prob(pairs))


def test_it_is_served_as_it_predicts(translator: Translator, tmp_path: Path) -> None:
    model = served("speller", translator.save(tmp_path / "model", lean=True))
    found = model.predict(model.body_kind(texts=["12", ""], beam=2, best=2))["translations"]
    assert [each["text"] for each in found[0]] == [
        each.text for each in translator.translations(["12"], DecodeOptions(beam=2, best=2))[0]
    ]
    assert found[1] == [{"text": "", "log_prob": None}]
    first = model.turn(model.message_kind(text="3"), {})
    second = model.turn(model.message_kind(text="1"), first.notes)
    assert second.work is not None
    second.work()
    assert second.answer() == {"source": "31", "text": "three one"}


def test_unknown_words_are_replaced_by_what_was_looked_at(translator: Translator) -> None:
    """The words of the target are known or not; the source's unit stands for one that is not."""
    options = dataclasses.replace(QUICK, units="word", minimum_count=3, joint=True)
    made = Translator(options).fit([(f"{a} {b}", f"{a} {b}") for a in "abcd" for b in "abcd"] + [("x rare", "x rare")])
    found = made.translations(["a unseen"], DecodeOptions(best=3))[0]
    assert all("<unk>" not in each.text for each in found)


@pytest.mark.parametrize(("choice", "score"), [("exact", "exact"), ("error", "word_error")])
def test_what_chooses_the_weights_counts_the_nearest_target_as_the_scores_do(
    choice: Literal["exact", "error"], score: str
) -> None:
    options = dataclasses.replace(QUICK, choose_by=choice, beam=1, epochs=12)
    validation = [pair for source, target in PAIRS[:8] for pair in ((source, "nine nine nine"), (source, target))]
    made = Translator(options).fit(PAIRS, validation=validation, test=PAIRS[:2])
    assert made.training_ is not None
    best = made.training_.validation[choice]
    assert made.evaluate(validation).model.exact > 0.5
    assert getattr(made.evaluate(validation).model, score) == pytest.approx(best)


def test_going_on_keeps_the_units(translator: Translator, tmp_path: Path) -> None:
    again = Translator.load(translator.save(tmp_path / "model", lean=True))
    again.options = TranslateOptions(
        epochs=1, learning_rate=1e-9, choose_by="exact", batch_size=16, beam=1, test_fraction=0.1
    )
    again.fit(PAIRS, go_on=True)
    assert again.predict(["432"]) == ["four three two"]


def test_what_trains_is_counted_without_what_is_too_long() -> None:
    made = Translator(dataclasses.replace(QUICK, epochs=1, longest=2)).fit(PAIRS, test=PAIRS[:2], validation=PAIRS[2:4])
    assert made.metrics_["trained_on"] == (
        "20 pairs train, 2 validate (from the pairs), 2 test (from the pairs); 2 of those that test are in training "
        "too; 64 that are longer than 2 units do not train"
    )


def test_bad_input_is_named(translator: Translator, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the texts, row 2: the model knows no character of 'Привет'"):
        translator.predict(["12", "Привет"])
    with pytest.raises(DataError, match=r"the pairs, row 1: the model knows no character of 'абв'"):
        Translator(QUICK).fit(PAIRS, test=[("абв", "one")])
    with pytest.raises(DataError, match="too few to take some for validation"):
        Translator(QUICK).fit(PAIRS[:3])
    with pytest.raises(DataError, match="longest = 1: all pairs of the pairs have more units"):
        Translator(dataclasses.replace(QUICK, longest=1)).fit(PAIRS[4:])
    with pytest.raises(InputError, match="a translator learns from pairs of texts: expected a file"):
        Translator(QUICK).fit(None)
    with pytest.raises(InputError, match="minimum_count = 2: units of a unigram model are chosen by their likelihood"):
        Translator(dataclasses.replace(QUICK, units="unigram", target_units=None, minimum_count=2)).fit(PAIRS)
    for wrong in ({"beam": 1}, 5, DecodeOptions):
        with pytest.raises(InputError, match=r"decoding: got .*; expected DecodeOptions, such as"):
            translator.predict(["12"], wrong)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match=r"source_file = 'a': expected no data beside it"):
        Translator(dataclasses.replace(QUICK, source_file="a", target_file="b")).fit(PAIRS)


WRONG = {
    "one file": ({"source_file": "a"}, "got source_file alone; expected both source_file and target_file"),
    "layers": ({"decoder_layers": 1}, "decoder_layers = 1: feeding = 'above' needs a layer above"),
    "dot": ({"attention": "dot", "decoder_size": 20}, "decoder_size = 20: attention = 'dot' needs 512"),
    "heads": ({"attention": "multihead", "decoder_size": 30}, "heads = 4: attention has 30 features"),
    "joint": ({"joint": True, "source_units": "char"}, "joint = True: the units are char and auto"),
    "shares": ({"test_fraction": 0.6, "validation_fraction": 0.5}, "together 1.1"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_options_that_do_not_go_together(wrong: str) -> None:
    options, message = WRONG[wrong]
    with pytest.raises(InputError, match=re.escape(message)):
        TranslateOptions(**options)  # pyright: ignore[reportArgumentType]


def test_the_page_shows_where_it_looked(translator: Translator) -> None:
    prepared = translator.prepare(Sources(training=PAIRS))
    found = [each[0] for each in translator.model_.translated(prepared.split.test.sources)]
    report = translate_report(translator.model_, prepared.split, found=found, metrics=translator.metrics_)
    maps = next(section for section in report.sections if section.title == "Attention").blocks
    assert maps
    assert maps[0].columns[-1] == "end"  # pyright: ignore[reportAttributeAccessIssue]
