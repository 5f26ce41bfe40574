"""Training: the loop's set-up, its callbacks, and the model folder. Import its modules by name."""

from recurra.public import by_modules

__getattr__, __dir__ = by_modules(__name__)
