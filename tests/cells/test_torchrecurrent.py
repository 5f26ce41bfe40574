"""Cells against torchrecurrent's (a peer of the tests alone), with the same weights and sizes that differ.

Where the peer and a paper differ, the cell follows the paper, and `DIFFERENT` says in what.
"""

from __future__ import annotations

import warnings

import papers_further  # noqa: F401  (enters its statements)
import papers_gated  # noqa: F401
import papers_lstm  # noqa: F401
import papers_time  # noqa: F401
import pytest
import torch
from papers import STATEMENTS
from test_matrix_cells import PAPERS

from recurra.cells import all_cells
from recurra.nn import Recurrent

peers = pytest.importorskip("torchrecurrent", reason="torchrecurrent is not installed")

LAYOUTS = {
    "IndRNN": {"weight_ih": "W_x", "vector_u": "u", "bias_ih": "b"},
    "FastRNN": {"weight_ih": "W_x", "weight_hh": "W_h", "bias_ih": "b", "alpha": "alpha", "beta": "beta"},
    "FastGRNN": {"weight_ih": "W_x", "weight_hh": "W_h", "bias_ih": "b_z b_h", "zeta": "zeta", "nu": "nu"},
    "ATR": {"weight_ih": "W_x", "weight_hh": "W_h"},
    "CFN": {"weight_ih": "W_xf W_xi W_x", "weight_hh": "W_hf W_hi", "bias_ih": "b_f b_i 0"},
    "JANET": {"weight_ih": "W_xf W_xc", "weight_hh": "W_hf W_hc", "bias_ih": "b_f b_c"},
    "MGU": {"weight_ih": "W_xf W_xh", "weight_hh": "W_hf W_hh", "bias_ih": "b_f b_h"},
    "MUT1": {"weight_ih": "W_xz W_xr W_xh", "weight_hh": "W_hr W_hh", "bias_ih": "b_z b_r 0", "bias_hh": "0 b_h"},
    "MUT2": {"weight_ih": "W_xz W_xr W_xh", "weight_hh": "W_hz W_hr W_hh", "bias_ih": "b_z b_r b_h"},
    "RAN": {"weight_ih": "W_xc W_xi W_xf", "weight_hh": "W_hi W_hf", "bias_ih": "b_i b_f"},
    "STAR": {"weight_ih": "W_xz W_xk", "weight_hh": "W_hk", "bias_ih": "b_z b_k"},
    "UGRNN": {"weight_ih": "W_xc W_xg", "weight_hh": "W_hc W_hg", "bias_ih": "b_c b_g"},
    "LiGRU": {"weight_ih": "W_xz W_xh", "weight_hh": "W_hz W_hh", "bias_ih": "b_z b_h"},
    "LightRU": {"weight_ih": "W_xh W_xf", "weight_hh": "W_hf", "bias_ih": "b_h b_f"},
    "MinimalRNN": {
        "weight_ih": "W_x", "weight_hh": "U_h", "weight_mm": "U_z", "bias_ih": "b_x", "bias_hh": "b_u",
    },
    "BR": {"weight_ih": "W_xa W_xc W_x", "weight_hh": "w_ha w_hc", "bias_ih": "b_a b_c b_h"},
    "NBR": {"weight_ih": "W_xa W_xc W_x", "weight_hh": "W_ha W_hc", "bias_ih": "b_a b_c b_h"},
    "TRNN": {"weight_ih": "W_xz W_xf", "bias_ih": "0 b_f"},
    "OriginalLSTM": {"weight_ih": "W_xi W_xc W_xo", "weight_hh": "W_hi W_hc W_ho", "bias_ih": "b_i b_c b_o"},
    "MultiplicativeLSTM": {
        "weight_ih": "W_xm W_xi W_xf W_xc W_xo", "weight_hh": "W_hm", "weight_mh": "W_mi W_mf W_mc W_mo",
        "bias_ih": "0 b_i b_f b_c b_o",
    },
    "PeepholeLSTM": {
        "weight_ih": "W_xi W_xf W_xc W_xo", "weight_hh": "W_hi W_hf W_hc W_ho", "weight_ph": "w_ci w_cf w_co",
        "bias_ih": "b_i b_f b_c b_o",
    },
    "ResLSTM": {
        "weight_ih": "W_xi W_xf W_xc W_xo", "weight_hh": "W_hi W_hf W_hc W_ho", "weight_ph": "w_ci w_cf w_co",
        "bias_ih": "b_i b_f b_c b_o", "weight_proj": "W_p", "weight_res": "W_x",
    },
    "WMCLSTM": {
        "weight_ih": "W_xi W_xf W_xc W_xo", "weight_hh": "W_hi W_hf W_hc W_ho", "weight_mh": "W_ci W_cf W_co",
        "bias_ih": "b_i b_f b_c b_o",
    },
    "MCLSTM": {
        "weight_ih": "W_xf W_xi W_xo W_xm W_xn", "weight_hh": "W_vf W_vi W_vo W_vm W_vn",
        "bias_ih": "b_f b_i b_o b_m b_n",
    },
    "AntisymmetricRNN": {"weight_ih": "V", "weight_hh": "W", "bias_ih": "b"},
    "GatedAntisymmetricRNN": {"weight_ih": "V_z V_h", "weight_hh": "W", "bias_ih": "b_z b_h"},
    "coRNN": {"weight_ih": "V", "weight_hh": "W_y", "weight_ch": "W_z", "bias_ih": "b"},
    "UnICORNN": {"weight_ih": "V", "weight_hh": "w", "weight_ch": "c", "bias_ih": "b"},
    "SGU": {"weight_ih": "W_xg W_xz", "weight_hh": "W_hg W_hz", "bias_ih": "b_g b_z"},
    "DSGU": {"weight_ih": "W_xg W_xz", "weight_hh": "W_hg W_hz", "weight_ho": "W_ho", "bias_ih": "b_g b_z"},
    "SGRN": {"weight_ih": "W_x", "weight_hh": "W_h", "bias_hh": "b"},
    "MiRU1": {"weight_ih": "W_xr W_xh", "weight_hh": "W_hr W_hh", "bias_ih": "b_r b_h"},
    "MiRU2": {"weight_ih": "W_xh", "weight_hh": "W_hh", "bias_ih": "b_h"},
    "IntersectionRNN": {
        "weight_ih": "W_xy W_xh W_xgy W_xgh", "weight_hh": "W_hy W_hh W_hgy W_hgh", "bias_ih": "b_y b_h b_gy b_gh",
    },
    "tauGRU": {"weight_ih": "U_1 U_2 U_3 U_4", "weight_hh": "W_1 W_2 W_3 W_4"},
    "TGRU": {"weight_ih": "W_z W_f W_o", "weight_hh": "V_z V_f V_o", "bias_ih": "b_z b_f b_o"},
    "TLSTM": {"weight_ih": "W_z W_f W_o", "weight_hh": "V_z V_f V_o", "bias_ih": "b_z b_f b_o"},
}  # fmt: skip
"""Cell -> the peer's tensor -> our parameters, one upon the other; 0 is a part that we do not have."""

OPTIONS = {
    "IndRNN": {"nonlinearity": "relu"},
    "FastGRNN": {"nonlinearity": "sigmoid"},
    "AntisymmetricRNN": {"epsilon": 0.1, "gamma": 0.01},
    "GatedAntisymmetricRNN": {"epsilon": 0.1, "gamma": 0.01},
    "UnICORNN": {"alpha": 1.0},
    "tauGRU": {"delay": 5},
}
"""Cell -> what makes the peer's the paper's (by default IndRNN and FastGRNN have a tanh), or its constants ours."""

SIZES = {"IntersectionRNN": (5, 5)}
"""Cell -> the sizes of input and state, where the peer needs them to be equal; else they are different."""

DIFFERENT = {
    "MUT3": "the peer's r adds x itself, and its z reads h; the paper's z reads tanh(h)",
    "NAS": "the peer adds the products of x and h at every leaf; the cell that was found multiplies them at one",
    "LEM": "the peer has one time step for both states; the paper has one for each",
    "SCRN": "the peer's hidden units read its last output y and not themselves, and the context's share is trained",
}
"""Cell -> where the peer differs from the paper."""


@pytest.mark.parametrize("name", LAYOUTS)
def test_agrees_with_the_peer(name: str) -> None:
    torch.manual_seed(0)
    sizes = SIZES.get(name, (3, 5))
    layer = Recurrent(all_cells[name], *sizes, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = getattr(peers, name)(*sizes, **OPTIONS.get(name, {})).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-0.7, 0.7)
        for tensor, parameter in peer.cells[0].named_parameters():
            parts = LAYOUTS[name].get(tensor)
            if parts is not None:
                parameter.copy_(_upon_each_other(layer, parts, 5).reshape(parameter.shape))
            elif tensor.startswith("bias"):
                parameter.zero_()
    x = torch.randn(8, 2, sizes[0], dtype=torch.float64)
    torch.testing.assert_close(layer(x)[0], peer(x)[0])


def _upon_each_other(layer: Recurrent, parts: str, width: int) -> torch.Tensor:
    """Return our parameters in the peer's layout: matrices transposed, one upon the other."""
    found = []
    for part in parts.split():
        value = torch.zeros(width, dtype=torch.float64) if part == "0" else getattr(layer, f"{part}_l0")
        found.append(value.T if value.dim() == 2 else value.reshape(-1))
    return torch.cat(found)


def test_every_cell_of_the_peer_is_here_and_compared_or_explained() -> None:
    theirs = {name.removesuffix("Cell") for name in vars(peers) if name.endswith("Cell")}
    assert theirs == {*LAYOUTS, *DIFFERENT}
    assert theirs <= set(all_cells)
    assert not set(LAYOUTS) & set(DIFFERENT)


def test_every_cell_is_compared_with_what_is_not_ours() -> None:
    """With its paper, written once more, this peer, or torch.nn; or a law that it obeys makes it another cell."""
    of_torch = {"Elman", "ElmanReLU", "GRU", "LSTM", "ProjectedLSTM"}
    by_a_law = {"DilatedGRU", "IRNN"}
    assert set(all_cells) == {*STATEMENTS, *PAPERS, *LAYOUTS, *of_torch, *by_a_law}
