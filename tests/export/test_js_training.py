"""JavaScript that trains: its gradients are those of torch's autograd, and so are the parameters that follow."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, transformed, uncompiled

from recurra import cell, tanh
from recurra.cells import LSTM as LSTM_CELL
from recurra.cells import all_cells
from recurra.errors import ExportError, InputError
from recurra.export import check_export, export
from recurra.export.checking import (
    compared_gradients,
    expected_gradients,
    gradient_rounding,
    weighted_sequences,
)
from recurra.export.lowering import lowered
from recurra.export.node import NodeTrainingArtefact
from recurra.nn import LSTM, Recurrent, Sequential
from recurra.transforms import zoneout

ALL = {"random", "one step", "zeros", "large", "given states"}

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no node")


@cell(initial={"h": "learnt"}, delays={"h_d": ("h", 3)})
def Late(p, x, h, *, h_d):
    """What it begins with is learnt, and read several times."""
    return tanh(x @ p.W + h @ p.U + h_d @ p.V + p.b)


def check_gradients(models: dict[str, Any], folder: Path, cases: Collection[str]) -> None:
    """Export models, run them forward and backward in Node, and compare with torch's autograd."""
    wrong = {}
    for name, model in models.items():
        for part in model.modules():
            if hasattr(part, "backend"):
                part.backend = "torch"
        described = model.exported()
        file, _ = export(model, folder / f"{name}.js", training=True)
        artefact = NodeTrainingArtefact(file, described, lowered(described))
        for each, weights in weighted_sequences(described, seed=0):
            if each.name in cases:
                wanted = expected_gradients(described, each, weights)
                error = compared_gradients(artefact.gradients(each, weights), wanted, each)
                if error > 1e-5 and error > 4 * gradient_rounding(described, each, weights):
                    wrong[name, each.name] = error
    assert not wrong


@needs_node
def test_gradients_of_cells_stacks_directions_heads_and_transforms(tmp_path: Path) -> None:
    models: dict[str, Any] = {name: layer_of(all_cells[name]) for name in FEW - {"LSTM", "tauGRU"}}
    models |= {str(each.id).replace(" ", "_"): each.values[0] for each in (*made_of_several()[:2], transformed()[1])}
    models["late"] = late = layer_of(Late)
    initial: Any = late.initial_h_l0
    torch.nn.init.normal_(initial)
    check_gradients(models, tmp_path, {"random", "given states"})


@needs_node
@pytest.mark.slow
def test_gradients_of_all_cells(tmp_path: Path) -> None:
    check_gradients({name: layer_of(each) for name, each in all_cells.items()}, tmp_path, ALL)


@needs_node
def test_descent_in_javascript_is_that_in_torch(tmp_path: Path) -> None:
    """A few steps of gradient descent on the echo of a sequence, with the state carried from part to part."""
    torch.manual_seed(0)
    model = Sequential(layer_of(LSTM_CELL, input_size=1), torch.nn.Linear(12, 1))
    described = model.exported()
    export(model, tmp_path / "echo.js", training=True)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    x = torch.sin(torch.arange(60.0)).reshape(20, 3, 1)
    (tmp_path / "main.js").write_text(f"""
        import Echo from "./echo.js";
        const model = new Echo({{ batch: 3 }}), x = {json.dumps(x.flatten().tolist())}, losses = [];
        for (let step = 0; step < 4; step++) {{
          if (step % 2 === 0) model.reset();
          const y = model.run(x), dy = y.map((v, i) => 2 * (v - (i < 3 ? 0 : x[i - 3])) / y.length);
          losses.push(y.reduce((sum, v, i) => sum + (v - (i < 3 ? 0 : x[i - 3])) ** 2 / y.length, 0));
          const {{ parameters }} = model.backward(dy);
          for (const [name, values] of Object.entries(model.parameters)) {{
            for (let i = 0; i < values.length; i++) values[i] -= 0.5 * parameters[name][i];
          }}
        }}
        // another instance has the parameters in common, and another batch
        const one = new Echo({{ parameters: model.parameters }});
        const alone = one.run(x.filter((_, i) => i % 3 === 0));
        model.reset();
        const together = model.run(x).filter((_, i) => i % 3 === 0);
        const parameters = Object.fromEntries(Object.entries(model.parameters).map(([k, v]) => [k, [...v]]));
        console.log(JSON.stringify({{ losses, parameters, alone: [...alone], together: [...together] }}));
    """)
    done = subprocess.run(["node", tmp_path / "main.js"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    losses, states = [], None
    for step in range(4):
        y, states = model(x, None if step % 2 == 0 else tuple(tuple(s.detach() for s in g) for g in states or ()))
        loss = torch.nn.functional.mse_loss(y, torch.cat([torch.zeros(1, 3, 1), x[:-1]]))
        with torch.no_grad():
            parameters = [*model.parameters()]
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter -= 0.5 * gradient
        losses.append(loss.item())
    assert found["losses"] == pytest.approx(losses, abs=1e-6)
    assert found["alone"] == pytest.approx(found["together"], abs=1e-6)
    after = model.exported()
    for direction, before in zip(after.directions, described.directions, strict=True):
        assert not isinstance(direction.trained, str)
        assert not isinstance(before.trained, str)
        for node, values in direction.trained.parameters.items():
            trained = np.array(found["parameters"][f"{node.name}_{direction.name}"])
            np.testing.assert_allclose(trained, values.ravel(), atol=2e-6)
            assert np.abs(trained - before.trained.parameters[node].ravel()).max() > 1e-4


def test_what_evaluation_does_not_train_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "m.js"
    refused = [
        (Recurrent(zoneout(LSTM_CELL, 0.1), 2, 3), "draws random numbers in training"),
        (transformed()[0].values[0], "takes means over a batch in training"),
        (LSTM(2, 3, num_layers=2, dropout=0.5), "dropout between layers draws random numbers"),
    ]
    for layer, reason in refused:
        with pytest.raises(ExportError, match=f"l0: training cannot be exported: .*{reason}"):
            export(uncompiled(layer), out, training=True)
    with pytest.raises(InputError, match="training and weights='int8' were both given"):
        export(uncompiled(LSTM(2, 3)), out, training=True, weights="int8")
    with pytest.raises(InputError, match=r"training=True: to='c' has no such option"):
        check_export(uncompiled(LSTM(2, 3)), "c", training=True)
