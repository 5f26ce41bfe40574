"""The exercises of the course, section by section: what is asked, the library's answer, and mistakes that many make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from recurra.arguments import checked
from recurra.cells import GRU, LSTM
from recurra.errors import InputError, nearest
from recurra.testing import exercise_answers as answers
from recurra.testing.exercises import (
    Exercise,
    ExerciseReport,
    Hint,
    Mistake,
    check_answer,
    checked_language,
)

__all__ = ["check_exercise", "exercises"]


@checked(InputError)
def check_exercise(
    name: str, function: Callable[..., Any], *, language: str | None = None, seed: int = 0
) -> ExerciseReport:
    """Check a function that was written for an exercise of the course against the library's own answer.

    Parameters
    ----------
    name : str
        One of `exercises`.
    function : callable
        Takes what the exercise gives, in this order, as NumPy arrays in float64 and Python numbers.
    language : ``"en"`` or ``"zh"``, optional
        Of the report and the hint; by default Chinese where the environment's locale is Chinese, else English.
    seed : int
        For the numbers of the cases.

    Returns
    -------
    ExerciseReport
        It is right.

    Raises
    ------
    CheckError
        It is not: what was given, what was expected, what came, and a hint.
    InputError
        If there is no such exercise.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.testing import check_exercise
    >>> def softmax(scores):
    ...     powers = np.exp(scores - scores.max(-1, keepdims=True))
    ...     return powers / powers.sum(-1, keepdims=True)
    >>> check_exercise("softmax", softmax, language="en")
    softmax: right (3 cases)
    """
    if name not in exercises:
        raise InputError(f"there is no exercise {name!r}{nearest(name, exercises)}; there are {', '.join(exercises)}")
    return check_answer(exercises[name], function, language=checked_language(language), seed=seed)


_NOT_ROW = Hint(
    "a state is a row here: `h @ W_h`, with the matrix on the right and not transposed.",
    "这里的状态是行向量：写作 `h @ W_h`，矩阵在右边，且不转置。",
)

exercises: Mapping[str, Exercise] = {
    exercise.name: exercise
    for exercise in (
        Exercise(
            name="windows",
            task=Hint(
                "of a series (n,), a length and a horizon: all inputs (count, length), each with the horizon values "
                "that follow it, (count, horizon); both arrays as a tuple.",
                "给定序列 (n,)、窗口长度与预测步数：返回所有输入窗口 (count, length)，"
                "以及紧随其后的目标值 (count, horizon)，两个数组组成元组。",
            ),
            given=answers.series,
            answer=answers.windows,
            hint=Hint(
                "the last window ends `horizon` before the end: there are n - length - horizon + 1.",
                "最后一个窗口在距末尾 `horizon` 处结束：共有 n - length - horizon + 1 个窗口。",
            ),
            mistakes=(
                Mistake(
                    lambda series, length, horizon: answers.windows(series, length, horizon, last=0),
                    Hint("the last window is missing: one more fits.", "少了最后一个窗口：还能再放下一个。"),
                ),
            ),
        ),
        Exercise(
            name="padded",
            task=Hint(
                "of a list of series of unequal length: a batch (count, longest) with zeros behind the end of each, "
                "and their lengths (count,).",
                "给定若干长度不等的序列：返回一个批量 (count, longest)，每个序列末尾补零，以及各自的长度 (count,)。",
            ),
            given=answers.ragged,
            answer=answers.padded,
            hint=Hint(
                "make zeros of the longest length first, then copy each series into its row.",
                "先按最大长度建一个全零数组，再把每个序列复制到对应的行。",
            ),
            mistakes=(
                Mistake(
                    lambda sequences: answers.padded(sequences, front=True),
                    Hint("the zeros stand in front; here they stand behind.", "零补在了前面；这里应补在后面。"),
                ),
            ),
        ),
        Exercise(
            name="rnn_step",
            task=Hint(
                "of x (I,), h (H,), W_x (I, H), W_h (H, H) and b (H,): the next state (H,).",
                "给定 x (I,)、h (H,)、W_x (I, H)、W_h (H, H) 和 b (H,)：返回下一个隐状态 (H,)。",
            ),
            given=answers.elman,
            answer=answers.rnn_step,
            hint=Hint("tanh of three terms: input, state, bias.", "对三项之和取 tanh：输入项、状态项、偏置。"),
            mistakes=(
                Mistake(
                    lambda x, h, W_x, W_h, b: answers.rnn_step(x, h, W_x, W_h, 0 * b),
                    Hint("the bias is missing.", "漏了偏置。"),
                ),
                Mistake(lambda x, h, W_x, W_h, b: answers.rnn_step(x, h, W_x, W_h.T, b), _NOT_ROW),
                Mistake(
                    lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h + b,
                    Hint("the tanh around the sum is missing.", "求和之后漏了 tanh。"),
                ),
            ),
        ),
        Exercise(
            name="rnn_forward",
            task=Hint(
                "of x (T, I), the first state h (H,), W_x, W_h and b: the states after every step (T, H).",
                "给定 x (T, I)、初始状态 h (H,)、W_x、W_h 和 b：返回每一步之后的隐状态 (T, H)。",
            ),
            given=lambda draw: answers.elman(draw, 4),
            answer=answers.rnn_forward,
            hint=Hint(
                "each step begins with the state that the one before has left; keep all of them.",
                "每一步都从上一步留下的状态开始；要保存所有状态。",
            ),
            mistakes=(
                Mistake(
                    lambda x, h, W_x, W_h, b: answers.rnn_step(x, np.tile(h, (len(x), 1)), W_x, W_h, b),
                    Hint(
                        "every step begins with the first state: carry the new one on.",
                        "每一步都用了初始状态：要把新状态传给下一步。",
                    ),
                ),
                Mistake(
                    lambda x, h, W_x, W_h, b: answers.rnn_forward(x, h, W_x, W_h, b)[-1],
                    Hint("that is the last state; all T are asked for.", "这只是最后一个状态；应返回全部 T 个。"),
                ),
            ),
        ),
        Exercise(
            name="rnn_backward",
            task=Hint(
                "of ∂L/∂h[t] at each step by itself (T, H), the states (T, H) and W_h: δa_h (T, H), from the last step "
                "to the first.",
                "给定每一步自身的 ∂L/∂h[t] (T, H)、隐状态 (T, H) 和 W_h：从最后一步到第一步，返回 δa_h (T, H)。",
            ),
            given=answers.backward,
            answer=answers.rnn_backward,
            hint=Hint(
                "δh = ∂L/∂h + Δ, then δa = δh (1 - h²), then Δ = δa W_hᵀ for the step before.",
                "先 δh = ∂L/∂h + Δ，再 δa = δh (1 - h²)，然后 Δ = δa W_hᵀ 交给前一步。",
            ),
            mistakes=(
                Mistake(
                    lambda grad_output, h, W_h: answers.rnn_backward(grad_output, h, W_h, back=False),
                    Hint("nothing comes back from later steps: Δ is missing.", "没有来自后面时间步的梯度：漏了 Δ。"),
                ),
                Mistake(
                    lambda grad_output, h, W_h: answers.rnn_backward(grad_output, h, W_h.T),
                    Hint(
                        "back through `h @ W_h` goes the transpose: Δ = δa @ W_h.T.",
                        "`h @ W_h` 的反向要用转置：Δ = δa @ W_h.T。",
                    ),
                ),
                Mistake(
                    lambda grad_output, h, W_h: answers.rnn_backward(grad_output, h, W_h, inner=2),
                    Hint(
                        "h is the tanh already: its derivative is 1 - h², without another tanh.",
                        "h 已经是 tanh 的值：导数是 1 - h²，不要再取一次 tanh。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="rnn_gradients",
            task=Hint(
                "of x (T, I), the first state h (H,), W_x, W_h, b and ∂L/∂h[t] (T, H): ∂L/∂W_x, ∂L/∂W_h and ∂L/∂b.",
                "给定 x (T, I)、初始状态 h (H,)、W_x、W_h、b 和 ∂L/∂h[t] (T, H)：返回 ∂L/∂W_x、∂L/∂W_h 和 ∂L/∂b。",
            ),
            given=answers.weights,
            answer=answers.rnn_gradients,
            hint=Hint(
                "forward first; then δa_h as in the last exercise; then sums over all steps: x[t]ᵀ δa, h[t-1]ᵀ δa, δa.",
                "先前向；再像上一题那样求 δa_h；最后对所有时间步求和：x[t]ᵀ δa、h[t-1]ᵀ δa、δa。",
            ),
            mistakes=(
                Mistake(
                    answers.late_gradients,
                    Hint(
                        "∂L/∂W_h pairs δa[t] with the state before, h[t-1], which is the first state at t = 1.",
                        "∂L/∂W_h 中与 δa[t] 配对的是前一个状态 h[t-1]；t = 1 时是初始状态。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="softmax",
            task=Hint(
                "of scores (N, V), which may be large: probabilities (N, V), each row of sum 1.",
                "给定可能很大的得分 (N, V)：返回概率 (N, V)，每行之和为 1。",
            ),
            given=answers.scores,
            answer=answers.softmax,
            hint=Hint("exp, then divide by the sum over the last axis.", "先取 exp，再除以最后一个轴上的和。"),
            mistakes=(
                Mistake(
                    lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True),
                    Hint(
                        "exp(1000) is infinite: subtract each row's largest score first, which changes no probability.",
                        "exp(1000) 会溢出：先减去每行的最大得分，概率不会改变。",
                    ),
                ),
                Mistake(
                    lambda scores: answers.softmax(scores, axis=0),
                    Hint("the columns sum to 1; the rows should.", "现在是每列之和为 1；应是每行之和为 1。"),
                ),
            ),
        ),
        Exercise(
            name="perplexity",
            task=Hint(
                "of the probabilities (N,) that a model gave to the words that came: its perplexity.",
                "给定模型对实际出现的词给出的概率 (N,)：返回困惑度。",
            ),
            given=lambda draw: {"probabilities": draw.uniform(0.05, 0.9, size=6).round(3)},
            answer=lambda probabilities: float(np.exp(-np.log(probabilities).mean())),
            hint=Hint("exp of the mean of -log p.", "对 -log p 的平均值取 exp。"),
            mistakes=(
                Mistake(
                    lambda probabilities: float(np.exp(-np.log(probabilities).sum())),
                    Hint("take the mean, not the sum.", "应取平均，而不是求和。"),
                ),
                Mistake(
                    lambda probabilities: float(-np.log(probabilities).mean()),
                    Hint("that is the cross-entropy; its exp is asked for.", "这是交叉熵；还要取 exp。"),
                ),
                Mistake(
                    lambda probabilities: float((1 / probabilities).mean()),
                    Hint("the mean is geometric: average the logarithms.", "应取几何平均：对对数求平均。"),
                ),
            ),
        ),
        Exercise(
            name="tempered",
            task=Hint(
                "of scores (V,) and a temperature: the probabilities (V,) to draw the next word with.",
                "给定得分 (V,) 和温度：返回用来抽取下一个词的概率 (V,)。",
            ),
            given=answers.temperature,
            answer=lambda scores, temperature: answers.softmax(scores / temperature),
            hint=Hint("softmax of scores / temperature.", "对 得分 / 温度 取 softmax。"),
            mistakes=(
                Mistake(
                    lambda scores, temperature: answers.softmax(scores * temperature),
                    Hint("divide by the temperature: a high one flattens.", "应除以温度：温度越高分布越平。"),
                ),
                Mistake(
                    lambda scores, temperature: answers.softmax(scores) / temperature,
                    Hint("the temperature belongs inside the softmax.", "温度应放在 softmax 里面。"),
                ),
            ),
        ),
        Exercise(
            name="seasonal_naive",
            task=Hint(
                "of a series (n,), a season and a horizon: the last season again and again, (horizon,).",
                "给定序列 (n,)、季节长度和预测步数：不断重复最后一个季节，返回 (horizon,)。",
            ),
            given=answers.season,
            answer=answers.seasonal_naive,
            hint=Hint(
                "step k (from 0) has the value of series[n - season + k % season].",
                "第 k 步（从 0 起）的值是 series[n - season + k % season]。",
            ),
            mistakes=(
                Mistake(
                    lambda series, season, horizon: np.full(horizon, series[-1]),
                    Hint("that repeats the last value, a season of 1.", "这是在重复最后一个值，即季节长度为 1。"),
                ),
                Mistake(
                    lambda series, season, horizon: series[-season:],
                    Hint(
                        "where the horizon is longer than the season, begin anew.",
                        "预测步数超过季节长度时，要从头再重复。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="mase",
            task=Hint(
                "of what came (k,), its forecast (k,), the training part (n,) and a season: the mean absolute error "
                "over that of the seasonal naive forecast within the training part.",
                "给定真实值 (k,)、预测值 (k,)、训练部分 (n,) 和季节长度："
                "平均绝对误差除以季节性朴素预测在训练部分内的平均绝对误差。",
            ),
            given=answers.forecast,
            answer=answers.mase,
            hint=Hint(
                "the scale is the mean of |training[t] - training[t - season]|.",
                "分母是 |training[t] - training[t - season]| 的平均。",
            ),
            mistakes=(
                Mistake(
                    lambda actual, forecast, training, season: answers.mase(actual, forecast, training, 1),
                    Hint("the differences are a season apart, not one step.", "差分要隔一个季节，而不是一步。"),
                ),
                Mistake(
                    lambda actual, forecast, training, season: float(np.abs(actual - forecast).mean()),
                    Hint("that is the MAE; divide by the naive forecast's.", "这是 MAE；还要除以朴素预测的误差。"),
                ),
            ),
        ),
        Exercise(
            name="masked_mean",
            task=Hint(
                "of states (B, T, H) of padded sequences and their lengths (B,): the mean state of each, without "
                "padding, (B, H).",
                "给定填充后的状态 (B, T, H) 和各序列长度 (B,)：返回每个序列不含填充部分的平均状态 (B, H)。",
            ),
            given=answers.states,
            answer=answers.masked_mean,
            hint=Hint(
                "sum what is before each length, and divide by the length.", "对长度以内的状态求和，再除以长度。"
            ),
            mistakes=(
                Mistake(
                    lambda states, lengths: states.mean(1),
                    Hint(
                        "the padding is counted: what stands there is no state.",
                        "把填充部分也算进去了：那里不是真正的状态。",
                    ),
                ),
                Mistake(
                    lambda states, lengths: answers.masked_mean(states, lengths) * lengths[:, None] / states.shape[1],
                    Hint("divide by each sequence's own length.", "应除以每个序列自己的长度。"),
                ),
            ),
        ),
        Exercise(
            name="f1",
            task=Hint(
                "of predictions and labels (N,), 1 for positive: the F1 score of class 1.",
                "给定预测和标签 (N,)，1 表示正类：返回类别 1 的 F1 值。",
            ),
            given=answers.answers,
            answer=answers.f1,
            hint=Hint(
                "2 · hits / (predicted as 1 + labelled 1): the harmonic mean of precision and recall.",
                "2 · 命中数 /（预测为 1 的个数 + 标签为 1 的个数）：精确率与召回率的调和平均。",
            ),
            mistakes=(
                Mistake(
                    lambda predicted, actual: float((predicted == actual).mean()),
                    Hint("that is the accuracy.", "这是准确率。"),
                ),
                Mistake(
                    lambda predicted, actual: float((predicted & actual).sum() / actual.sum()),
                    Hint("that is the recall; precision counts too.", "这是召回率；还要考虑精确率。"),
                ),
            ),
        ),
        Exercise(
            name="clip_by_norm",
            task=Hint(
                "of a list of gradients and a number: the list, scaled as a whole so that the norm of all of them "
                "together is at most that.",
                "给定梯度列表和一个上限：把整个列表按同一比例缩放，使全部梯度合起来的范数不超过上限。",
            ),
            given=answers.gradients,
            answer=answers.clip_by_norm,
            hint=Hint(
                "one norm over all; the factor is most / norm where that is below 1, else 1.",
                "所有梯度共用一个范数；比例为 most / norm，若不小于 1 则取 1。",
            ),
            mistakes=(
                Mistake(
                    answers.each_by_norm,
                    Hint(
                        "each is scaled by its own norm, which turns the direction: use one norm over all.",
                        "每个梯度按各自的范数缩放会改变方向：应使用全部梯度的范数。",
                    ),
                ),
                Mistake(
                    lambda gradients, most: [
                        each * most / np.sqrt(sum(float((one**2).sum()) for one in gradients)) for each in gradients
                    ],
                    Hint("a gradient that is small enough stays as it is.", "已经足够小的梯度应保持不变。"),
                ),
                Mistake(
                    lambda gradients, most: [np.clip(each, -most, most) for each in gradients],
                    Hint("that clips by value; here the norm counts.", "这是按值裁剪；这里要按范数裁剪。"),
                ),
            ),
        ),
        Exercise(
            name="adam_step",
            task=Hint(
                "of weight, gradient, m, v (n,), the number t of this step (from 1) and the rate: the new weight, m "
                "and v; β₁ = 0.9, β₂ = 0.999, ε = 1e-8.",
                "给定 weight、gradient、m、v (n,)、本步序号 t（从 1 起）和学习率：返回新的 weight、m、v；"
                "β₁ = 0.9、β₂ = 0.999、ε = 1e-8。",
            ),
            given=answers.moments,
            answer=answers.adam_step,
            hint=Hint(
                "m and v are moving averages; both are divided by 1 - βᵗ; ε is added to the root.",
                "m 和 v 是滑动平均；两者都除以 1 - βᵗ；ε 加在平方根之外。",
            ),
            mistakes=(
                Mistake(
                    lambda weight, gradient, m, v, t, rate: answers.adam_step(
                        weight, gradient, m, v, t, rate, corrected=False
                    ),
                    Hint(
                        "the bias correction is missing: m / (1 - 0.9ᵗ), v / (1 - 0.999ᵗ).",
                        "漏了偏差修正：m / (1 - 0.9ᵗ)、v / (1 - 0.999ᵗ)。",
                    ),
                ),
                Mistake(
                    lambda weight, gradient, m, v, t, rate: answers.adam_step(weight, gradient, m, v, t, rate, first=1),
                    Hint("t counts from 1 already: no t + 1.", "t 已经从 1 开始：不要用 t + 1。"),
                ),
            ),
        ),
        Exercise(
            name="early_stop",
            task=Hint(
                "of the validation losses, a patience and min_delta: the index of the best one and of the one after "
                "which training ends (the last, if it never does). Progress is to be below the best by more "
                "than min_delta.",
                "给定各轮验证损失、耐心值 patience 和 min_delta：返回最佳一轮的下标，"
                "以及训练结束于哪一轮（若从不提前停止，则为最后一轮）。比最佳值低 min_delta 以上才算进步。",
            ),
            given=answers.losses,
            answer=answers.early_stop,
            hint=Hint(
                "count the validations since the last progress; end where the count reaches the patience.",
                "数一数自上次进步以来的验证次数；达到 patience 时停止。",
            ),
            mistakes=(
                Mistake(
                    lambda losses, patience, min_delta: answers.early_stop(losses, patience, 0.0),
                    Hint("progress has to be by more than min_delta.", "降低超过 min_delta 才算进步。"),
                ),
                Mistake(
                    lambda losses, patience, min_delta: answers.early_stop(losses, patience, min_delta, before=True),
                    Hint(
                        "compare with the best loss so far, not with the one before.",
                        "应与迄今最好的损失比较，而不是与前一轮比较。",
                    ),
                ),
                Mistake(
                    lambda losses, patience, min_delta: answers.early_stop(losses, patience + 1, min_delta),
                    Hint(
                        "with a patience of 1 the first validation without progress ends it.",
                        "patience 为 1 时，第一次没有进步就应停止。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="spectral_radius",
            task=Hint(
                "of a matrix W (n, n): the largest magnitude of an eigenvalue.",
                "给定矩阵 W (n, n)：返回特征值的最大模。",
            ),
            given=answers.matrix,
            answer=lambda W: float(np.abs(np.linalg.eigvals(W)).max()),
            hint=Hint(
                "np.linalg.eigvals gives complex numbers: take their magnitude.",
                "np.linalg.eigvals 给出复数：取它们的模。",
            ),
            mistakes=(
                Mistake(
                    lambda W: float(np.linalg.norm(W, 2)),
                    Hint(
                        "that is the largest singular value: what one step can do at most. "
                        "Many steps go by eigenvalues.",
                        "这是最大奇异值，即一步最多放大多少；多步的行为由特征值决定。",
                    ),
                ),
                Mistake(
                    lambda W: float(np.linalg.eigvals(W).real.max()),
                    Hint("negative and complex eigenvalues count by their magnitude.", "负的和复的特征值要按模来算。"),
                ),
            ),
        ),
        Exercise(
            name="steps_left",
            task=Hint(
                "of a factor below 1 by which each step shrinks a gradient, and a share: after how many steps at most "
                "that share is left.",
                "给定每步使梯度缩小的倍数（小于 1）和一个比例：经过多少步之后，剩下的不超过这个比例。",
            ),
            given=answers.steps,
            answer=lambda factor, share: int(np.ceil(np.log(share) / np.log(factor))),
            hint=Hint(
                "factor ** k <= share: take logarithms, and round up.", "factor ** k <= share：取对数，再向上取整。"
            ),
            mistakes=(
                Mistake(
                    lambda factor, share: int(np.log(share) / np.log(factor)),
                    Hint(
                        "round up: after so many steps a little more is left.",
                        "应向上取整：这么多步之后剩下的还略多一点。",
                    ),
                ),
                Mistake(
                    lambda factor, share: np.log(share) / np.log(factor),
                    Hint("steps are whole: round up.", "步数是整数：向上取整。"),
                ),
            ),
        ),
        Exercise(
            name="lstm_step",
            task=Hint(
                "of x (I,), h (H,), c (H,) and a dictionary p of W_xi, W_hi, b_i, W_xf, ..., b_c: the new h and c.",
                "给定 x (I,)、h (H,)、c (H,) 以及含 W_xi、W_hi、b_i、W_xf、…、b_c 的字典 p：返回新的 h 和 c。",
            ),
            given=lambda draw: answers.gated(LSTM, draw),
            answer=answers.lstm_step,
            hint=Hint(
                "three sigmoids i, f, o and one tanh g; c = f c + i g; h = o tanh(c), with the new c.",
                "三个 sigmoid：i、f、o，一个 tanh：g；c = f c + i g；h = o tanh(c)，用新的 c。",
            ),
            mistakes=(
                Mistake(
                    answers.renamed("if"),
                    Hint(
                        "i and f are exchanged: f keeps the old state, i lets the new one in.",
                        "i 和 f 弄反了：f 保留旧状态，i 放入新内容。",
                    ),
                ),
                Mistake(
                    answers.untamed,
                    Hint("h = o tanh(c): the tanh of the new c is missing.", "h = o tanh(c)：漏了对新 c 的 tanh。"),
                ),
                Mistake(
                    lambda x, h, c, p: answers.lstm_step(x, h, c, p)[::-1],
                    Hint("the order is h, then c.", "返回的顺序是先 h 后 c。"),
                ),
            ),
        ),
        Exercise(
            name="cell_gradient",
            task=Hint(
                "of δh, of Δc that comes back from the next step, of the output gate o and of c, all (H,): δc.",
                "给定 δh、从下一步传回的 Δc、输出门 o 和 c，形状都是 (H,)：返回 δc。",
            ),
            given=answers.cell_state,
            answer=answers.cell_gradient,
            hint=Hint(
                "two ways lead from c to the loss: the next step's c, and h = o tanh(c).",
                "c 有两条路通向损失：下一步的 c，以及 h = o tanh(c)。",
            ),
            mistakes=(
                Mistake(
                    lambda grad_h, later, o, c: answers.cell_gradient(grad_h, 0 * later, o, c),
                    Hint("what comes back from the next step is missing.", "漏了从下一步传回的部分。"),
                ),
                Mistake(
                    lambda grad_h, later, o, c: later + grad_h * o * (1 - c**2),
                    Hint(
                        "c is no tanh itself: the derivative of tanh(c) is 1 - tanh(c)².",
                        "c 本身不是 tanh 的值：tanh(c) 的导数是 1 - tanh(c)²。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="gru_step",
            task=Hint(
                "of x (I,), h (H,) and a dictionary p of W_xr, W_hr, b_r, W_xz, ..., b_n, W_hn, b_hn: the new h.",
                "给定 x (I,)、h (H,) 以及含 W_xr、W_hr、b_r、W_xz、…、b_n、W_hn、b_hn 的字典 p：返回新的 h。",
            ),
            given=lambda draw: answers.gated(GRU, draw),
            answer=answers.gru_step,
            hint=Hint(
                "two sigmoids r and z; n = tanh(x W_xn + b_n + r (h W_hn + b_hn)); h = (1 - z) n + z h.",
                "两个 sigmoid：r 和 z；n = tanh(x W_xn + b_n + r (h W_hn + b_hn))；h = (1 - z) n + z h。",
            ),
            mistakes=(
                Mistake(
                    answers.other_way,
                    Hint(
                        "here z keeps the old state: h = (1 - z) n + z h.", "这里 z 保留旧状态：h = (1 - z) n + z h。"
                    ),
                ),
                Mistake(
                    answers.early_reset,
                    Hint(
                        "here r multiplies behind the matrix, r (h W_hn + b_hn); (r h) W_hn is the GRU of 2014.",
                        "这里 r 乘在矩阵之后：r (h W_hn + b_hn)；(r h) W_hn 是 2014 年最初的 GRU。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="reversed_padded",
            task=Hint(
                "of a padded batch (B, T, F) and its lengths (B,): each sequence backwards, the padding still behind.",
                "给定填充后的批量 (B, T, F) 和长度 (B,)：把每个序列倒过来，填充仍在末尾。",
            ),
            given=answers.steps_then_padding,
            answer=answers.reversed_padded,
            hint=Hint(
                "turn x[b, :length] for each b, and leave the rest zero.", "对每个 b 翻转 x[b, :length]，其余保持为零。"
            ),
            mistakes=(
                Mistake(
                    lambda x, lengths: x[:, ::-1],
                    Hint(
                        "now the padding comes first, and the network would read it.",
                        "这样填充跑到了前面，网络会先读到填充。",
                    ),
                ),
            ),
        ),
        Exercise(
            name="attend",
            task=Hint(
                "of a query (D,), keys (T, D) and values (T, F): the context (F,) and the weights (T,) of scaled "
                "dot-product attention.",
                "给定查询 (D,)、键 (T, D) 和值 (T, F)：返回缩放点积注意力的上下文 (F,) 和权重 (T,)。",
            ),
            given=answers.memory,
            answer=answers.attend,
            hint=Hint(
                "scores = keys @ query / sqrt(D); weights = softmax(scores); context = weights @ values.",
                "得分 = keys @ query / sqrt(D)；权重 = softmax(得分)；上下文 = 权重 @ values。",
            ),
            mistakes=(
                Mistake(
                    lambda query, keys, values: answers.attend(query, keys, values, scaled=False),
                    Hint("divide the scores by the square root of D.", "得分要除以 D 的平方根。"),
                ),
                Mistake(
                    lambda query, keys, values: answers.attend(query, keys, values)[::-1],
                    Hint("the context comes first, then the weights.", "先返回上下文，再返回权重。"),
                ),
            ),
        ),
        Exercise(
            name="layer_norm",
            task=Hint(
                "of rows a (B, H), gain (H,) and bias (H,): each row less its mean, over the root of its variance plus "
                "1e-5, times gain, plus bias.",
                "给定各行 a (B, H)、gain (H,) 和 bias (H,)：每行减去均值，"
                "除以（方差加 1e-5）的平方根，再乘 gain 加 bias。",
            ),
            given=answers.rows,
            answer=answers.layer_norm,
            hint=Hint(
                "mean and variance are over the last axis, of each row by itself.",
                "均值和方差沿最后一个轴、对每行单独计算。",
            ),
            mistakes=(
                Mistake(
                    lambda a, gain, bias: answers.layer_norm(a, gain, bias, axis=0),
                    Hint(
                        "that is over the batch (batch norm); here it is over the features.",
                        "这是沿批量计算（批量归一化）；这里应沿特征计算。",
                    ),
                ),
                Mistake(
                    lambda a, gain, bias: answers.layer_norm(a, 0 * gain + 1, 0 * bias),
                    Hint("gain and bias are missing.", "漏了 gain 和 bias。"),
                ),
            ),
        ),
        Exercise(
            name="lstm_parameters",
            task=Hint(
                "of input_size and hidden_size: how many numbers an LSTM of these equations learns.",
                "给定 input_size 和 hidden_size：按本书的方程，LSTM 有多少个可学习的参数。",
            ),
            given=answers.sizes,
            answer=lambda input_size, hidden_size: LSTM.parameter_count(input_size=input_size, hidden_size=hidden_size),
            hint=Hint("four times an input matrix, a state matrix and a bias.", "四份：输入矩阵、状态矩阵和偏置。"),
            mistakes=(
                Mistake(
                    lambda input_size, hidden_size: answers.lstm_parameters(input_size, hidden_size, biases=2),
                    Hint(
                        "that is torch's count, with two biases; the equations have one.",
                        "这是 torch 的数目，有两个偏置；方程里只有一个。",
                    ),
                ),
                Mistake(
                    lambda input_size, hidden_size: answers.lstm_parameters(input_size, hidden_size, biases=0),
                    Hint("the biases are missing.", "漏了偏置。"),
                ),
                Mistake(
                    lambda input_size, hidden_size: answers.lstm_parameters(input_size, hidden_size) // 4,
                    Hint("that is one gate; there are four such parts.", "这只是一个门；这样的部分有四个。"),
                ),
            ),
        ),
        Exercise(
            name="scan",
            task=Hint(
                "of a and b (T, H): h[t] = a[t] h[t-1] + b[t] at all steps (T, H), from h = 0.",
                "给定 a 和 b (T, H)：从 h = 0 开始，返回所有时间步的 h[t] = a[t] h[t-1] + b[t]，形状 (T, H)。",
            ),
            given=answers.linear,
            answer=answers.scan,
            hint=Hint(
                "two neighbours join to one: (a₂ a₁, a₂ b₁ + b₂). A loop is right too.",
                "相邻两步可合成一步：(a₂ a₁, a₂ b₁ + b₂)。用循环也对。",
            ),
            mistakes=(
                Mistake(
                    lambda a, b: np.cumsum(b, axis=0),
                    Hint("the old state is multiplied by a[t].", "旧状态要乘以 a[t]。"),
                ),
                Mistake(
                    lambda a, b: np.vstack([0 * b[:1], answers.scan(a, b)[:-1]]),
                    Hint(
                        "row t is the state after step t; these are those before.",
                        "第 t 行是第 t 步之后的状态；这里给的是之前的状态。",
                    ),
                ),
            ),
        ),
    )
}
"""Name -> exercise, in the order of the course."""
