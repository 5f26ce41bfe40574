"""Models outside of Python: C, JavaScript, ONNX, objects, WebAssembly, and checks that what is written agrees."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
