"""WebAssembly: cells agree with their layers in Node; what the class beside a module does, and how large it is."""

from __future__ import annotations

import base64
import json
import queue
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from export_cases import layer_of, made_of_several, some, transformed, uncompiled
from scipy.io import wavfile

from lab.browser import Browser, chromium
from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.export import check_export, export
from recurra.export.wasm_link import module_of
from recurra.nn import GRU, LSTM, Sequential
from recurra.tasks import ClassifyOptions, SequenceClassifier

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="no node")

ALL = [pytest.param(name, marks=() if name in ("LSTM", "mLSTM") else pytest.mark.slow) for name in all_cells]


@pytest.mark.parametrize("name", ALL)
def test_a_cell_agrees_with_its_layer(name: str) -> None:
    check_export(layer_of(all_cells[name]), "wasm")


@pytest.mark.parametrize("model", some([*made_of_several(), *transformed()], "both ways", "batch_norm"))
def test_stacks_directions_heads_and_transforms(model: torch.nn.Module) -> None:
    check_export(model, "wasm")


def test_weights_of_int8() -> None:
    """Beside the quantised layer, which has the same numbers."""
    check_export(uncompiled(LSTM(9, 37, num_layers=2)), "wasm", weights="int8")


def test_an_lstm_is_small(tmp_path: Path) -> None:
    """Without its weights, and the script counted."""
    layer = uncompiled(LSTM(32, 64))
    sizes = {}
    for weights, size in (("float32", 4), ("int8", 1)):
        module, script, _ = export(layer, tmp_path / f"{weights}.wasm", weights=weights)
        numbers = sum(p.numel() for name, p in layer.named_parameters() if name.startswith("weight"))
        sizes[weights] = module.stat().st_size - size * numbers + script.stat().st_size
    assert max(sizes.values()) < 20_000, sizes


def _said(script: str, folder: Path) -> Any:
    """Return what a script prints, as JSON, that stands beside what was exported."""
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "main.js").write_text(script)
    done = subprocess.run(["node", "main.js"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_steps_runs_and_states_in_javascript(tmp_path: Path) -> None:
    """Steps one by one are a run; a state is a value, of one model and for another; memory grows with a long run."""
    model = Sequential(uncompiled(GRU(2, 5)), torch.nn.Linear(5, 3))
    export(model, tmp_path / "gates.wasm")
    export(uncompiled(GRU(2, 5, num_layers=2)), tmp_path / "deep.wasm")
    x = torch.randn(4_000, 2)
    with torch.no_grad():
        wanted = model(x[:200, None])[0].flatten().numpy()
    (tmp_path / "x.json").write_text(json.dumps(x.flatten().tolist()))
    found = _said(
        """
        import Gates from "./gates.js";
        import Deep from "./deep.js";
        import { readFileSync } from "node:fs";
        const x = JSON.parse(readFileSync("x.json"));
        const one = await Gates.load(), other = new Gates(one.module);
        const steps = [0, 1, 2].flatMap((t) => [...one.step(x.slice(2 * t, 2 * t + 2))]);
        other.state = one.state;
        const rest = other.run(x.slice(6));
        one.reset();
        const deep = await Deep.load(), before = deep.state;
        const errors = [
          () => one.step([1]), () => one.run([1, 2, 3]), () => one.run(), () => { one.state = {}; },
          () => { deep.state = { h_l0: [1, 2, 3, 4, 5], h_l1: [1] }; },
          () => one.step([1, 2], { dt: [1] }), () => one.run([1, 2], { dt: [1] }),
        ].map((wrong) => {
          try { wrong(); } catch (error) { return `${error.name}: ${error.message}`; }
        });
        const kept = JSON.stringify(before) === JSON.stringify(deep.state);
        const again = [...one.step(x.slice(0, 2))];
        const names = Object.keys(one.state), sizes = [Gates.inputSize, Gates.outputSize];
        console.log(JSON.stringify({ steps, rest: [...rest], errors, kept, again, names, sizes }));
        """,
        tmp_path,
    )
    assert found["kept"], "a state that is refused leaves the one before"
    assert len(found["rest"]) == 3 * 3997
    np.testing.assert_allclose([*found["steps"], *found["rest"]][:600], wanted, atol=1e-6)
    assert found["again"] == found["steps"][:3]
    assert (found["names"], found["sizes"]) == (["h_l0"], [2, 3])
    assert found["errors"] == [
        "RangeError: x: got 1 numbers, expected 2",
        "RangeError: x: got 3 numbers, expected 2 for each step",
        "RangeError: x: got no array of numbers, expected 2 for each step",
        "RangeError: state.h_l0: got no array of numbers, expected 5",
        "RangeError: state.h_l1: got 1 numbers, expected 5",
        *["RangeError: dt: no input is called so; beside x there is none"] * 2,
    ]


@pytest.mark.slow
def test_a_page_and_an_audio_worklet_in_a_browser(tmp_path: Path) -> None:
    """Chromium loads both files from a server; a worklet is given the module, and steps once for each sample."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no chromium")
    layer = uncompiled(GRU(1, 1))
    export(layer, tmp_path / "gates.wasm")
    (tmp_path / "worklet.js").write_text(
        """
        import Gates from "./gates.js";
        registerProcessor("gates", class extends AudioWorkletProcessor {
          constructor({ processorOptions }) {
            super();
            this.gates = new Gates(processorOptions.module);
          }
          process([[given]], [[out]]) {
            for (let t = 0; t < out.length; t++) out[t] = this.gates.step([given ? given[t] : 0])[0];
            return true;
          }
        });
        """
    )
    (tmp_path / "page.html").write_text(
        """<!doctype html><body><script type="module">
        import Gates from "./gates.js";
        const x = Float32Array.from({ length: 256 }, (_, t) => Math.fround(Math.sin(t / 9)));
        const gates = await Gates.load();
        const page = [...gates.run(x)];
        const context = new OfflineAudioContext(1, 256, 16000);
        await context.audioWorklet.addModule("worklet.js");
        const source = new AudioBufferSourceNode(context, { buffer: context.createBuffer(1, 256, 16000) });
        source.buffer.copyToChannel(x, 0);
        const node = new AudioWorkletNode(context, "gates", { processorOptions: { module: gates.module } });
        source.connect(node).connect(context.destination);
        source.start();
        const audio = [...(await context.startRendering()).getChannelData(0)];
        await fetch("found", { method: "POST", body: JSON.stringify({ page, audio }) });
        </script></body>"""
    )
    found = _posted_by(browser, tmp_path)
    x = torch.from_numpy(np.sin(np.arange(256) / 9).astype(np.float32))
    with torch.no_grad():
        wanted = layer(x[:, None, None])[0].flatten().numpy()
    np.testing.assert_allclose(found["page"], wanted, atol=1e-6)
    np.testing.assert_allclose(found["audio"], wanted, atol=1e-6)


@pytest.mark.slow
def test_a_page_hears_a_recording_and_the_microphone(tmp_path: Path) -> None:
    """One file, without a network: what it shows is what the model says of the samples."""
    if chromium() is None:
        pytest.skip("no chromium")
    rate, random = 8000, np.random.default_rng(0)
    sounds, labels = [], []
    for number in range(24):
        pitch = 300 if number % 2 else 1200
        sound = 0.5 * np.sin(2 * np.pi * pitch * random.uniform(0.95, 1.05) * np.arange(rate) / rate)
        sounds.append((sound + 0.01 * random.standard_normal(rate)).astype(np.float32))
        labels.append(("high", "low")[number % 2])
        wavfile.write(tmp_path / f"{number}.wav", rate, sounds[-1])
    rows = [f"{number}.wav,{label}" for number, label in enumerate(labels)]
    (tmp_path / "sounds.csv").write_text("\n".join(["path,label", *rows]))
    options = ClassifyOptions(audio="path", label="label", epochs=4, hidden_size=8, batch_size=4, learning_rate=0.02)
    model = SequenceClassifier(options).fit(tmp_path / "sounds.csv")
    files = model.export(tmp_path / "ears.wasm", page=True)
    assert [file.name for file in files] == ["ears.wasm", "ears.js", "ears.d.ts", "ears.html", "ears.json"]
    shown = "[...document.querySelectorAll('meter')].map((each) => each.value)"
    pretended = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / '0.wav'}", "--autoplay-policy=no-user-gesture-required",
    ]  # fmt: skip
    with Browser(tmp_path, offline=True, more=pretended) as browser:
        browser.open((tmp_path / "ears.html").as_uri())
        browser.wait(f"{shown}.length == 2")
        for number in (0, 1):
            content = base64.b64encode((tmp_path / f"{number}.wav").read_bytes()).decode()
            browser.run(f"""(() => {{
              const bytes = Uint8Array.from(atob("{content}"), (letter) => letter.charCodeAt(0));
              const given = new DataTransfer();
              given.items.add(new File([bytes], "{number}.wav"));
              const input = document.getElementById("file");
              input.files = given.files;
              input.dispatchEvent(new Event("change"));
            }})()""")
            browser.wait(f"document.getElementById('said').textContent.startsWith('{number}.wav: 1.00 s')")
            wanted = model.predict([sounds[number]]).row(0, named=True)["probabilities"]
            np.testing.assert_allclose(browser.run(shown), wanted, atol=1e-3)
        assert browser.run(f"{shown}[0]") < 0.5  # it was low
        browser.run("document.getElementById('microphone').click()")
        browser.wait(f"{shown}[0] > 0.5")  # the microphone hears what is high
        assert browser.errors == []
        assert [address for address in browser.requests if address.startswith("http")] == []
    with pytest.raises(ExportError, match="no classifier of sounds"):
        export(uncompiled(GRU(3, 4)), tmp_path / "gates.wasm", page=True)


def _posted_by(browser: str, folder: Path) -> Any:
    """Return what `page.html` of a folder posts, opened in a browser, from a server of that folder."""
    found: queue.Queue[bytes] = queue.Queue()

    class Handler(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            found.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/page.html"
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
        command = [browser, *options, "--remote-debugging-port=0", address]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                return json.loads(found.get(timeout=60))
            finally:
                process.terminate()
                server.shutdown()


def test_a_model_that_reads_backwards_has_no_step(tmp_path: Path) -> None:
    export(uncompiled(GRU(2, 3, bidirectional=True)), tmp_path / "both.wasm", name="other")
    found = _said(
        """
        const { default: Both } = await import("./both.js");
        const both = await Both.load(new URL("both.wasm", import.meta.url));
        try { both.step([1, 2]); } catch (error) { console.log(JSON.stringify(error.message)); }
        """,
        tmp_path,
    )
    assert found == "it reads several steps at once, or backwards: there is run alone"


def test_what_javascript_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from recurra.export import wasm_script

    monkeypatch.setattr(wasm_script, "_SCRIPT", wasm_script._SCRIPT.replace("this.#functions.run(", "this.ran("))
    with pytest.raises(ExportError, match=r"Node: TypeError: .* not a function\n.*at Model\.run"):
        check_export(uncompiled(GRU(2, 3)), "wasm")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("declare void @f()\ndefine void @g() {\n call void @f()\n ret void\n}", "the object imports f"),
        ("@a = global i32 1\ndefine i32 @g() {\n %x = load i32, ptr @a\n ret i32 %x\n}", "the object has a relocation"),
    ],
)
def test_an_object_that_needs_more_is_refused(text: str, message: str) -> None:
    from recurra.export.processors import emitted
    from recurra.export.wasm_format import WASM

    with pytest.raises(RuntimeError, match=message):
        module_of(emitted(text, WASM), exports=["g"], data=[], pages=1)
