"""Initialisation of parameters by the scheme that a cell names."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import init

from recurra.errors import InputError

__all__ = ["initialise"]


@torch.no_grad()
def initialise(parameter: Tensor, *, scheme: float | str) -> None:
    """Fill a parameter (inputs, outputs), a vector or a number.

    Parameters
    ----------
    scheme : a number, or one of
        ``"xavier"`` uniform, Glorot & Bengio (2010); ``"he"`` normal, He et al. (2015); ``"orthogonal"``, Saxe et
        al. (2014); ``"identity"``, Le et al. (2015); ``"uniform"`` in +-1/sqrt(outputs), as torch.nn's recurrent
        layers; ``"normal"`` of variance 1/inputs, LeCun et al. (1998).
    """
    if isinstance(scheme, (int, float)):
        parameter.fill_(scheme)
        return
    if scheme != "uniform" and parameter.dim() != 2:
        raise InputError(f"the initialisation {scheme!r} is for matrices; got shape {tuple(parameter.shape)}")
    if parameter.numel() == 0:
        return
    match scheme:
        case "xavier":
            init.xavier_uniform_(parameter)
        case "he":
            init.kaiming_normal_(parameter.T, nonlinearity="relu")
        case "orthogonal":
            init.orthogonal_(parameter)
        case "identity":
            init.eye_(parameter)
        case "uniform":
            bound = (parameter.shape[-1] if parameter.dim() else 1) ** -0.5
            init.uniform_(parameter, -bound, bound)
        case "normal":
            init.normal_(parameter, std=parameter.shape[0] ** -0.5)
        case _:
            raise InputError(f"an initialisation of {scheme!r}: expected a number or a scheme of recurra.spec.SCHEMES")
