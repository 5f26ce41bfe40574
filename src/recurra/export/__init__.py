"""Models outside of Python: C without a library, ONNX, and checks that what is written agrees with the model."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
