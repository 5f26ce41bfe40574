"""See why a recurrent network learns or fails to: gradients through time, Jacobians, gates, and what to try."""

from recurra.diagnose.diagnosis import Diagnosis
from recurra.diagnose.findings import Advice, Finding
from recurra.diagnose.flow import FlowCurve, GradientFlow, gradient_flow
from recurra.diagnose.layer_names import Place
from recurra.diagnose.parameter_sizes import ParameterSize, update_sizes
from recurra.diagnose.run import diagnose

__all__ = [
    "Advice", "Diagnosis", "Finding", "FlowCurve", "GradientFlow", "ParameterSize", "Place", "diagnose",
    "gradient_flow", "update_sizes",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted(__all__)
