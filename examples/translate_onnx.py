"""A translator that `recurra export` has written as ONNX, run by onnxruntime alone: the likeliest unit, one by one.

Unknown units are left out, where `recurra predict` writes those of the source that were looked at.

recurra export translator --out model.onnx
python examples/translate_onnx.py model "Zwei Hunde spielen im Schnee."
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime


class Translator:
    """The two graphs and their tables, given the path of the export without a suffix."""

    def __init__(self, path):
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(f"{path}.{part}.onnx") for part in ("encoder", "decoder")
        )
        tables = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
        self.source, self.target = tables["inputs"]["x"], tables["output"]

    def __call__(self, text):
        """Return the translation of a text."""
        x = [*numbers_of(text, self.source), self.source["end"]]
        given = {"x": np.array([x]), "lengths": np.array([len(x)], np.int32)}
        names = [each.name for each in self.encoder.get_outputs()]  # keys, values, and the decoder's first states
        known = dict(zip(names, self.encoder.run(None, given), strict=True)) | {"lengths": given["lengths"]}
        token, written = self.target["start"], []
        for _ in range(int(1.25 * self.target["stretch"] * len(x)) + 10):
            log_p, _, *states = self.decoder.run(None, {"x": np.array([token]), **known})
            known |= dict(zip(names[2:], states, strict=True))
            log_p[:, self.target["start"]] = -np.inf  # a search never writes it
            token = int(log_p.argmax())
            if token == self.target["end"]:
                break
            written.append(token)
        return text_of(written, self.target)


def numbers_of(text, side):
    """Return the numbers of a text's units."""
    units, first = side["units"], side["units from"]
    text = text.lower() if units["lowercase"] else text
    if units["kind"] in ("bpe", "unigram"):
        return [first + number for number in library(units).encode(f" {text}").ids]
    places = {unit: place for place, unit in enumerate(units["content"]["tokens"], first)}
    pieces = re.findall(units["pattern"], f" {text}") if units["kind"] == "word" else text
    return [places.get(piece, side["unknown"]) for piece in pieces]


def text_of(numbers, side):
    """Return the text of units."""
    units, first = side["units"], side["units from"]
    known = [number - first for number in numbers if number >= first]
    if units["kind"] in ("bpe", "unigram"):
        return library(units).decode(known).removeprefix(" ")
    return "".join(units["content"]["tokens"][number] for number in known).removeprefix(" ")


def library(units):
    """Return the tokenizer of parts of words, which the library tokenizers runs."""
    import tokenizers

    return tokenizers.Tokenizer.from_str(json.dumps(units["content"]))


if __name__ == "__main__":
    print(Translator(sys.argv[1])(sys.argv[2]))
