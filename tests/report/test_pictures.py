"""Pictures: sound SVG that serves light and dark, and draws what it was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.axes import Axes
from report_cases import EVIL, drawn_anew, every_picture, history

from recurra.errors import InputError
from recurra.report import (
    Picture,
    attention_picture,
    calibration_picture,
    error_by_step_picture,
    fan_picture,
    finder_picture,
    histogram_picture,
    label_axes,
    learning_rate_picture,
    length_picture,
    loss_picture,
    picture,
    position_picture,
    residual_picture,
    roc_picture,
    sentinel,
    series_picture,
    training_pictures,
    value_picture,
    windows_picture,
    zipf_picture,
)
from recurra.report.svg import PALETTE, numbered

TITLES = list(every_picture())
BOTH = ["wide", "narrow"]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("text")]


def paths(svg: str, colour: str) -> list[str]:
    """Return the data of the paths that are stroked in a colour, but for ticks and markers in definitions."""
    stroke = f"stroke: var(--{colour})"
    return [e.attrib["d"] for e in parsed(svg).iter("path") if stroke in e.get("style", "") and "clip-path" in e.attrib]


@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize("title", TITLES)
def test_svg_is_sound(title: str, size: str, pictures: Mapping[str, Picture]) -> None:
    svg = getattr(pictures[title], size)
    root = parsed(svg)
    assert root.tag == "svg"
    assert root.attrib.keys() == {"viewBox", "role", "aria-label"}
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", pictures[title].description)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert {element.tag for element in root.iter()} <= {"svg", "g", "defs", "path", "use", "text", "clipPath", "rect"}
    assert len(svg) < 50_000


@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize("title", TITLES)
def test_all_colours_are_variables_of_the_page(title: str, size: str, pictures: Mapping[str, Picture]) -> None:
    svg = getattr(pictures[title], size)
    assert set(re.findall(r"var\(--([\w-]+)\)", svg)) <= PALETTE.keys()
    assert not re.search(r"#[0-9a-f]{6}\b", svg)
    for element in parsed(svg).iter("text"):
        assert "fill: var(--" in element.attrib["style"]
        assert "font-family" not in element.attrib["style"]


@pytest.mark.parametrize("title", TITLES)
def test_a_picture_says_what_it_is(title: str, pictures: Mapping[str, Picture]) -> None:
    shown = pictures[title]
    assert len(shown.caption) > 20
    assert len(shown.description) > 20
    assert all(key.colour in PALETTE for key in shown.keys)
    drawn = " ".join(texts(shown.wide))
    assert sum(letter.isalpha() for letter in drawn) >= 5  # both axes have names


@pytest.mark.parametrize("title", TITLES)
def test_labels_lie_inside(title: str, pictures: Mapping[str, Picture]) -> None:
    """Letters are taken to be 0.55 em wide: about what system fonts have."""
    for svg in (pictures[title].wide, pictures[title].narrow):
        root = parsed(svg)
        width, height = map(float, root.attrib["viewBox"].split()[2:])
        for text in root.iter("text"):
            style = text.attrib["style"]
            place, length = float(text.attrib["x"]), 0.55 * 12 * min(len(text.text or ""), 40)
            left = place - length * (0.5 if "middle" in style else 1 if "end" in style else 0)
            assert left > -4, text.text
            assert left + length < width + 4, text.text
            assert 0 < float(text.attrib["y"]) < height


def test_pictures_are_the_same_twice(pictures: Mapping[str, Picture]) -> None:
    assert drawn_anew() == pictures


def test_a_text_is_drawn_as_it_is(pictures: Mapping[str, Picture]) -> None:
    """Neither dollars nor letters that matplotlib's font lacks change a name; a long one is cut."""
    series = pictures[f"The series {EVIL}"]
    assert any(text.startswith("<script>alert(") and text.endswith("…") for text in texts(series.wide))
    short = value_picture(np.arange(9.0), name="$a_b$ & 步")
    assert "$a_b$ & 步" in texts(short.wide)


def test_a_name_with_control_characters_is_drawn() -> None:
    assert "a�b" in texts(value_picture(np.arange(3.0), name="a\x01b").wide)


def test_drawing_leaves_the_settings_of_matplotlib() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    value_picture(np.arange(9.0), name="y")
    assert dict(matplotlib.rcParams) == before


def test_ids_are_numbered_in_tags_alone() -> None:
    text = '<text>say id="m1" href="#m1"</text>'
    svg = '<svg><path id="m1" /><use href="#m1" clip-path="url(#m1)" />' + text + "</svg>"
    expected = '<svg><path id="p3-m1" /><use href="#p3-m1" clip-path="url(#p3-m1)" />' + text + "</svg>"
    assert numbered(svg, prefix="p3") == expected


def test_a_picture_of_ones_own() -> None:
    def draw(axes: object) -> None:
        axes.plot([0, 1], [0, 1], color=sentinel("series-3"))  # pyright: ignore[reportAttributeAccessIssue]
        label_axes(axes, x="week", y="stock (pieces)")  # pyright: ignore[reportArgumentType]

    shown = picture(draw, title="t", caption="c", description="d", is_full=True)
    assert shown.width == "full"
    assert {"week", "stock (pieces)"} <= set(texts(shown.narrow))
    assert len(paths(shown.wide, "series-3")) == 1


# training


@pytest.mark.parametrize(("steps", "validations"), [(0, 0), (1, 1), (2, 0), (500, 1), (20_000, 60)])
def test_histories_of_any_length(steps: int, validations: int) -> None:
    for shown in training_pictures(history(steps, validations=validations), clip=1.0):
        assert parsed(shown.wide).tag == "svg"
        assert len(shown.wide) + len(shown.narrow) < 80_000


def test_the_best_validation_is_marked_and_said() -> None:
    shown = loss_picture(history(30))
    assert "best" in texts(shown.wide)
    assert shown.caption.startswith("The best validation, 1, is that of epoch 2;")
    assert "best" not in texts(loss_picture(history(30), has_best=False).wide)


def test_a_measure_that_chose_the_weights_has_a_picture_of_its_own() -> None:
    rows = {**history(9), "validations": [{"epoch": 1, "step": 4, "f1": 0.5}, {"epoch": 2, "step": 8, "f1": 0.75}]}
    loss, measure = training_pictures(rows, measure="f1", measure_name="macro F1", is_lower_better=False)[:2]
    assert [key.label for key in loss.keys] == ["training"]  # validation has no loss
    assert measure.title == "Macro F1 in validation"
    assert measure.caption.startswith("The best validation, 0.75, is that of epoch 2;")


def test_a_history_with_gaps() -> None:
    rows = {
        "steps": [{"step": 1, "train_loss": None}, {"step": 2, "train_loss": float("nan")}, {"step": 3}],
        "validations": [{"step": 3, "epoch": 1, "loss": float("inf")}],
    }
    (shown,) = training_pictures(rows)
    assert "There was no validation." in shown.description
    assert "best" not in texts(shown.wide)


def test_a_history_without_steps_is_refused() -> None:
    with pytest.raises(InputError, match=r"a history with \['losses'\]; expected 'steps' and 'validations'"):
        loss_picture({"losses": []})


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([0.1, 0.1], "0.1 throughout"),
        ([0.1, 0.01], "from 0.1 to 0.01."),
        ([0.01, 0.5, 0.001], "from 0.01 to 0.001, 0.5 at most"),
        ([None], "unknown"),
    ],
)
def test_the_learning_rate_is_said(rates: list[float | None], said: str) -> None:
    rows = [{"step": step, "learning_rate": rate} for step, rate in enumerate(rates)]
    assert said in learning_rate_picture({"steps": rows}).caption


def test_steps_are_whole_numbers() -> None:
    assert not [text for text in texts(loss_picture(history(3, validations=0)).wide)[:3] if "." in text]


def test_what_was_clipped_is_counted() -> None:
    shown = training_pictures(history(200), clip=1.5)[-1]
    share = np.mean(np.random.default_rng(0).random(200) > 0.5)
    assert f"{100 * share:.0f} % of the steps" in shown.caption
    assert shown.keys[-1].label == "clipped above"


def test_the_finder_shows_the_fall_beside_an_explosion() -> None:
    losses = np.append(np.linspace(2, 1, 45), [1e3, 1e6, 1e9, np.inf, np.nan])
    shown = finder_picture(np.geomspace(1e-6, 1, 50), losses, chosen=0.01)
    numbers = [float(text) for text in texts(shown.wide) if re.fullmatch(r"[\d.]+", text)]
    assert max(numbers) < 10
    with pytest.raises(InputError, match=r"\(3,\) rates and \(2,\) losses"):
        finder_picture(np.ones(3), np.ones(2))


# forecast


def test_parts_of_a_series_are_shaded() -> None:
    years, values = np.arange(10), np.append(np.arange(9.0), np.nan)
    parts = {"training": (0, 6), "validation": (6, 8), "test": (8, 10)}
    shown = series_picture(years, values, name="y", time="year", parts=parts)
    assert [key.label for key in shown.keys] == ["y", "validation", "test"]
    assert "10 rows: 6 for training, 2 for validation, 2 for test." in shown.caption
    assert len(re.findall(r"fill: var\(--series-[23]\)", shown.wide)) == 2


def test_dates_are_read_as_dates() -> None:
    times = np.datetime64("2019-01-01") + np.arange(3000) * np.timedelta64(1, "D")
    shown = series_picture(times, np.arange(3000.0), name="y", time="day", parts={"training": (0, 3000)})
    assert {"2020", "2022"} <= set(texts(shown.wide))


def test_windows_that_overlap_are_not_all_drawn() -> None:
    shown = windows_picture(
        np.arange(20), np.zeros(20), forecasts=np.ones((16, 4)), starts=np.arange(1, 17), name="y", time="t"
    )
    assert "4 of 16 forecasts of 4 steps" in shown.caption
    assert len(paths(shown.wide, "series-2")) == 4


def test_a_window_after_the_end_is_refused() -> None:
    with pytest.raises(InputError, match="a forecast ends at row 21; expected 20 at most"):
        windows_picture(
            np.arange(20), np.zeros(20), forecasts=np.ones((1, 4)), starts=np.array([17]), name="y", time="t"
        )


@pytest.mark.parametrize("levels", [(0.5,), (0.1, 0.5, 0.9), (0.05, 0.2, 0.5, 0.8, 0.95), (0.1, 0.5, 0.7)])
def test_a_fan_has_a_band_for_each_pair(levels: tuple[float, ...]) -> None:
    quantiles = {level: np.full(3, level) for level in levels}
    shown = fan_picture(np.arange(9), np.ones(9), future=np.arange(9, 12), quantiles=quantiles, name="y", time="t")
    pairs = sum(round(1 - level, 9) in levels for level in levels if level < 0.5)
    assert len(re.findall(r"fill: var\(--series-2\); fill-opacity", shown.wide)) == pairs
    assert len(paths(shown.wide, "series-2")) == 1


def test_a_fan_without_a_middle_is_refused() -> None:
    with pytest.raises(InputError, match=r"quantiles at \[0\.1, 0\.9\]; expected 0\.5 among them"):
        fan_picture(
            np.arange(3), np.ones(3), future=np.arange(2), quantiles={0.1: np.ones(2), 0.9: np.ones(2)},
            name="y", time="t",
        )  # fmt: skip


def test_errors_by_step_stand_beside_the_baseline() -> None:
    alone, beside = (error_by_step_picture(np.ones(3), *naive, unit="x") for naive in ([], [np.full(3, 2.0)]))
    assert [len(shown.keys) for shown in (alone, beside)] == [1, 2]
    assert beside.caption.endswith("lower than seasonal naive's at 3 of 3 steps.")
    with pytest.raises(InputError, match="got 3 model, 2 naive; expected as many of each"):
        error_by_step_picture(np.ones(3), np.ones(2), unit="x")


# histograms


@pytest.mark.parametrize(
    "values",
    [[], [np.nan], [3.0], [3.0, 3.0], [0.1, 0.2], [1e300, -1e300], [1e-300, 2e-300], [1.0, np.inf], [0, 10**6]],
)
def test_histograms_of_any_values(values: list[float]) -> None:
    shown = histogram_picture(np.array(values), title="t", x="x", what="values")
    known = int(np.isfinite(values).sum())
    assert (f"{known} values" in shown.caption) == bool(known)
    assert ("not finite" in shown.caption) == (0 < known < len(values))


def test_whole_numbers_have_a_bar_each() -> None:
    shown = length_picture(np.repeat(np.arange(1, 11), 3))
    bars = re.search(r'd="([^"]*)"[^>]*fill: var\(--series-1\)', shown.wide)
    assert bars
    assert "median 5.5" in shown.caption


def test_residuals_say_their_mean() -> None:
    assert "Their mean is 2. 2 forecasts" in residual_picture(np.array([1.0, 3.0]), unit="x").caption
    noise = np.random.default_rng(0).standard_normal(200)
    assert "No bias is seen" in residual_picture(noise, unit="x").caption
    assert "biased: too low (200 forecasts" in residual_picture(noise + 1, unit="x").caption
    assert "biased: too high (20 forecasts" in residual_picture(noise, unit="x", apart=noise[:20] - 3).caption
    assert "are biased: too low" in residual_picture(np.ones(9), unit="x").caption


# classes and language


def test_the_area_under_a_curve() -> None:
    truth = np.array([0, 0, 1, 1])
    scores = np.array([0.1, 0.4, 0.35, 0.8])
    shown = roc_picture(np.stack([1 - scores, scores], 1), truth, ["no", "yes"])
    assert "yes 0.750" in shown.caption  # Fawcett (2006): one of four pairs is in the wrong order
    tied = roc_picture(np.full((4, 2), 0.5), truth, ["no", "yes"])
    assert "yes 0.500" in tied.caption


def test_curves_of_many_classes_are_the_most_frequent_ones() -> None:
    truth = np.repeat(np.arange(6), [1, 9, 8, 2, 7, 6])
    shown = roc_picture(np.eye(6)[truth], truth, list("abcdef"))
    assert [key.label for key in shown.keys] == ["b", "c", "e", "f", "chance"]
    assert "b 1.000" in shown.caption


def test_one_class_alone_has_no_curve() -> None:
    shown = roc_picture(np.full((3, 2), 0.5), np.ones(3, dtype=int), ["no", "yes"])
    assert shown.caption == "There is but one class."
    with pytest.raises(InputError, match=r"scores \(3, 2\); expected \(3, 1\)"):
        roc_picture(np.ones((3, 2)), np.zeros(3, dtype=int), ["a"])


def test_calibration_error() -> None:
    confidence = np.array([0.55, 0.55, 0.95, 0.95])
    shown = calibration_picture(confidence, np.array([True, False, True, True]))
    assert shown.caption.endswith("error: 0.050.")


def test_attention_over_time_names_the_strongest_step() -> None:
    shown = attention_picture(np.zeros(4), np.array([0.1, 0.2, 0.6, 0.1]), title="t")
    assert shown.caption.endswith("most at 2.")
    with pytest.raises(InputError, match="got 4 values, 3 weights"):
        attention_picture(np.zeros(4), np.zeros(3), title="t")


@pytest.mark.parametrize("counts", [[], [0], [1], [5, 0, 1, 1]])
def test_counts_of_any_vocabulary(counts: list[int]) -> None:
    present = sum(count > 0 for count in counts)
    assert zipf_picture(np.array(counts)).caption.startswith(f"{present} tokens occur, {counts.count(1)} of them once.")


def test_loss_by_position_says_the_mean() -> None:
    assert "Mean: 2 bits per token." in position_picture(np.array([3.0, 1.0, np.nan]), unit="bits per token").caption


def test_numbers_at_axes_have_commas_from_10_000_on() -> None:
    def draw(axes: Axes) -> None:
        axes.plot([0, 20_000, 1_250_000], [-12_345, 0.25, 12_345])
        axes.set_xticks([2000, 9999, 10_000, 1_250_000])
        axes.ticklabel_format(useOffset=False, style="plain")
        axes.set_yticks([-12_000, 0, 12_000])
        label_axes(axes, x="steps", y="value")

    said = texts(picture(draw, title="t", caption="c", description="d").wide)
    for number in ("2000", "9999", "10,000", "1,250,000", "\N{MINUS SIGN}12,000", "0", "12,000"):
        assert number in said, said
