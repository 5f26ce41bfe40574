"""`SequenceTagger` in Python: fit, predict, evaluate, save, load."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
import torch
from tag_cases import ENTITIES, PARTS, SMALL, as_columns, sentences

from exported_models import ExportedGraph
from recurra import cell, tanh
from recurra.errors import DataError, InputError
from recurra.export import check_export
from recurra.tasks import SequenceTagger, TagOptions
from recurra.tasks.tag.data import outside

QUICK = dataclasses.replace(SMALL, epochs=1)


def words_of(given: Any) -> list[list[str]]:
    return [[word for word, _ in sentence] for sentence in given]


def test_it_learns_a_small_grammar(parts_tagger: SequenceTagger) -> None:
    assert parts_tagger.predict([["the", "dog", "finds"]]) == [["DET", "NOUN", "VERB"]]
    test = parts_tagger.metrics_["test"]
    assert test["model"]["tokens"]["share"] == 1.0
    assert test["usual_tag"]["tokens"]["share"] == 1.0
    assert test["model"]["sentences"]["count"] == 6


def test_it_learns_entities_and_writes_them_in_the_scheme_of_the_file(entity_tagger: SequenceTagger) -> None:
    assert entity_tagger.options_.scheme == "BIO"
    assert entity_tagger.predict([["Ms", "Ada", "Byron", "flew", "to", "Rome"]]) == [
        ["O", "B-PER", "I-PER", "O", "O", "B-LOC"]
    ]
    assert set(entity_tagger.vocabulary_.tags.tokens) == {"O", "B-PER", "E-PER", "I-PER", "S-LOC", "S-PER"} - {
        "I-PER", "S-PER"
    }  # fmt: skip
    assert entity_tagger.metrics_["test"]["model"]["entities"]["f1"] == 1.0
    assert entity_tagger.history_of_training_.validations[-1]["f1"] == 1.0


@pytest.mark.parametrize("head", ["crf", "softmax"])
@pytest.mark.parametrize("characters", ["recurrent", "convolution", "none"])
def test_every_head_with_every_reader_of_characters(head: str, characters: str, tmp_path: Path) -> None:
    options = dataclasses.replace(QUICK, head=head, characters=characters, dropout_of="token", layers=2)
    tagger = SequenceTagger(options).fit(sentences(ENTITIES, count=30))
    again = SequenceTagger.load(tagger.save(tmp_path / "model"))
    new = words_of(sentences(ENTITIES, count=5, seed=2))
    assert again.predict(new) == tagger.predict(new)
    assert (again.network_.characters is None) == (characters == "none")


def test_save_and_load_give_the_same_model(parts_tagger: SequenceTagger, parts_file: Path, tmp_path: Path) -> None:
    again = SequenceTagger.load(parts_tagger.save(tmp_path / "model"))
    assert again.vocabulary_ == parts_tagger.vocabulary_
    assert again.options_ == parts_tagger.options_
    assert again.metrics_ == parts_tagger.metrics_
    assert again.listing(parts_file).frame.equals(parts_tagger.listing(parts_file).frame)
    second = again.save(tmp_path / "second")
    assert (second / "predictions.csv").read_bytes() == (tmp_path / "model" / "predictions.csv").read_bytes()


def test_a_resumed_training_gives_the_same_weights(parts_file: Path, tmp_path: Path) -> None:
    """Words taken for unknown ones and dropout are drawn on from where the training stopped."""
    four, two = (dataclasses.replace(SMALL, epochs=epochs) for epochs in (4, 2))
    whole = SequenceTagger(four).fit(parts_file)
    SequenceTagger(two).fit(parts_file, checkpoints=tmp_path / "model.training")
    resumed = SequenceTagger(four).fit(parts_file, checkpoints=tmp_path / "model.training", resume=True)
    for name, weight in whole.network_.state_dict().items():
        assert torch.equal(weight, resumed.network_.state_dict()[name]), name


def test_the_predictions_of_the_test_part(parts_tagger: SequenceTagger, parts_file: Path, tmp_path: Path) -> None:
    folder = parts_tagger.save(tmp_path / "model")
    rows = list(csv.DictReader(io.StringIO((folder / "predictions.csv").read_text())))
    assert len(rows) == parts_tagger.metrics_["test"]["model"]["tokens"]["count"]
    lines = parts_file.read_text().splitlines()
    for row in rows:
        assert lines[int(row["line"]) - 1].split("\t")[1] == row["word"]
        assert lines[int(row["line"]) - 1].split("\t")[3] == row["truth"]
        assert 0.0 < float(row["probability"]) <= 1.0


def test_conll_comes_out_as_it_went_in(parts_tagger: SequenceTagger, parts_file: Path) -> None:
    untagged = parts_file.read_text().replace("\tNOUN\t", "\t_\t")
    path = parts_file.with_name("untagged.conllu")
    path.write_text(untagged)
    assert parts_tagger.listing(path).text == parts_file.read_text()


def test_a_column_file_with_and_without_tags(entity_tagger: SequenceTagger, tmp_path: Path) -> None:
    path = tmp_path / "new.conll"
    path.write_text("Ada y O\nHopper y O\n\n")
    assert entity_tagger.listing(path).text == "Ada y B-PER\nHopper y I-PER\n\n"
    path.write_text("Ada y\nHopper y\n\n")
    assert entity_tagger.listing(path).text == "Ada y B-PER\nHopper y I-PER\n\n"


def test_plain_text_is_a_sentence_a_line(
    entity_tagger: SequenceTagger, parts_tagger: SequenceTagger, tmp_path: Path
) -> None:
    path = tmp_path / "new.txt"
    path.write_text("\ufeffMs  Ada Byron went\n\nto London .\n")
    assert entity_tagger.predict(path) == [["O", "B-PER", "I-PER", "O"], ["O", "B-LOC", "O"]]
    text = entity_tagger.listing(path).text
    assert text is not None
    assert text.startswith("Ms O\nAda B-PER\n")
    universal = parts_tagger.listing(path).text
    assert universal is not None
    assert universal.splitlines()[0].split("\t")[:3] == ["1", "Ms", "_"]
    path.write_text("to x O\nLondon x O\n")
    assert entity_tagger.predict(path) == [["O", "B-LOC"]]


def test_a_text_that_looks_like_training_has_columns(parts_tagger: SequenceTagger, parts_file: Path) -> None:
    path = parts_file.with_name("copy.txt")
    path.write_text(parts_file.read_text())
    assert parts_tagger.listing(path).text == parts_file.read_text()


def test_frames_have_a_token_a_row(tmp_path: Path) -> None:
    given = sentences(PARTS, count=40)
    rows = [(number, *token) for number, sentence in enumerate(given) for token in sentence]
    frame = polars.DataFrame(rows, schema=["sentence", "word", "upos"], orient="row")
    fitted = SequenceTagger(dataclasses.replace(SMALL, column="upos", epochs=2)).fit(frame.to_pandas())
    frame.drop("upos").write_csv(tmp_path / "new.csv")
    assert fitted.predict(tmp_path / "new.csv") == fitted.predict(frame) == fitted.predict(words_of(given))
    assert fitted.evaluate(frame).model.tokens.count == len(rows)


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("IOB1", "I-PER I-PER O I-LOC B-LOC"),
        ("BIOES", "B-PER E-PER O S-LOC S-LOC"),
        ("BMES", "PER_B PER_E O LOC_S LOC_S"),
    ],
)
def test_other_schemes_are_found_and_written_back(scheme: str, tags: str) -> None:
    written = tags.split()
    if scheme == "BMES":
        written = [*written, "ORG_B", "ORG_M", "ORG_E"]
    given = [list(zip(["Ada", "Byron", "saw", "Rome", "Paris", "the", "UN", "it"], written, strict=False))] * 30
    tagger = SequenceTagger(SMALL).fit(given)
    assert tagger.options_.scheme == scheme
    assert tagger.predict(words_of(given[:1])) == [written]
    assert tagger.metrics_["test"]["model"]["entities"]["f1"] == 1.0


def test_lax_tags_are_read_as_the_evaluation_reads_them_and_said(tmp_path: Path) -> None:
    path = tmp_path / "lax.conll"
    path.write_text("a O\nb B-PER\n\n" * 40 + "a B-PER\nb I-LOC\n")
    tagger = SequenceTagger(dataclasses.replace(QUICK, epochs=1)).fit(path)
    assert tagger.options_.scheme == "BIO"
    assert re.search(r"1 tag does not follow BIO and is read .*line 122: the tag 'I-LOC' follows", tagger.trained_on())
    assert tagger.evaluate(path).model.entities is not None


def test_tags_in_no_known_scheme_are_said(tmp_path: Path) -> None:
    path = tmp_path / "types.conll"
    path.write_text("a O\nb PER\n\n" * 40)
    tagger = SequenceTagger(dataclasses.replace(QUICK, epochs=1)).fit(path)
    assert "the tags (PER, ...) are in no known scheme of entities" in tagger.trained_on()


@pytest.mark.parametrize(("tokens", "found"), [("天 地 玄 黄", 7), ("天 地 GRU 黄", 5), ("天地 玄黄", 2)])
def test_plain_texts_are_split_as_the_tokens_of_training(tmp_path: Path, tokens: str, found: int) -> None:
    given = [[(token, "AB"[place % 2]) for place, token in enumerate(tokens.split())]] * 30
    tagger = SequenceTagger(dataclasses.replace(QUICK, epochs=1)).fit(given)
    (tmp_path / "new.txt").write_text("天地 地GRU黄\n")
    assert len(tagger.predict(tmp_path / "new.txt")[0]) == found


def test_what_is_decoded_follows_the_scheme(entities_file: Path) -> None:
    tagger = SequenceTagger(dataclasses.replace(QUICK, learning_rate=1e-6, head="softmax")).fit(entities_file)
    for tags in tagger.predict(words_of(sentences(ENTITIES, count=50, seed=3))):
        for before, tag in zip(["O", *tags], tags, strict=False):
            assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_going_on_keeps_the_network_and_its_tags(parts_tagger: SequenceTagger, tmp_path: Path) -> None:
    tagger = SequenceTagger.load(parts_tagger.save(tmp_path / "model"))
    tagger.options = TagOptions(epochs=1, learning_rate=1e-9)
    tagger.fit(sentences(PARTS, count=40, seed=5), go_on=True)
    assert (tagger.options_.hidden_size, tagger.options_.epochs) == (16, 1)
    assert tagger.metrics_["test"]["model"]["tokens"]["share"] == 1.0
    with pytest.raises(DataError, match=r"the sentences, line 1: the model has no tag 'X', only the 5"):
        tagger.fit([[("a", "X"), ("b", "DET")]] * 30, go_on=True)
    tagger.options = TagOptions(hidden_size=99)
    with pytest.raises(InputError, match="hidden_size = 99: the earlier model has 16"):
        tagger.fit(sentences(PARTS, count=40), go_on=True)


def test_pretrained_vectors(parts_file: Path, tmp_path: Path) -> None:
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("wolf 1 2 3\nthe 4 5 6\nzebra 7 8 9\n")
    options = dataclasses.replace(QUICK, vectors=str(vectors), vector_words=1, tune_vectors=False)
    tagger = SequenceTagger(options).fit(parts_file)
    words = tagger.vocabulary_.words
    assert "wolf" in words
    assert "zebra" not in words
    assert tagger.network_.words.weight[words.number("the")].tolist() == [4, 5, 6]
    assert tagger.vocabulary_.is_known("the")
    assert not tagger.vocabulary_.is_known("wolf")
    again = SequenceTagger.load(tagger.save(tmp_path / "model"))
    vectors.unlink()
    assert again.predict([["wolf"]]) == tagger.predict([["wolf"]])


def test_a_cell_of_ones_own(parts_file: Path, tmp_path: Path) -> None:
    @cell
    def Leaky(p, x, h):
        """A leaky unit."""
        h = 0.5 * h + 0.5 * tanh(x @ p.W_x + h @ p.W_h + p.b)
        return h  # noqa: RET504

    options = dataclasses.replace(QUICK, characters="none", bidirectional=False)
    tagger = SequenceTagger(options, cell=Leaky).fit(parts_file)
    again = SequenceTagger.load(tagger.save(tmp_path / "model"))
    assert again.predict([["the", "cat"]]) == tagger.predict([["the", "cat"]])


def test_evaluating_other_sentences(parts_tagger: SequenceTagger) -> None:
    scores = parts_tagger.evaluate([[("the", "DET"), ("zebra", "NOUN")], [("sees", "DET")]]).model
    assert (scores.tokens.count, scores.unknown_words.count) == (3, 1)
    assert scores.tokens.share == pytest.approx(2 / 3)
    assert scores.sentences.share == 0.5


def test_a_tag_that_training_has_not_seen_is_an_error_of_the_model(parts_tagger: SequenceTagger) -> None:
    assert parts_tagger.evaluate([[("the", "XYZ")]]).model.tokens.share == 0.0


def test_one_token_and_words_of_any_length(parts_tagger: SequenceTagger) -> None:
    long = parts_tagger.predict([["a"], ["x" * 3000], ["the"] * 700])
    assert [len(tags) for tags in long] == [1, 1, 700]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "the sentences holds no sentence|no sentence"),
        ([[]], r"sentence 1 is \[\]; expected a list with at least one word"),
        ([["a b"]], r"sentence 1, token 1: the word is 'a b'; expected a text without white space"),
        ([[""]], "without white space"),
        (["ab"], "expected a list with at least one word"),
    ],
)
def test_sentences_that_cannot_be_tagged(parts_tagger: SequenceTagger, data: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parts_tagger.predict(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a O\nb B-PER\n\n" * 5 + "a B-PER\nb I-LOC\n", r"line 17: the tag 'I-LOC' follows 'B-PER'"),
        ("a X\nb X\n\n" * 20, "all tokens have the tag 'X'; expected at least two tags"),
        ("a X\nb Y\n\n" * 2, "2 sentences, too few to take some for (validation|test)"),
        ("a\nb\n\n" * 20, "has no column of tags"),
        ("a X\nb\n", "line 2: 1 columns; expected 2"),
        ("", "holds no sentence"),
    ],
)
def test_files_that_cannot_be_learnt_from(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.conll"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        SequenceTagger(dataclasses.replace(QUICK, scheme="strict")).fit(path)


def test_without_a_scheme_tags_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "odd.conll"
    path.write_text("a O\nb I-PER\n\nc B-PER\nd I-LOC\n\n" * 20)
    tagger = SequenceTagger(dataclasses.replace(QUICK, scheme="none")).fit(path)
    assert tagger.metrics_["test"]["model"]["entities"] is None


def test_another_column(tmp_path: Path) -> None:
    path = tmp_path / "columns.conll"
    path.write_text(as_columns(sentences(PARTS, count=40)).replace(" x ", " A ").replace("cat A", "cat B"))
    tagger = SequenceTagger(dataclasses.replace(SMALL, column="2", word_column="1")).fit(path)
    assert tagger.predict([["the", "cat"]]) == [["A", "B"]]
    with pytest.raises(DataError, match="there is no column 9"):
        SequenceTagger(dataclasses.replace(SMALL, column="9")).fit(path)


def test_options_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="together 1"):
        TagOptions(validation_fraction=0.5, test_fraction=0.5)
    with pytest.raises(InputError, match="character_features = 3: expected an even number"):
        TagOptions(character_features=3)


def test_exported_taggers_find_the_same_tags(entity_tagger: SequenceTagger, tmp_path: Path) -> None:
    graph, known = ExportedGraph(entity_tagger, tmp_path, lengths=True), entity_tagger._trained
    given = words_of(sentences(ENTITIES, count=5, seed=9))
    lengths = np.array([*map(len, given)], np.int32)
    words = np.zeros((5, lengths.max()), np.int64)
    letters, counts = np.zeros((5, lengths.max(), 8), np.int64), np.zeros((5, lengths.max()), np.int32)
    for row, sentence in enumerate(given):
        lower = graph.tables["inputs"]["x"]["lowercase"]
        words[row, : len(sentence)] = graph.numbers("x", [word.lower() if lower else word for word in sentence])
        for place, word in enumerate(sentence):
            counts[row, place] = len(word)
            letters[row, place, : len(word)] = graph.numbers("letters", word)
    (found,) = graph(x=words, lengths=lengths, letters=letters, letters_lengths=counts)
    names = graph.tables["output"]["classes"]
    rows = [[names[tag] for tag in row[:length]] for row, length in zip(found, lengths, strict=True)]
    assert [outside(row, known.vocabulary.marks) for row in rows] == entity_tagger.predict(given)
    check_export(entity_tagger, "c", weights="int8")


def test_independent_tags_are_exported_too(parts_tagger: SequenceTagger) -> None:
    check_export(parts_tagger, "onnx")
