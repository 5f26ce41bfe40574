"""Recurrent layers: what each can, whichever its cell, and `Sequential`, which puts heads behind or between them."""

from __future__ import annotations

import copy
import functools
import itertools
from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.backends.parameters import Parameters
from recurra.derive.plan import Plans, Variant
from recurra.errors import BackendError, InputError
from recurra.export.description import WEIGHTS, ExportedModel
from recurra.export.exporting import export
from recurra.graph.node import number_of
from recurra.nn.batch import Resets, Sequences
from recurra.nn.checks import check_input, check_like, check_named, check_parameters, check_states
from recurra.nn.choice import Explanation, choose, source
from recurra.nn.direct import DirectCalls, Extras
from recurra.nn.direct_stack import Shapes
from recurra.nn.exporting import exported
from recurra.nn.guards import has_any_length, is_proxy, is_traced, opaque_to_compile
from recurra.nn.operator import GraphName, call
from recurra.nn.quantisation import check_stored, evaluated, quantised_direction, unlike_stored
from recurra.nn.run import Rows, State, run, run_any_length, run_rows
from recurra.nn.stack import Direction, DirectionLayout, Stack, Stacked
from recurra.nn.statistics import RunningStatistics, statistics_of
from recurra.nn.stream import Stream
from recurra.nn.stream_parts import compute_weights
from recurra.spec import Cell

__all__ = ["Layer", "Quantised", "Sequential", "quantised", "quantised_exactly", "tensors_of"]


class Layer(Stacked):
    """A recurrent layer."""

    input_size: int
    hidden_size: int
    num_layers: int
    bidirectional: bool
    dropout: float
    _graph_name: GraphName
    _begins_otherwise = False
    """Whether a sequence begins with other states than zero."""

    @abstractmethod
    def _parts(self) -> tuple[Cell, Sequence[Sequence[DirectionLayout]]]:
        """Return the cell that runs, and for each layer and direction how its parameters are laid out."""

    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""
        names = (name for layer in self._parts()[1] for layout in layer for name in layout.names)
        return self._stack_of(iter(tensors_of(self, names)), return_states=return_states)

    def _stack_of(self, tensors: Iterator[Tensor], *, return_states: bool = False) -> Stack:
        """Return the stack with these parameters, in the order of its layers."""
        cell, layouts = self._parts()
        layers = [[self._direction(each, tensors) for each in layer] for layer in layouts]
        return Stack(cell, layers, self.backend, self.training, self.dropout, return_states, self.observer)

    def _direction(self, layout: DirectionLayout, given: Iterator[Tensor]) -> Direction:
        """Return a direction with the next of the parameters."""
        tensors = [*itertools.islice(given, len(layout.names))]
        check_parameters(tensors, names=layout.names, shapes=layout.shapes)
        return Direction(
            layout.sizes, Parameters(tensors, layout.parts), layout.reverse, self._statistics(layout.suffix),
            self._initial(layout.suffix),
        )  # fmt: skip

    def _statistics(self, suffix: str) -> RunningStatistics | None:
        """Return the running statistics of a direction, where its cell has any."""
        return None

    def _initial(self, suffix: str) -> Sequence[float | Tensor]:
        """Return what each state of a direction begins with; nothing where all are zero."""
        return ()

    @checked(InputError)
    def initial_state(self, batch: int | None = None) -> State:
        """Return the state that sequences begin with, where a call is given none.

        Parameters
        ----------
        batch : int, optional
            The number of sequences; without it there is no axis for them.

        Returns
        -------
        tensor or tuple of tensors, (num_layers * directions, batch, size) each
            Zero, unless the cell says otherwise; gradients flow to those that are learnt.
        """
        return self._begun(batch)

    def _begun(self, batch: int | None) -> State:
        """Return the state that sequences begin with; while a graph of any batch is recorded, `batch` is no number."""
        cell, layouts = self._parts()
        every, like = [layout for layer in layouts for layout in layer], self.example
        found = []
        for place, leaf in enumerate(cell.step.states):
            width = number_of(leaf.width, every[0].sizes)
            rows = [(self._initial(layout.suffix) or (0.0,) * (place + 1))[place] for layout in every]
            rows = [row if isinstance(row, Tensor) else like.new_full((width,), row) for row in rows]
            state = torch.stack([row.to(like.dtype) for row in rows])
            found.append(state if batch is None else state.unsqueeze(1).expand(-1, batch, -1))
        return found[0] if len(found) == 1 else tuple(found)

    def _initial_state_for(self, input: object) -> State | None:
        """Return the state that sequences begin with if it is not zero, and the sequences are some."""
        if isinstance(input, PackedSequence) and input.batch_sizes.numel():
            return self._begun(int(input.batch_sizes[0]))
        if isinstance(input, Tensor) and input.dim() in (2, 3):
            return self._begun(input.shape[0 if self.batch_first else 1] if input.dim() == 3 else None)
        return None  # what it is said to be is an error elsewhere

    def forward(
        self,
        input: Sequences,
        hx: State | None = None,
        *,
        inputs: Mapping[str, Sequences] | None = None,
        return_states: bool = False,
        reset: Sequences | None = None,
        mask: Sequences | None = None,
    ) -> tuple[Any, ...]:
        """Run the layers over sequences.

        Parameters
        ----------
        input : tensor (time, batch, input_size), with `batch_first` (batch, time, input_size), unbatched
            (time, input_size), or a PackedSequence
        hx : tensor or tuple of tensors, optional
            The initial states in the cell's order, each (num_layers * directions, batch, size), unbatched without
            the batch axis; by default what the cell begins with, which is zeros unless it says otherwise. A state
            that is learnt gets no gradient from sequences that are given theirs.
        inputs : mapping, optional
            The cell's further inputs by name, laid out as `input`; a per-sequence one is (batch, size).
        return_states : bool
            Whether every state at every step is returned too.
        reset : bool tensor (time, batch), with `batch_first` (batch, time), unbatched (time,), or a PackedSequence
            Before which steps the state is the initial one, as where episodes follow each other in a sequence. A
            direction that runs backwards restarts at the same boundaries.
        mask : bool tensor (time, batch), with `batch_first` (batch, time), unbatched (time,), or a PackedSequence
            Which steps are run. At the others the state stays as it is, in every layer and direction, and the output
            is zero, as is every state that `return_states` gives there.

        Returns
        -------
        output : laid out as `input`, with directions * output size features
        states : shaped as `hx`: a tensor where the cell has one state, otherwise a tuple
        every_state : only with `return_states`
            A mapping: state -> a tuple with, for each layer, the state after every step, laid out as `input`, with
            directions * size features. Gradients flow through it.

        Raises
        ------
        InputError
            If the shape, dtype or device of anything does not fit.
        """
        if hx is None and self._begins_otherwise:
            hx = self._initial_state_for(input)
        is_plain = inputs is None and not return_states and reset is None and mask is None
        if is_plain and (found := self._run_directly(input, hx)) is not None:
            return found
        extras = {"inputs": inputs, "return_states": return_states, "reset": reset, "mask": mask}
        if not is_plain and mask is None:
            given = self._extras(inputs, return_states=return_states, reset=reset)
            if given is not None and (found := self._run_directly(input, hx, given)) is not None:
                return found
        if is_plain and torch.compiler.is_compiling() and not torch.compiler.is_exporting():
            found = self._in_graph(input, hx)
            if found is not None:
                return found
        if not torch.compiler.is_compiling() and is_proxy(input):  # by its own signature, which torch.fx looks at
            return _as_node(
                self,
                input,
                hx,
                {name: value for name, value in extras.items() if value is not None and value is not False},
            )
        if is_traced() and not (inputs or return_states or reset is not None or mask is not None):
            return self._traced(input, hx)
        return self._run(input, hx, **extras)

    @opaque_to_compile
    def _run(
        self,
        input: Sequences,
        hx: State | None,
        *,
        inputs: Mapping[str, Sequences] | None,
        return_states: bool,
        reset: Sequences | None,
        mask: Sequences | None,
    ) -> tuple[Any, ...]:
        if inputs is not None and not isinstance(inputs, Mapping):
            raise InputError(
                f"inputs: got {type(inputs).__name__}, expected a mapping from the names of the cell's further inputs, "
                'such as {"dt": gaps}'
            )
        stack = self.stack(return_states=return_states)
        output, finals, every = run(
            stack, input, hx, further=inputs or {}, batch_first=self.batch_first, reset=reset, mask=mask,
            kept_runner=self._run_kept,
        )  # fmt: skip
        if mask is None:
            self._keep(input, hx, stack, self._extras(inputs, return_states=return_states, reset=reset))
        states = finals[0] if len(finals) == 1 else finals
        return (output, states, every) if return_states else (output, states)

    # calls that were made before ----------------------------------------------------------------------------------

    def _run_directly(self, input: Sequences, hx: State | None, extras: Extras | None = None) -> tuple[Any, ...] | None:
        """Return what a call gives that was made before with tensors of these shapes; None for another."""
        if self.observer is not None:
            return None
        if extras is None:
            found = DirectCalls.run(self, self._call_key, input, hx)
        else:
            found = DirectCalls.run(self, self._call_key, input, hx, extras=extras)
        if found is None:
            return None
        if extras is None or not extras.return_states:
            return found if len(found) == 2 else (found[0], found[1:])
        names = self._parts()[0].states
        output, finals, every = found[0], found[1 : 1 + len(names)], found[1 + len(names) :]
        by_state = {name: every[number :: len(names)] for number, name in enumerate(names)}
        return output, finals[0] if len(finals) == 1 else finals, by_state

    def _run_kept(
        self,
        stack: Stack,
        inputs: Sequence[Tensor],
        *,
        states: Sequence[Tensor],
        batch_sizes: Sequence[int],
        reset: Resets | None,
    ) -> Rows:
        """Run the steps that a mask keeps as `run_rows` does: as a call for packed sequences, maybe made before."""
        packed = PackedSequence(inputs[0], torch.tensor(batch_sizes, device="cpu"))
        anew = None if reset is None else packed._replace(data=reset.rows)
        extras = Extras(tuple(packed._replace(data=each) for each in inputs[1:]), anew, stack.return_states)
        found = (
            None
            if stack.observer is not None
            else DirectCalls.run(self, self._call_key, packed, tuple(states), extras=extras)
        )
        if found is None:
            found = run_rows(stack, inputs, states=states, batch_sizes=batch_sizes, reset=reset)
            self._keep(packed, tuple(states), stack, extras)
            return found
        count = len(states)
        output, finals, every = found[0].data, found[1 : 1 + count], [each.data for each in found[1 + count :]]
        layers = (tuple(every[begin : begin + count]) for begin in range(0, len(every), count))
        return output, finals, tuple(layers)

    def _extras(
        self, inputs: Mapping[str, Sequences] | None, *, return_states: bool, reset: Sequences | None
    ) -> Extras | None:
        """Return what a call is given beside sequences and states; None if it cannot be right."""
        names = [leaf.name for leaf in self._parts()[0].further_inputs]
        given = {} if inputs is None else inputs
        if not isinstance(given, Mapping) or set(given) != set(names):
            return None
        return Extras(tuple(given[name] for name in names), reset, return_states)

    def _keep(self, input: Sequences, hx: State | None, stack: Stack, extras: Extras | None = None) -> None:
        """Keep how this call was made, for the next one of its shapes."""
        if extras is None:
            return
        layouts = [layout for layer in self._parts()[1] for layout in layer]
        shapes = functools.partial(Shapes.of_sequences, batch_first=self.batch_first, count=len(layouts))
        names = [name for layout in layouts for name in layout.names]
        DirectCalls.keep(self, self._call_key, input, hx, names=names, stack=stack, shapes=shapes, extras=extras)

    def _call_key(self, input: Tensor) -> Hashable:
        """Return what decides a call beside the states and the parameters."""
        return (
            input.shape, torch.get_num_threads(), self.training, self.dropout, self.batch_first, self.backend,
            self._structure,
        )  # fmt: skip

    @property
    def _structure(self) -> Hashable:
        """What of the layer's attributes decides `_parts`, as they are now; None if these stay."""
        return None

    # while a graph is recorded ------------------------------------------------------------------------------------

    def _in_graph(self, input: Sequences, hx: State | None) -> tuple[Any, ...] | None:
        """Return the results as of one operator of the graph that `torch.compile` makes; None where it can be none."""
        if not isinstance(input, Tensor) or self.observer is not None:
            return None
        found = self._named_in_graph()
        if found is None:
            return None
        number, names = found
        states = () if hx is None else (hx,) if isinstance(hx, Tensor) else tuple(hx)
        output, finals = call(self._graph_name.text, number, input, states, [getattr(self, name) for name in names])
        return output, finals[0] if len(finals) == 1 else finals

    def _named_in_graph(self) -> tuple[int, tuple[str, ...]] | None:
        """Return the number of a call in a graph, which knows this layer from now on, and the names of its parameters.

        None if it cannot be in a graph.

        `torch.compile` calls this when it makes a graph, and keeps the result.
        """
        layouts = [layout for layer in self._parts()[1] for layout in layer]
        if any(self._statistics(layout.suffix) for layout in layouts):
            return None  # an operator writes to no buffers
        number = self.__dict__.setdefault("_graph_name", GraphName()).register(self)
        return number, tuple(name for layout in layouts for name in layout.names)

    _named_in_graph._dynamo_marked_constant = True  # pyright: ignore[reportFunctionMemberAccess]

    def run_with(
        self, tensors: Sequence[Tensor], sequences: Tensor, states: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Run with these parameters; see `recurra.nn.operator`."""
        given = tuple(states) or None
        found = DirectCalls.run(self, self._call_key, sequences, given, tensors=tensors)
        if found is not None:
            return found[0], found[1:]
        stack = self._stack_of(iter(tensors))
        output, finals, _ = run(stack, sequences, given, further={}, batch_first=self.batch_first)
        self._keep(sequences, given, stack, Extras())
        assert isinstance(output, Tensor)
        return output, finals

    def empty_results(
        self, tensors: Sequence[Tensor], sequences: Tensor, states: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Return tensors like the results; see `recurra.nn.operator`."""
        cell, layouts = self._parts()
        sizes, directions = layouts[0][0].sizes, len(layouts[0])
        like = tensors[0] if tensors else sequences
        check_input(sequences, name="input", features=sizes["input_size"], batch_first=self.batch_first, like=like)
        batch = () if sequences.dim() == 2 else (sequences.shape[0 if self.batch_first else 1],)
        widths = [number_of(leaf.width, sizes) for leaf in cell.step.states]
        shapes = [(directions * len(layouts), *batch, width) for width in widths]
        if states:
            check_states(states, names=[f"initial state {name}" for name in cell.states], shapes=shapes, like=like)
        features = directions * number_of(cell.output_size, sizes)
        output = like.new_empty((*sequences.shape[:-1], features))
        return output, [like.new_empty(shape) for shape in shapes]

    def _traced(self, input: Sequences, hx: State | None) -> tuple[Any, ...]:
        """Run while a graph for other sequences is recorded; torch's own layers have one for any length."""
        if torch._C._get_tracing_state() is not None:
            raise BackendError(
                f"torch.jit.trace({type(self).__name__}): it would fix the number of steps at that of the example "
                "and give wrong results for any other; recurra.nn's LSTM, GRU and RNN can be traced, and torch.export "
                "takes any layer"
            )
        if has_any_length(input):
            assert isinstance(input, Tensor)
            output, finals = run_any_length(self.stack(), input, hx, batch_first=self.batch_first)
            return output, finals[0] if len(finals) == 1 else finals
        return self._run(input, hx, inputs=None, return_states=False, reset=None, mask=None)

    def __prepare_scriptable__(self) -> torch.nn.Module:
        """Refuse `torch.jit.script`, which compiles Python itself and knows nothing of a cell's equations."""
        raise BackendError(
            f"torch.jit.script({type(self).__name__}): a layer is made of its cell's equations, not of TorchScript; "
            "recurra.nn's LSTM, GRU and RNN can be scripted, and torch.export takes any layer"
        )

    def plans(self) -> Plans:
        """Return what runs now: in training with the noises, in evaluation without."""
        return self.stack().cell.plans(Variant(training=self.training, shifted=True))

    @checked(InputError)
    def explain(self, *, batch: int = 1) -> Explanation:
        """Return which backend runs this layer, in which form, and why; on a GPU the form depends on the batch."""
        first = self.stack().layers[0][0]
        return choose(self.backend, like=self.example, plans=self.plans(), sizes=first.sizes, batch=batch)

    @checked(InputError)
    def source(self, stage: str = "", *, which: str = "forward") -> str:
        """Return what is compiled for this layer, as text.

        Parameters
        ----------
        stage : ``"graph"``, ``"plans"``, and on the CPU ``"loops"``, ``"ir"``, ``"optimised"`` or ``"assembly"``, on a
            GPU ``"triton"``; by default the one that is read most easily, loops or Triton
        which : ``"inference"``, ``"forward"`` or ``"backward"``

        Raises
        ------
        BackendError
            If the layer's backend compiles nothing.
        """
        sizes = self.stack().layers[0][0].sizes
        return source(self.plans(), self.backend, like=self.example, stage=stage, which=which, sizes=sizes)

    @checked(InputError)
    def stream(self, batch: int = 1) -> Stream:
        """Return what runs this layer one sample at a time; see `recurra.nn.Stream`."""
        return Stream(self, batch=batch)

    @checked(InputError)
    def quantised(self, weights: str) -> Quantised:
        """Return this layer for inference, with its matrices in fewer bits; it shares no memory with this one.

        Biases and all else that no product multiplies by stay in float32, as do inputs, states and sums.

        Parameters
        ----------
        weights : ``"bfloat16"``, or ``"int8"`` with one scale for each output of a matrix

        Raises
        ------
        InputError
            If `weights` is another, the parameters are not float32 on the CPU, or a number of them is not finite.

        Examples
        --------
        >>> import torch
        >>> from recurra.nn import LSTM
        >>> small = LSTM(3, 8).quantised("int8")
        >>> with torch.inference_mode():
        ...     output, (h, c) = small(torch.randn(7, 2, 3))
        >>> small.weight_hh_int8_l0.dtype, small.weight_hh_scale_l0.shape
        (torch.int8, torch.Size([32]))
        """
        return Quantised(self, weights)

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what `recurra.export` is given of this layer, with weights of products in float32 or int8."""
        check_named("weights", weights, known=WEIGHTS)
        return exported(quantised_exactly(self, weights))

    @checked(InputError)
    def export(self, out: str | Path, *, to: str | None = None, **options: Any) -> tuple[Path, ...]:
        """Write this layer as code or a model that runs without Python; see `recurra.export.export` for the options.

        Examples
        --------
        >>> import tempfile
        >>> from recurra.nn import GRU
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [file.name for file in GRU(3, 8).export(f"{folder}/gates.c")]
        ['gates.c', 'gates.h']
        """
        return export(self, out, to=to, **options)


class Quantised(Layer):
    """A layer for inference with its matrices in bfloat16 or int8, made by `quantised` of a layer; float32, on the CPU.

    It is called as that layer is, and has streams. Its `state_dict` has the matrices in their dtype, (outputs, inputs)
    each, under names of their own such as ``weight_hh_int8_l0``, and for int8 the scale of each output; a layer of the
    same options, quantised the same way, loads it, and no other does.

    Attributes
    ----------
    weights : str
        ``"bfloat16"`` or ``"int8"``.
    cell : Cell
        The equations that run; what the layer's own make of parameters alone is a parameter of these.

    Raises
    ------
    InputError
        In training mode, where a gradient would be wanted, if its parameters, of which it has none, are drawn anew,
        and if it is moved to another device or dtype.
    """

    def __init__(self, layer: Layer, weights: str) -> None:
        super().__init__()
        if isinstance(layer, Quantised):
            raise InputError(f"the layer is quantised, in {layer.weights}: quantise the one that it was made of")
        self.training, self.weights, self.backend, self.batch_first = False, weights, layer.backend, layer.batch_first
        self.input_size, self.hidden_size, self.num_layers = layer.input_size, layer.hidden_size, layer.num_layers
        self.bidirectional, self.dropout, self._made_of = layer.bidirectional, 0.0, repr(layer)
        self._begins_otherwise, self._begins = layer._begins_otherwise, dict[str, Sequence[float | str]]()
        with torch.no_grad():
            compute_weights(layer)
            cell, layouts = layer._parts()
            pairs = [zip(*each, strict=True) for each in zip(layer.stack().layers, layouts, strict=True)]
            made = [[quantised_direction(cell, *pair, weights) for pair in each] for each in pairs]
        self.cell = evaluated(cell)
        self._layouts = [[each.layout for each in directions] for directions in made]
        self._is_uniform = all(each.is_uniform for directions in made for each in directions)
        for each in itertools.chain(*made):
            for name, value in each.values.items():
                self.register_buffer(name, value)
            if statistics := layer._statistics(each.layout.suffix):
                for name, buffer in statistics.buffers.items():
                    self.register_buffer(f"{name}{each.layout.suffix}", buffer.clone())
            self._keep_initial(each.layout.suffix, layer._initial(each.layout.suffix))

    def _keep_initial(self, suffix: str, initial: Sequence[float | Tensor]) -> None:
        """Keep what the states of a direction begin with, vectors as buffers."""
        for state, begin in zip(self.cell.states, initial, strict=False):
            if isinstance(begin, Tensor):
                self.register_buffer(f"initial_{state}{suffix}", begin.detach().clone())
        self._begins[suffix] = [
            f"initial_{state}{suffix}" if isinstance(begin, Tensor) else begin
            for state, begin in zip(self.cell.states, initial, strict=False)
        ]

    def extra_repr(self) -> str:
        """Return what it was made of, and the dtype of the matrices."""
        return f"{self._made_of}, weights={self.weights!r}"

    @property
    def output_features(self) -> int:
        """The number of features of the layer's output, both directions side by side."""
        directions = self._layouts[-1]
        return len(directions) * number_of(self.cell.output_size, directions[0].sizes)

    @property
    def example(self) -> Tensor:
        """A tensor of the dtype and on the device in which it computes; nobody reads its values."""
        return torch.empty(0, dtype=torch.float32, device="cpu")

    def _parts(self) -> tuple[Cell, list[list[DirectionLayout]]]:
        return self.cell, self._layouts

    def _direction(self, layout: DirectionLayout, given: Iterator[Tensor]) -> Direction:
        tensors = [*itertools.islice(given, len(layout.names))]
        check_stored(tensors, layout)
        parameters = Parameters(tensors, layout.parts)
        if not self._is_uniform:  # kernels read weights of one storage
            parameters = Parameters.of([value.contiguous() for value in parameters])
        return Direction(
            layout.sizes, parameters, layout.reverse, self._statistics(layout.suffix), self._initial(layout.suffix)
        )

    def _initial(self, suffix: str) -> Sequence[float | Tensor]:
        begins = self._begins.get(suffix, ())
        return [getattr(self, begin) if isinstance(begin, str) else begin for begin in begins]

    def _statistics(self, suffix: str) -> RunningStatistics | None:
        return statistics_of(self, self.cell.statistics, suffix)

    def _run(self, input: Sequences, hx: State | None, **options: Any) -> tuple[Any, ...]:
        further = (options.get("inputs") or {}).values() if isinstance(options.get("inputs"), Mapping) else ()
        states = hx if isinstance(hx, (tuple, list)) else (hx,)
        for each in (input, *states, *further):
            tensor = each.data if isinstance(each, PackedSequence) else each
            if not isinstance(tensor, Tensor):
                continue
            if tensor.requires_grad and torch.is_grad_enabled():
                raise InputError(
                    "a quantised layer has no gradients, and an input or a state requires one: call it under "
                    "torch.inference_mode(), or train the layer that it was made of"
                )
            check_like(tensor, name="input", like=self.example)
        return super()._run(input, hx, **options)

    def _named_in_graph(self) -> None:
        """Return that it is no operator of a graph, which would have gradients."""

    _named_in_graph._dynamo_marked_constant = True  # pyright: ignore[reportFunctionMemberAccess]

    def train(self, mode: bool = True) -> Quantised:
        """Stay in evaluation; refuse training."""
        if mode:
            raise InputError(f"a quantised layer ({self.weights}) cannot train: train the layer that it was made of")
        return super().train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Quantised:
        """Refuse gradients."""
        if requires_grad:
            raise InputError(f"a quantised layer ({self.weights}) has no gradients: train the layer it was made of")
        return self

    def reset_parameters(self) -> NoReturn:
        """Refuse to draw parameters anew: there are none."""
        raise InputError(
            f"a quantised layer ({self.weights}) has no parameters to draw anew: call reset_parameters() of the layer "
            "that it was made of, and quantise that"
        )

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, strict: bool, missing_keys: list[str],
        unexpected_keys: list[str], error_msgs: list[str],
    ) -> None:  # fmt: skip
        """Load as torch does, and say in words where the matrices that are given are in another storage."""
        given = {name.removeprefix(prefix) for name in state_dict if name.startswith(prefix)}
        for layout in itertools.chain(*self._layouts):
            if unlike := unlike_stored(layout, given):
                error_msgs.append(
                    f"{prefix}{unlike[0]}: the state has {unlike[1]!r}, weights in another storage than "
                    f"{self.weights}: load it into a layer as it was saved from, and quantise that"
                )
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Quantised:
        """Apply what `to`, `double`, `cuda` and others do, as far as it leaves float32 on the CPU."""
        try:
            moved = fn(self.example)
        except Exception as error:  # such as that of a torch without CUDA
            raise InputError(
                f"a quantised layer runs float32 on the CPU, and cannot be moved ({error}): convert the layer that it "
                "was made of"
            ) from error
        if moved.dtype != torch.float32 or not moved.is_cpu:
            raise InputError(
                f"a quantised layer runs float32 on the CPU, and would be {moved.dtype} on {moved.device}: convert the "
                "layer that it was made of"
            )

        def kept(tensor: Tensor) -> Tensor:  # .float() would widen bfloat16
            found = fn(tensor)
            return found if found.dtype == tensor.dtype else tensor

        return super()._apply(kept, recurse)


@checked(InputError)
def quantised(module: nn.Module, weights: str) -> nn.Module:
    """Return a copy of a module for inference, in which every recurrent layer is quantised; all else stays as it is.

    Parameters
    ----------
    module : a module with layers of `recurra.nn`, or one of them
    weights : ``"bfloat16"`` or ``"int8"``, as `quantised` of a layer takes it

    Raises
    ------
    InputError
        If there is no such layer in it, or one cannot be quantised.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, Sequential, quantised
    >>> model = Sequential(GRU(3, 8), torch.nn.Linear(8, 1))
    >>> small = quantised(model, "int8")
    >>> small[0].weights, small[1].weight.dtype
    ('int8', torch.float32)
    """
    if isinstance(module, Layer):
        return module.quantised(weights)
    found = {id(each): each for each in module.modules() if isinstance(each, Layer) and not isinstance(each, Quantised)}
    if not found:
        raise InputError(f"{type(module).__name__} has no recurrent layer of recurra.nn that could be quantised")
    # `deepcopy` takes what it is told to have copied already: a layer that stands in several places stays one
    made: dict[int, Any] = {number: each.quantised(weights) for number, each in found.items()}
    return copy.deepcopy(module, made).eval()


def quantised_exactly(module: nn.Module, weights: str) -> nn.Module:
    """Return a quantised copy that computes with inputs as they are, as exported code does; itself for float32.

    Compiled kernels of int8 round the inputs of few rows to 16 bits. What is quantised already is copied.
    """
    is_new = not any(isinstance(part, Quantised) for part in module.modules())
    if is_new and weights == "float32":
        return module
    made = quantised(module, weights) if is_new else copy.deepcopy(module)
    for part in made.modules():
        if isinstance(part, Quantised) and part.backend == "auto":
            part.backend = "torch"
    return made


def _as_node(layer: Layer, input: Any, hx: Any, extras: Mapping[str, Any]) -> Any:
    """Let `torch.fx.symbolic_trace` see a layer as one call of a module, as it sees torch.nn's."""
    path = input.tracer.path_of_module(layer)
    if not path:
        raise BackendError(
            f"torch.fx.symbolic_trace({type(layer).__name__}): a layer is one node of a graph and has none of its own, "
            "as torch.nn's have; trace a module that has it as a part"
        )
    return input.tracer.create_proxy("call_module", path, (input,) if hx is None else (input, hx), dict(extras))


def tensors_of(module: torch.nn.Module, names: Iterable[str]) -> list[Any]:
    """Return a module's parameters by name; `getattr` alone takes longer, and finds those that are computed."""
    own = module._parameters  # a parametrised one is computed by a property, so it is not in here
    return [own[name] if name in own else getattr(module, name) for name in names]


class Sequential(nn.Sequential):
    """Modules one after the other; recurrent ones pass on their outputs, and their states are returned together.

    Parameters are those of `torch.nn.Sequential`: modules, or an ordered mapping of them. Modules that are no
    recurrent layers see the features of every step.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, Sequential
    >>> model = Sequential(GRU(3, 8, num_layers=2), torch.nn.Dropout(0.1), torch.nn.Linear(8, 1))
    >>> output, states = model(torch.randn(7, 2, 3))
    >>> output.shape, states[0].shape
    (torch.Size([7, 2, 1]), torch.Size([2, 2, 8]))
    """

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, input: Sequences, hx: tuple[State, ...] | None = None
    ) -> tuple[Sequences, tuple[State, ...]]:
        """Run the modules over sequences.

        Parameters
        ----------
        input : as the first module takes it
        hx : tuple, optional
            For each recurrent layer its initial states, as it takes them; zeros by default.

        Returns
        -------
        output : laid out as `input`
        states : tuple, for each recurrent layer the states after the last step
        """
        recurrent = [module for module in self if isinstance(module, Layer)]
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != len(recurrent)):
            raise InputError(f"hx: expected a tuple of {len(recurrent)} states, one for each recurrent layer")
        initial = iter(hx or (None,) * len(recurrent))
        states: list[State] = []
        value: Any = input
        for module in self:
            if isinstance(module, Layer):
                value, state = module(value, next(initial))
                states.append(state)
            elif isinstance(value, PackedSequence):
                value = value._replace(data=module(value.data))
            else:
                value = module(value)
        return value, tuple(states)

    def stream(self, batch: int = 1) -> Stream:
        """Return what runs these modules one sample at a time; see `recurra.nn.Stream`."""
        return Stream(self, batch=batch)

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what `recurra.export` is given of these modules, with weights of recurrent layers in float32 or int8.

        Heads keep float32.
        """
        check_named("weights", weights, known=WEIGHTS)
        return exported(quantised_exactly(self, weights))

    @checked(InputError)
    def export(self, out: str | Path, *, to: str | None = None, **options: Any) -> tuple[Path, ...]:
        """Write these modules as code or a model that runs without Python; see `recurra.export.export`."""
        return export(self, out, to=to, **options)
