"""Make the pictures of the course: their numbers in `figures/numbers.json`, and an SVG each in English and Chinese.

Usage: python docs/course/figures.py [NAME ...]

Without names all are measured anew, which takes one or two minutes; with names only these. Everything is seeded. The
pictures are drawn from the numbers that are kept, so that a change of a label needs no training; a test compares the
numbers with what is measured, and the pictures with what is drawn.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from measured import MEASURED  # docs/course/measured.py, which stands beside this file

from recurra.report import Key, Picture, label_axes, label_steps, log_scale, picture, sentinel, standalone_svg

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures"
LANGUAGES = ("en", "zh")
COLOURS = ("series-1", "series-2", "series-3", "series-4")

Numbers = Mapping[str, Any]
Say = Callable[[str, str], str]
"""Returns the English text or the Chinese one."""


def main(names: list[str]) -> None:
    """Measure, draw and write."""
    kept = json.loads((FIGURES / "numbers.json").read_text()) if (FIGURES / "numbers.json").exists() else {}
    numbers = kept.get("numbers", {})
    for name in names or MEASURED:
        numbers[name] = measured(name)
        print(name, flush=True)
    numbers = {name: numbers[name] for name in MEASURED}
    text = json.dumps({"source": source(), "numbers": numbers}, indent=None, separators=(",", ":"))
    (FIGURES / "numbers.json").write_text(text.replace('"},"', '"},\n"').replace('},"', '},\n"') + "\n")
    for file, svg in drawn(numbers).items():
        (FIGURES / file).write_text(svg, encoding="utf-8")


def source() -> str:
    """Return the digest of what the numbers follow from."""
    return hashlib.sha256((HERE / "measured.py").read_bytes()).hexdigest()


def measured(name: str) -> dict[str, Any]:
    """Return the numbers of a picture, to five digits."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return {key: rounded(value) for key, value in MEASURED[name]().items()}


def rounded(value: Any) -> Any:
    """Return numbers with five digits, as JSON takes them."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple) or getattr(value, "ndim", 0):
        return [rounded(each) for each in value]
    return float(f"{float(value):.5g}")


def drawn(numbers: Mapping[str, Numbers], names: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the SVG of each picture in each language, by its file's name."""
    return {
        f"{name}.{language}.svg": standalone_svg(DRAWN[name](numbers[name], speaker(language)))
        for name in names or DRAWN
        for language in LANGUAGES
    }


def speaker(language: str) -> Say:
    """Return what chooses the text of a language."""
    return lambda en, zh: zh if language == "zh" else en


@dataclass(frozen=True)
class Curve:
    """A line of a picture."""

    label: str
    y: list[float]
    x: list[float] | None = None
    mark: str = "line"


def curves(
    lines: list[Curve], *, title: str, caption: str, x: str, y: str, log: str = "", marks: bool = False
) -> Picture:
    """Return a picture of lines; `log` names the logarithmic axes."""
    styles = {"line": "-", "dashed": "--", "dotted": ":"}

    def draw(axes: Any) -> None:
        for colour, line in zip(COLOURS, lines, strict=False):
            places = line.x if line.x is not None else list(range(len(line.y)))
            axes.plot(places, line.y, color=sentinel(colour), linestyle=styles[line.mark], marker="o" if marks else "")
        for axis in log:
            log_scale(axes, of=axis)  # pyright: ignore
        (label_axes if "x" in log else label_steps)(axes, x=x, y=y)

    keys = tuple(
        Key(line.label, colour, line.mark)  # pyright: ignore
        for colour, line in zip(COLOURS, lines, strict=False)
        if line.label
    )
    return picture(draw, title=title, caption=caption, description=f"{title}. {caption}", keys=keys, is_full=True)


def order(n: Numbers, say: Say) -> Picture:
    """Draw the autocorrelation of the sunspots."""
    return curves(
        [Curve(say("in order", "原顺序"), n["ordered"]), Curve(say("shuffled", "打乱后"), n["shuffled"])],
        title=say("What a value says of the one k years later", "一个值能说明 k 年后的值多少"),
        caption=say(
            f"After 11 years the autocorrelation is {n['ordered'][11]:.2f} in order, and {n['shuffled'][11]:.2f} "
            f"shuffled.",
            f"11 年之后，原顺序的自相关系数为 {n['ordered'][11]:.2f}，打乱后为 {n['shuffled'][11]:.2f}。",
        ),
        x=say("k, years", "k（年）"),
        y=say("autocorrelation", "自相关系数"),
    )


def impulse(n: Numbers, say: Say) -> Picture:
    """Draw how a state fades."""
    return curves(
        [Curve(say(f"{scale} times a rotation", f"{scale} 倍旋转"), n[scale]) for scale in ("0.5", "0.9", "1.0")],
        title=say("A state after one impulse", "一个脉冲之后的状态"),
        caption=say(
            f"After 20 steps {n['0.9'][20]:.2g} is left at 0.9, and {n['1.0'][20]:.2g} at 1.0, which tanh alone "
            f"makes smaller.",
            f"20 步之后，0.9 倍时剩 {n['0.9'][20]:.2g}，1.0 倍时剩 {n['1.0'][20]:.2g}（只因 tanh 而变小）。",
        ),
        x=say("step", "时间步"),
        y=say("norm of the state", "状态的范数"),
    )


def differences(n: Numbers, say: Say) -> Picture:
    """Draw the error of differences over their step."""
    best = int(np.argmin(n["errors"]))
    return curves(
        [Curve("", n["errors"], n["epsilons"])],
        title=say("How far a difference lies from the derivative", "差分与导数相差多少"),
        caption=say(
            f"The best step is {n['epsilons'][best]:.0e}, with an error of {n['errors'][best]:.0e}.",
            f"最好的步长是 {n['epsilons'][best]:.0e}，误差为 {n['errors'][best]:.0e}。",
        ),
        x=say("step ε", "步长 ε"),
        y=say("relative error", "相对误差"),
        log="xy",
        marks=True,
    )


def reach(n: Numbers, say: Say) -> Picture:
    """Draw what each step adds to a gradient."""
    half = next(k for k in range(len(n["shares"])) if sum(n["shares"][: k + 1]) > 0.9)
    return curves(
        [Curve("", n["shares"])],
        title=say("What each step adds to ∂L/∂W_h", "每一步对 ∂L/∂W_h 的贡献"),
        caption=say(
            f"The loss is at the last step. {half + 1} of {len(n['shares'])} steps have nine tenths of the gradient.",
            f"损失只在最后一步。{len(n['shares'])} 步中的 {half + 1} 步占了梯度的十分之九。",
        ),
        x=say("steps before the last", "距最后一步的步数"),
        y=say("share of the norms", "在范数之和中的份额"),
        marks=True,
    )


def temperature(n: Numbers, say: Say) -> Picture:
    """Draw the probabilities of the next character."""
    names = ("0.5", "1.0", "2.0")

    def draw(axes: Any) -> None:
        for place, (colour, name) in enumerate(zip(COLOURS, names, strict=False)):
            places = np.arange(len(n["letters"])) + 0.27 * (place - 1)
            axes.bar(places, n[name], width=0.25, color=sentinel(colour))
        axes.set_xticks(range(len(n["letters"])), [{" ": "␣", "\n": "⏎"}.get(each, each) for each in n["letters"]])
        label_axes(axes, x=say("next character", "下一个字符"), y=say("probability", "概率"))

    caption = say(
        f"After “the ki”. The likeliest has {n['0.5'][0]:.0%} at a temperature of 0.5, {n['1.0'][0]:.0%} at 1 "
        f"and {n['2.0'][0]:.0%} at 2.",
        f"“the ki”之后。最可能的字符，温度 0.5 时概率为 {n['0.5'][0]:.0%}，1 时为 {n['1.0'][0]:.0%}，2 时为 "
        f"{n['2.0'][0]:.0%}。",
    )
    keys = tuple(
        Key(say(f"temperature {name}", f"温度 {name}"), colour, "area")
        for colour, name in zip(COLOURS, names, strict=False)
    )
    title = say("Which letter is next?", "下一个字母是什么？")
    return picture(draw, title=title, caption=caption, description=f"{title} {caption}", keys=keys, is_full=True)


def language_loss(n: Numbers, say: Say) -> Picture:
    """Draw the loss of learnt and of held-out text."""
    best = int(np.argmin(n["held_out"]))
    return curves(
        [
            Curve(say("learnt", "训练文本"), n["learnt"], n["steps"]),
            Curve(say("held out", "留出文本"), n["held_out"], n["steps"]),
        ],
        title=say("Learnt and held-out text", "训练文本与留出文本"),
        caption=say(
            f"The held-out text is best after {n['steps'][best]:.0f} steps, with a perplexity of "
            f"{math.exp(n['held_out'][best]):.1f} a character; at the end it has {math.exp(n['held_out'][-1]):.1f}.",
            f"留出文本在第 {n['steps'][best]:.0f} 步最好，每字符困惑度为 {math.exp(n['held_out'][best]):.1f}；"
            f"结束时为 {math.exp(n['held_out'][-1]):.1f}。",
        ),
        x=say("step of the training", "训练步数"),
        y=say("cross-entropy, nats a character", "交叉熵（奈特/字符）"),
    )


def forecast(n: Numbers, say: Say) -> Picture:
    """Draw the test years of the sunspots."""
    return curves(
        [
            Curve(say("what came", "真实值"), n["actual"], n["years"]),
            Curve(say("GRU", "GRU"), n["network"], n["years"]),
            Curve(say("seasonal naive", "季节性朴素预测"), n["naive"], n["years"], "dashed"),
        ],
        title=say("Sunspots, eleven years at a time", "太阳黑子数，每次预测十一年"),
        caption=say(
            f"Mean absolute error: {n['network_error']:.1f}, and {n['naive_error']:.1f} of the seasonal naive "
            f"forecast.",
            f"平均绝对误差：网络 {n['network_error']:.1f}，季节性朴素预测 {n['naive_error']:.1f}。",
        ),
        x=say("year", "年份"),
        y=say("sunspots", "太阳黑子数"),
    )


def opinions(n: Numbers, say: Say) -> Picture:
    """Draw what a classifier thinks after each token."""

    def draw(axes: Any) -> None:
        axes.axhline(0.5, color=sentinel("rule"))
        axes.plot(n["praise"], color=sentinel("series-1"), marker="o")
        tokens = n["tokens"].split("\t")
        few = len(tokens) > 14 and axes.figure.get_figwidth() < 6
        axes.set_xticks(range(len(tokens)), ["" if few and k % 2 else each for k, each in enumerate(tokens)])
        axes.set_ylim(0, 1)
        label_axes(axes, x=say("read so far", "已读到"), y=say("probability of praise", "判为好评的概率"))

    title = say("An opinion while it reads", "边读边判断")
    caption = say(
        f"{n['accuracy']:.0%} of the texts that were kept for the test are told right.",
        f"留作测试的文本中，{n['accuracy']:.0%} 判断正确。",
    )
    return picture(draw, title=title, caption=caption, description=f"{title}. {caption}", is_full=True)


def optimisers(n: Numbers, say: Say) -> Picture:
    """Draw losses under three optimisers."""
    return curves(
        [Curve(f"{name}, η = {rate}", n[name]) for name, rate in (("SGD", 0.1), ("RMSprop", 0.01), ("Adam", 0.01))],
        title=say("One start, three optimisers", "同一起点，三种优化器"),
        caption=say(
            f"After 150 steps: SGD {n['SGD'][-1]:.3f}, RMSprop {n['RMSprop'][-1]:.3f}, Adam {n['Adam'][-1]:.3f}.",
            f"150 步之后：SGD {n['SGD'][-1]:.3f}，RMSprop {n['RMSprop'][-1]:.3f}，Adam {n['Adam'][-1]:.3f}。",
        ),
        x=say("step", "训练步数"),
        y=say("squared error of the next sunspot number", "下一个黑子数的平方误差"),
    )


def stopping(n: Numbers, say: Say) -> Picture:
    """Draw early stopping."""
    best, last = int(n["best"]), int(n["last"])

    def draw(axes: Any) -> None:
        axes.plot(n["training"], color=sentinel("series-1"))
        axes.plot(n["validation"], color=sentinel("series-2"))
        axes.plot([best], [n["validation"][best]], "o", color=sentinel("series-2"), markersize=8)
        axes.axvline(last, color=sentinel("muted"), linestyle=":")
        label_steps(axes, x=say("epoch", "轮"), y=say("loss", "损失"))

    title = say("When to stop", "何时停止")
    caption = say(
        f"Best at epoch {best}; with a patience of 10 training ends at epoch {last}, and the weights of epoch "
        f"{best} are kept.",
        f"第 {best} 轮最好；patience 为 10 时，训练在第 {last} 轮结束，保留第 {best} 轮的权重。",
    )
    keys = (
        Key(say("training", "训练"), "series-1"),
        Key(say("validation", "验证"), "series-2"),
        Key(say("best", "最佳"), "series-2", "dot"),
        Key(say("end", "结束"), "muted", "dotted"),
    )
    return picture(draw, title=title, caption=caption, description=f"{title}. {caption}", keys=keys, is_full=True)


def norms(n: Numbers, say: Say) -> Picture:
    """Draw gradients that go back through time."""
    radii = ("0.5", "0.9", "1.1", "1.3")
    return curves(
        [Curve(f"ρ = {radius}", n[radius]) for radius in radii],
        title=say("The gradient on its way back", "梯度往回走"),
        caption=say(
            f"After 40 steps {n['0.5'][-1]:.0e} of it is left at ρ = 0.5, and it is {n['1.3'][-1]:.0f} times as "
            f"large at ρ = 1.3.",
            f"40 步之后，ρ = 0.5 时只剩 {n['0.5'][-1]:.0e}，ρ = 1.3 时是原来的 {n['1.3'][-1]:.0f} 倍。",
        ),
        x=say("steps back", "往回走的步数"),
        y=say("norm, of what it was at the end", "范数（相对于末尾）"),
        log="y",
    )


def exploding(n: Numbers, say: Say) -> Picture:
    """Draw a training that explodes."""
    return curves(
        [
            Curve(say("not clipped", "不裁剪"), n["free_loss"]),
            Curve(say("clipped at 1", "裁剪到 1"), n["clipped_loss"]),
        ],
        title=say("The same network, with and without clipping", "同一个网络，裁剪与不裁剪"),
        caption=say(
            f"Mean loss of the last 50 steps: {n['free_end']:.2f} without, {n['clipped_end']:.2f} with clipping; "
            f"guessing has {math.log(4):.2f}.",
            f"最后 50 步的平均损失：不裁剪 {n['free_end']:.2f}，裁剪 {n['clipped_end']:.2f}；瞎猜为 "
            f"{math.log(4):.2f}。",
        ),
        x=say("step", "训练步数"),
        y=say("cross-entropy", "交叉熵"),
        log="y",
    )


def gradients(n: Numbers, say: Say) -> Picture:
    """Draw the gradients of a training that explodes."""
    return curves(
        [
            Curve(say("not clipped", "不裁剪"), n["free_norm"]),
            Curve(say("clipped at 1, before it is", "裁剪到 1（裁剪之前）"), n["clipped_norm"]),
        ],
        title=say("The gradient's norm, step by step", "每一步梯度的范数"),
        caption=say(
            f"The largest is {max(n['free_norm']):,.0f} without clipping.",
            f"不裁剪时最大为 {max(n['free_norm']):,.0f}。",
        ),
        x=say("step", "训练步数"),
        y=say("norm of all gradients", "全部梯度的范数"),
        log="y",
    )


def bias(n: Numbers, say: Say) -> Picture:
    """Draw how far gradients reach by the forget gate's bias."""
    return curves(
        [
            Curve(say("simple network", "简单循环网络"), n["Elman"], mark="dashed"),
            *(Curve(say(f"LSTM, bias {name}", f"LSTM，偏置 {name}"), n[name]) for name in ("0", "1", "3")),
        ],
        title=say("How far back the gradient reaches", "梯度能回到多远"),
        caption=say(
            f"Left after 40 steps: {n['0'][-1]:.0e} with a bias of 0, {n['1'][-1]:.0e} with 1, and "
            f"{n['3'][-1]:.0f} times as much with 3.",
            f"40 步之后剩下：偏置 0 时 {n['0'][-1]:.0e}，偏置 1 时 {n['1'][-1]:.0e}，"
            f"偏置 3 时是原来的 {n['3'][-1]:.0f} 倍。",
        ),
        x=say("steps back", "往回走的步数"),
        y=say("norm, of what it was at the end", "范数（相对于末尾）"),
        log="y",
    )


def gates(n: Numbers, say: Say) -> Picture:
    """Draw the gates of a unit that holds a number."""
    return curves(
        [
            Curve(say("input gate", "输入门"), n["i"]),
            Curve(say("forget gate", "遗忘门"), n["f"]),
            Curve(say("memory c", "记忆 c"), n["c"]),
            Curve(say("mark in the input", "输入中的标记"), n["mark"], mark="dotted"),
        ],
        title=say("A unit that holds a number", "保持一个数的单元"),
        caption=say(
            f"The mark is at step {np.argmax(n['mark']):.0f}. The network's error on new sequences is "
            f"{n['error']:.4f}; guessing the mean has {1 / 12:.4f}.",
            f"标记在第 {np.argmax(n['mark']):.0f} 步。网络在新序列上的误差为 {n['error']:.4f}；总猜平均值为 "
            f"{1 / 12:.4f}。",
        ),
        x=say("step", "时间步"),
        y=say("gate, memory", "门、记忆"),
    )


def cells(n: Numbers, say: Say) -> Picture:
    """Draw three cells on the adding problem."""
    return curves(
        [Curve(name, n[name], n["steps"]) for name in ("Elman", "GRU", "LSTM")],
        title=say("Adding two of fifty numbers", "五十个数中两个之和"),
        caption=say(
            f"Mean squared error at the end: Elman {n['Elman'][-1]:.3f}, GRU {n['GRU'][-1]:.3f}, LSTM "
            f"{n['LSTM'][-1]:.3f}; guessing has {1 / 6:.3f}.",
            f"结束时的均方误差：Elman {n['Elman'][-1]:.3f}，GRU {n['GRU'][-1]:.3f}，LSTM {n['LSTM'][-1]:.3f}；"
            f"瞎猜为 {1 / 6:.3f}。",
        ),
        x=say("step of the training", "训练步数"),
        y=say("mean squared error", "均方误差"),
    )


def directions(n: Numbers, say: Say) -> Picture:
    """Draw accuracies by step."""
    return curves(
        [Curve(say("forwards", "单向"), n["forwards"]), Curve(say("both directions", "双向"), n["both"])],
        title=say("Naming what comes two steps later", "说出两步之后的符号"),
        caption=say(
            f"Mean over the steps: {np.mean(n['forwards']):.0%} forwards, {np.mean(n['both']):.0%} in both "
            f"directions; guessing has 20%.",
            f"各步平均：单向 {np.mean(n['forwards']):.0%}，双向 {np.mean(n['both']):.0%}；瞎猜为 20%。",
        ),
        x=say("step", "时间步"),
        y=say("share of right answers", "正确率"),
        marks=True,
    )


def attention(n: Numbers, say: Say) -> Picture:
    """Draw attention weights as a map."""
    weights = np.array(n["weights"])

    def draw(axes: Any) -> None:
        for (row, column), weight in np.ndenumerate(weights):
            box = [column - 0.5, column + 0.5]
            axes.fill_between(box, row - 0.5, row + 0.5, color=sentinel("series-1"), alpha=float(weight), linewidth=0)
        axes.set_xlim(-0.5, weights.shape[1] - 0.5)
        axes.set_ylim(weights.shape[0] - 0.5, -0.5)
        axes.set_xticks(range(weights.shape[1]), [str(k + 1) for k in range(weights.shape[1])])
        axes.set_yticks(range(weights.shape[0]), [str(k + 1) for k in range(weights.shape[0])])
        axes.grid(visible=False)
        label_axes(
            axes, x=say("symbol that is read", "读入的第几个符号"), y=say("symbol that is written", "写出的第几个符号")
        )

    title = say("Where it looks as it writes backwards", "倒写时看向哪里")
    caption = say(
        f"{n['accuracy']:.0%} of the symbols of new sequences are right. "
        "The stronger the colour, the larger the weight.",
        f"新序列中 {n['accuracy']:.0%} 的符号正确。颜色越浓，权重越大。",
    )
    return picture(draw, title=title, caption=caption, description=f"{title}. {caption}")


def scale(n: Numbers, say: Say) -> Picture:
    """Draw how a signal's size changes."""
    return curves(
        [
            Curve(say("Gaussian, spread 0.7 / √H", "高斯，标准差 0.7 / √H"), n["0.7"]),
            Curve(say("Gaussian, 1 / √H", "高斯，1 / √H"), n["1.0"]),
            Curve(say("Gaussian, 1.5 / √H", "高斯，1.5 / √H"), n["1.5"]),
            Curve(say("orthogonal", "正交"), n["orthogonal"], mark="dashed"),
        ],
        title=say("A signal through sixty steps", "信号经过六十步"),
        caption=say(
            f"At the end: {n['0.7'][-1]:.0e}, {n['1.0'][-1]:.2g}, {n['1.5'][-1]:.2g} and, orthogonal, "
            f"{n['orthogonal'][-1]:.2g}. "
            "The largest is held by tanh, which then saturates.",
            f"结束时：{n['0.7'][-1]:.0e}、{n['1.0'][-1]:.2g}、{n['1.5'][-1]:.2g}，正交为 "
            f"{n['orthogonal'][-1]:.2g}。最大的一条被 tanh 限制住，即已饱和。",
        ),
        x=say("step", "时间步"),
        y=say("norm of the state", "状态的范数"),
        log="y",
    )


def cost(n: Numbers, say: Say) -> Picture:
    """Draw parameters over the hidden size."""
    return curves(
        [Curve(name, n[name], n["sizes"]) for name in ("Elman", "GRU", "LSTM")],
        title=say("Parameters of one layer, 32 inputs", "单层参数量（32 个输入）"),
        caption=say(
            f"An LSTM of 256 has {n['LSTM'][list(n['sizes']).index(256)]:,.0f}; twice the size is nearly four "
            f"times as many.",
            f"256 个单元的 LSTM 有 {n['LSTM'][list(n['sizes']).index(256)]:,.0f} 个；大小加倍，参数接近四倍。",
        ),
        x=say("hidden size", "隐状态大小"),
        y=say("parameters", "参数量"),
        log="xy",
        marks=True,
    )


DRAWN: Mapping[str, Callable[[Numbers, Say], Picture]] = {
    "01-order": order, "02-impulse": impulse, "03-differences": differences, "03-reach": reach,
    "04-temperature": temperature, "04-loss": language_loss, "05-forecast": forecast, "06-chinese": opinions,
    "06-english": opinions, "07-optimisers": optimisers, "07-stopping": stopping, "08-norms": norms,
    "08-exploding": exploding, "08-gradients": gradients, "09-bias": bias, "09-gates": gates, "10-cells": cells,
    "10-directions": directions, "11-weights": attention, "12-scale": scale, "12-cost": cost,
}  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
