"""A sample of the campaign over mutated files: every one is accepted or refused in words of recurra."""

from __future__ import annotations

from collections import Counter

from mutated_inputs import outcomes


def test_mutated_files_are_accepted_or_refused() -> None:
    found = list(outcomes(0, 160, 2))
    wrong = [each for each in found if each[2] not in ("accepted", "refused")]
    assert not wrong
    counts = Counter(outcome for _, _, outcome in found)
    assert min(counts["accepted"], counts["refused"]) > 20
    assert len(found) == 160
