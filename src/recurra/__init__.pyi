from . import (
    cells as cells,
    data as data,
    diagnose as diagnose,
    errors as errors,
    nn as nn,
    plan as plan,
    report as report,
    tasks as tasks,
    testing as testing,
    training as training,
    transforms as transforms,
    tune as tune,
)
from .spec import (
    Cell as Cell,
    bernoulli as bernoulli,
    cell as cell,
    exp as exp,
    log as log,
    maximum as maximum,
    mean as mean,
    minimum as minimum,
    relu as relu,
    sigmoid as sigmoid,
    softmax as softmax,
    softplus as softplus,
    sqrt as sqrt,
    sum as sum,
    tanh as tanh,
    where as where,
)

__version__: str
