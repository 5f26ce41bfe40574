"""Cells against torchrecurrent's (a peer of the tests alone), with the same weights and sizes that differ.

Where the peer and a paper differ, the cell follows the paper, and `DIFFERENT` says in what.
"""

from __future__ import annotations

import warnings

import pytest
import torch

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
}  # fmt: skip
"""Cell -> the peer's tensor -> our parameters, one upon the other; 0 is a part that we do not have."""

OPTIONS = {"IndRNN": {"nonlinearity": "relu"}, "FastGRNN": {"nonlinearity": "sigmoid"}}
"""Cell -> what makes the peer's the paper's: by default both have a tanh there."""

DIFFERENT = {
    "MUT3": "the peer's r adds x itself, and its z reads h; the paper's z reads tanh(h)",
    "NAS": "the peer adds the products of x and h at every leaf; the cell that was found multiplies them at one",
    "LEM": "the peer has one time step for both states; the paper has one for each",
}
"""Cell -> where the peer differs from the paper."""


@pytest.mark.parametrize("name", LAYOUTS)
def test_agrees_with_the_peer(name: str) -> None:
    torch.manual_seed(0)
    layer = Recurrent(all_cells[name], 3, 5, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = getattr(peers, f"{name}Cell")(3, 5, **OPTIONS.get(name, {})).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-0.7, 0.7)
        for tensor, parameter in peer.named_parameters():
            parts = LAYOUTS[name].get(tensor)
            if parts is not None:
                parameter.copy_(_upon_each_other(layer, parts, 5).reshape(parameter.shape))
            elif tensor.startswith("bias"):
                parameter.zero_()
    x = torch.randn(6, 2, 3, dtype=torch.float64)
    state, outputs = None, []
    for step in x:
        state = peer(step, state)
        outputs.append(state[0] if isinstance(state, tuple) else state)
    torch.testing.assert_close(layer(x)[0], torch.stack(outputs))


def _upon_each_other(layer: Recurrent, parts: str, width: int) -> torch.Tensor:
    """Return our parameters in the peer's layout: matrices transposed, one upon the other."""
    found = []
    for part in parts.split():
        value = torch.zeros(width, dtype=torch.float64) if part == "0" else getattr(layer, f"{part}_l0")
        found.append(value.T if value.dim() == 2 else value.reshape(-1))
    return torch.cat(found)


def test_every_cell_of_the_peer_that_is_here_is_compared_or_explained() -> None:
    here = {name for name in all_cells if hasattr(peers, f"{name}Cell")}
    assert here == {*LAYOUTS, *DIFFERENT}
