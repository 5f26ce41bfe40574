from .connectivity import Connectivity as Connectivity, Examined as Examined, connectivity as connectivity
from .diagnosis import Diagnosis as Diagnosis
from .flow import FlowCurve as FlowCurve, GradientFlow as GradientFlow, gradient_flow as gradient_flow
from .layer_names import Place as Place
from .parameter_sizes import ParameterSize as ParameterSize, update_sizes as update_sizes
from .run import diagnose as diagnose
from .verdicts import Advice as Advice, Finding as Finding
