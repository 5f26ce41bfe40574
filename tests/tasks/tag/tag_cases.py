"""What the tests of tagging share: sentences of a small grammar, small options."""

from __future__ import annotations

import random
from collections.abc import Sequence

from recurra.tasks import TagOptions

SMALL = TagOptions(
    epochs=6, batch_size=8, hidden_size=16, word_size=16, character_size=8, character_features=8, learning_rate=0.02,
    dropout=0.1,
)  # fmt: skip

Pairs = list[list[tuple[str, str]]]

PARTS = ("the/DET", "cat|dog|bird/NOUN", "sees|finds/VERB", "the|a/DET", "old|red/ADJ", "house|tree/NOUN", "./PUNCT")
ENTITIES = ("Ms/O", "Ada|Grace/B-PER", "Byron|Hopper/I-PER", "went|flew/O", "to/O", "London|Rome/B-LOC", "./O")


def sentences(grammar: Sequence[str], *, count: int, seed: int = 0) -> Pairs:
    """Return sentences of a grammar; some end before their last word."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        slots = [slot.rsplit("/", 1) for slot in grammar]
        stop = draw.choice([3, len(slots), len(slots)])
        found.append([(draw.choice(words.split("|")), tag) for words, tag in slots[:stop]])
    return found


def as_columns(given: Pairs, *, universal: bool = False) -> str:
    """Return sentences as a column file, or as CoNLL-U with comments."""
    lines = []
    for number, sentence in enumerate(given, 1):
        if universal:
            lines.append(f"# sent_id = {number}")
        for place, (word, tag) in enumerate(sentence, 1):
            lines.append("\t".join([str(place), word, "_", tag, *"______"]) if universal else f"{word} x {tag}")
        lines.append("")
    return "\n".join(lines) + "\n"
