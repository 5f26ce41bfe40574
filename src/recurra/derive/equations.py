"""(to come)"""


def forward(step, *, latex=False):
    return ""


def backward(f, b, *, latex=False):
    return ""
