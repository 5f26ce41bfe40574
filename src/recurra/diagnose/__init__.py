"""See why a recurrent network learns or fails to: gradients through time, Jacobians, gates, and what to try."""

from recurra.diagnose.flow import FlowCurve, GradientFlow, gradient_flow
from recurra.diagnose.places import Place

__all__ = ["FlowCurve", "GradientFlow", "Place", "gradient_flow"]
