#!/usr/bin/python3
"""Writes files as Keras saves them, and what their networks answer.

Keras itself cannot be installed where this runs, so the layout is that of its source:
  keras-team/keras 040582fc160b1080954ddc1f554dd70fbbb1da5a  keras/src/saving/saving_lib.py   (form "3.0")
  matte1782/keras  d4ed93b5349139e155e25006e9b32c272356ce14  the same file, later: vars have names (form "3.10")
  keras-team/keras 0a54048b9961097d2628727e564708f9f4264b39  keras/src/legacy/saving/legacy_h5_format.py (form "2")
  keras-team/keras b4f00e7eaffe9532adb521a36809587a5998cbbb  keras/src/utils/naming.py
and the formulas are those of
  keras-team/keras 13b6362d852071dcd0b9a5897576bccab6282a3a  keras/src/layers/rnn/lstm.py, gru.py
  keras-team/keras 0036744c2cd4d12156b5cfabd2e5a84c53644680  keras/src/layers/rnn/bidirectional.py
LSTM, GRU (reset after) and SimpleRNN are compared with torch.nn here, in double precision.

Debian 12: apt install python3-h5py python3-numpy python3-torch; then
    python3 keras_golden.py
writes *.keras, *.h5 and golden.json beside this file, the same bytes each time but for dates in the HDF5 files.
"""
import io
import json
import os
import re
import zipfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.RandomState(30)
CASES = []


def numbers(*shape, dtype="float32"):
    return RANDOM.uniform(-0.9, 0.9, shape).astype(dtype)


# What Keras computes, step by step, in double precision. ------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, kernel, recurrent, bias):
    u = recurrent.shape[0]
    h, c, out = np.zeros(u), np.zeros(u), []
    for step in x:
        z = step @ kernel + h @ recurrent + bias
        i, f, g, o = sigmoid(z[:u]), sigmoid(z[u : 2 * u]), np.tanh(z[2 * u : 3 * u]), sigmoid(z[3 * u :])
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def gru(x, kernel, recurrent, bias, reset_after):
    u = recurrent.shape[0]
    h, out = np.zeros(u), []
    for step in x:
        if reset_after:
            a, b = step @ kernel + bias[0], h @ recurrent + bias[1]
            z, r = sigmoid(a[:u] + b[:u]), sigmoid(a[u : 2 * u] + b[u : 2 * u])
            candidate = np.tanh(a[2 * u :] + r * b[2 * u :])
        else:
            a = step @ kernel + bias
            b = h @ recurrent[:, : 2 * u]
            z, r = sigmoid(a[:u] + b[:u]), sigmoid(a[u : 2 * u] + b[u:])
            candidate = np.tanh(a[2 * u :] + (r * h) @ recurrent[:, 2 * u :])
        h = z * h + (1 - z) * candidate
        out.append(h)
    return np.array(out)


def simple(x, kernel, recurrent, bias, activation):
    h, out = np.zeros(recurrent.shape[0]), []
    for step in x:
        z = step @ kernel + bias + h @ recurrent
        h = np.maximum(z, 0) if activation == "relu" else np.tanh(z)
        out.append(h)
    return np.array(out)


# Layers: each has a class, options, variables by the path below its own, and what it computes. ----------------------


class Layer:
    def __init__(self, kind, variables=None, children=None, run=None, **config):
        self.kind, self.variables, self.children = kind, variables or [], children or []
        self.run, self.config, self.name = run or (lambda x: x), config, None

    def parts(self, path):
        """The groups of the file as (path, saveable), in the order in which Keras walks."""
        yield path, self
        for name, child in self.children:
            yield from child.parts(path + "/" + name)

    def all_variables(self):
        return self.variables + [v for _, child in self.children for v in child.all_variables()]

    def json(self, modern):
        config = {"name": self.name, "trainable": True, "dtype": "float32", **self.config}
        if self.kind in ("Lambda",):
            config["function"] = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None}}
        found = {"class_name": self.kind, "config": config}
        if modern:
            found = {"module": "keras.layers", **found, "registered_name": None, "build_config": {"input_shape": [None, None, 3]}}
        return found


GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}


def cell(kind, inputs, units, dtype="float32", **config):
    """A cell with its weights; config as of the layer."""
    config = {"activation": "tanh", "use_bias": True, "dropout": 0.25, "recurrent_dropout": 0.0, "seed": None, **config}
    if kind != "SimpleRNN":
        config = {"recurrent_activation": "sigmoid", **config}
    if kind == "LSTM":
        config["unit_forget_bias"] = True
    if kind == "GRU":
        config.setdefault("reset_after", True)
    width = GATES[kind] * units
    double = kind == "GRU" and config["reset_after"]
    variables = [numbers(inputs, width, dtype=dtype), numbers(units, width, dtype=dtype)]
    bias = np.zeros((2, width) if double else width)
    if config["use_bias"]:
        variables.append(numbers(*bias.shape, dtype=dtype))
        bias = variables[2].astype("float64")
    kernel, recurrent = variables[0].astype("float64"), variables[1].astype("float64")
    run = {
        "LSTM": lambda x: lstm(x, kernel, recurrent, bias),
        "GRU": lambda x: gru(x, kernel, recurrent, bias, config.get("reset_after")),
        "SimpleRNN": lambda x: simple(x, kernel, recurrent, bias, config["activation"]),
    }[kind]
    return Layer(kind + "Cell", variables, run=run, units=units, **config)


def rnn_config(sequences, backwards=False):
    return dict(return_sequences=sequences, return_state=False, go_backwards=backwards, stateful=False, unroll=False,
                zero_output_for_mask=False)


def recurrent(kind, inputs, units, sequences=True, backwards=False, **config):
    inner = cell(kind, inputs, units, **config)
    run = lambda x: inner.run(x[::-1] if backwards else x)
    return Layer(kind, children=[("cell", inner)], run=run if sequences else lambda x: run(x)[-1],
                 **rnn_config(sequences, backwards), **inner.config)


def rnn(cells, sequences=True):
    """RNN of one cell, or of StackedRNNCells."""
    def run(x):
        for each in cells:
            x = each.run(x)
        return x if sequences else x[-1]

    inner = cells[0]
    if len(cells) > 1:
        names, children = {}, []
        for each in cells:
            base = snake_case(each.kind)
            names[base] = names.get(base, -1) + 1
            children.append(("cells/" + base + ("_%d" % names[base] if names[base] else ""), each))
        inner = Layer("StackedRNNCells", children=children)
        inner.config = {"cells": [{"class_name": c.kind, "config": c.config} for c in cells]}
    return Layer("RNN", children=[("cell", inner)], run=run, **rnn_config(sequences),
                 cell={"module": "keras.layers", "class_name": inner.kind, "config": inner.config, "registered_name": None})


def both_ways(make, merge="concat", sequences=True):
    forward, backward = make(False), make(True)

    def run(x):
        a, b = forward.run(x), backward.run(x)
        b = b[::-1] if sequences else b
        return np.concatenate([a, b], axis=-1) if merge == "concat" else a + b

    forward.name, backward.name = "forward_" + snake_case(forward.kind), "backward_" + snake_case(forward.kind)
    layer = Layer("Bidirectional", run=run, children=[("backward_layer", backward), ("forward_layer", forward)], merge_mode=merge)
    layer.config.update(layer=forward.json(True), backward_layer=backward.json(True))
    layer.config["layer"]["config"]["name"] = forward.name
    layer.legacy_order = [forward, backward]
    return layer


def dense(inputs, outputs, activation="linear", use_bias=True):
    variables = [numbers(inputs, outputs)] + ([numbers(outputs)] if use_bias else [])
    run = lambda x: x @ variables[0].astype("float64") + (variables[1].astype("float64") if use_bias else 0)
    return Layer("Dense", variables, run=run, units=outputs, activation=activation, use_bias=use_bias)  # run: before the activation


def time_distributed(layer):
    layer.name = "dense"
    return Layer("TimeDistributed", children=[("layer", layer)], run=layer.run, layer=layer.json(True))


def embedding(tokens, width, mask_zero=True):
    table = numbers(tokens, width)
    return Layer("Embedding", [table], run=lambda x: table.astype("float64")[x], input_dim=tokens, output_dim=width, mask_zero=mask_zero)


def pool(kind):
    run = (lambda x: x.mean(axis=0)) if "Average" in kind else (lambda x: x.max(axis=0))
    return Layer(kind, run=run, data_format="channels_last", keepdims=False)


def silent(kind, **config):
    return Layer(kind, **config)


# Files. ---------------------------------------------------------------------------------------------------------------


def snake_case(name):  # keras/src/utils/naming.py
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def named(layers):
    """Gives layers their names, and returns the names of their groups."""
    used, groups = {}, []
    for layer in layers:
        base = snake_case(layer.kind)
        used[base] = used.get(base, -1) + 1
        groups.append(base + ("_%d" % used[base] if used[base] else ""))
        layer.name = layer.name or groups[-1]
    return groups


def save_state(file, form, path, saveable):
    group = file.create_group(path).create_group("vars") if path else file.create_group("vars")
    if form == "3.10" and getattr(saveable, "name", None):
        group.attrs["name"] = saveable.name
    for i, variable in enumerate(saveable.variables if saveable else []):
        group[str(i)] = variable


def weights_file(target, layers, form, root="layers", prefix=""):
    """What H5IOStore and _save_state leave; Sequential does not list its InputLayer."""
    with h5py.File(target, "w") as file:
        save_state(file, form, "", None)
        save_layers(file, layers, form, root)
        if form == "3.10":  # a compiled model
            optimizer = Layer("Adam", [np.int64(7), np.float32(0.001)])
            optimizer.name = "adam"
            save_state(file, form, "optimizer", optimizer)
            dropout = Layer("SeedGenerator", [np.array([3, 4], dtype="uint32")])
            dropout.name = "seed_generator"
            save_state(file, form, root + "/" + "dropout_9/seed_generator", dropout)


def save_layers(file, layers, form, root):
    for layer, group in zip(layers, named(layers)):
        if isinstance(layer, Nested):
            save_state(file, form, root + "/" + group, layer)
            save_layers(file, layer.layers, form, root + "/" + group + "/layers")
            continue
        for path, saveable in layer.parts(root + "/" + group):
            save_state(file, form, path, saveable)


class Nested(Layer):
    def __init__(self, layers):
        super().__init__("Sequential")
        self.layers = layers
        self.run = lambda x: through(layers, x)

    def json(self, modern):
        named(self.layers)
        return {"module": "keras", "class_name": "Sequential", "registered_name": None,
                "config": {"name": self.name, "layers": [layer.json(modern) for layer in self.layers]}}


def input_layer():
    layer = Layer("InputLayer", batch_shape=[None, None, 3], sparse=False)
    layer.name = "input_layer"
    return layer


def sequential(layers, modern=True):
    named(layers)
    found = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [l.json(modern) for l in [input_layer()] + layers]}}
    return {"module": "keras", **found, "registered_name": None, "compile_config": {"optimizer": "adam"}} if modern else found


def functional(layers, masked=False):
    """Layers in a row, listed backward; a mask is computed beside them, as by Keras 3."""
    chain = [input_layer()] + layers
    named(layers)
    described = []
    for before, layer in zip([None] + chain, chain):
        node = []
        if before:
            tensor = lambda name: {"class_name": "__keras_tensor__",
                                   "config": {"shape": [None, None, 4], "dtype": "float32", "keras_history": [name, 0, 0]}}
            node = [{"args": [tensor(before.name)], "kwargs": {"mask": tensor("not_equal") if masked else None}}]
        described.append({**layer.json(True), "name": layer.name, "inbound_nodes": node})
    if masked:
        described.append({"module": "keras.src.ops.numpy", "class_name": "NotEqual", "config": {"name": "not_equal"},
                          "registered_name": "NotEqual", "name": "not_equal", "inbound_nodes": [
                              {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["input_layer", 0, 0]}}, 0], "kwargs": {}}]})
    return {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
            "config": {"name": "functional", "trainable": True, "layers": described[::-1],
                       "input_layers": ["input_layer", 0, 0], "output_layers": [[layers[-1].name, 0, 0]]}}


def keras_file(name, layers, form="3.10", config=None, root="layers"):
    weights = io.BytesIO()
    config = config or sequential(layers)
    is_functional = config["class_name"] == "Functional"
    weights_file(weights, ([input_layer()] if is_functional else []) + layers, form, root)
    # Keras stores without compression; most files here are compressed, to be small.
    method = zipfile.ZIP_STORED if name in ("lstm-plain.keras", "lstm-stacked.keras") else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(os.path.join(HERE, name), "w", method) as archive:
        for entry, content in (("metadata.json", json.dumps({"keras_version": form, "date_saved": "2026-11-28@23:00:00"}).encode()),
                               ("config.json", json.dumps(config).encode()), ("model.weights.h5", weights.getvalue())):
            archive.writestr(zipfile.ZipInfo(entry, (2026, 11, 28, 23, 0, 0)), content, method)


def legacy_file(name, layers):
    """Keras 2: model.save("model.h5")."""
    named(layers)
    with h5py.File(os.path.join(HERE, name), "w") as file:
        file.attrs["keras_version"] = b"2.11.0"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(sequential(layers, modern=False)).encode("utf8")
        top = file.create_group("model_weights")
        top.attrs["layer_names"] = np.asarray([layer.name.encode() for layer in layers])
        for layer in layers:
            group = top.create_group(layer.name)
            ordered = getattr(layer, "legacy_order", [layer])
            found, names = [v for each in ordered for v in each.all_variables()], []
            for i, variable in enumerate(found):
                inner = "%s/part_%d/%s:0" % (layer.name, i // 3, ["kernel", "recurrent_kernel", "bias"][i % 3])
                names.append(inner.encode())
                group.create_dataset(inner, data=variable)
            group.attrs["weight_names"] = np.asarray(names) if names else np.asarray([], dtype="float64")


# Cases. ---------------------------------------------------------------------------------------------------------------


def through(layers, x):
    for layer in layers:
        x = layer.run(x)
    return x


def case(file, cell_name, feature, layers, tokens=None):
    sequences = []
    for length in (5, 1, 3):  # ragged
        x = RANDOM.randint(1, tokens, length) if tokens else RANDOM.normal(0, 1, (length, 3)).astype("float32")
        y = through(layers, x if tokens else x.astype("float64"))
        sequences.append({"x": x.tolist(), "y": np.atleast_2d(y).tolist()})
    CASES.append({"file": file, "cell": cell_name, "feature": feature, "tokens": tokens or 0, "sequences": sequences})


VARIANTS = {
    "lstm": ("LSTM", {}),
    "gru-reset-after": ("GRU", {"reset_after": True}),
    "gru-reset-before": ("GRU", {"reset_after": False}),
    "rnn-tanh": ("SimpleRNN", {"activation": "tanh"}),
    "rnn-relu": ("SimpleRNN", {"activation": "relu"}),
}


def cells():
    for name, (kind, config) in VARIANTS.items():
        make = lambda inputs, **more: recurrent(kind, inputs, 4, **{**config, **more})
        features = {
            "plain": lambda: [make(3), dense(4, 2)],
            "no-bias": lambda: [make(3, use_bias=False), dense(4, 2, use_bias=False)],
            "stacked": lambda: [make(3), silent("Dropout", rate=0.5, seed=None), recurrent(kind, 4, 5, **config), dense(5, 2)],
            "both-ways": lambda: [both_ways(lambda back: make(3, backwards=back)), dense(8, 2)],
            "summed": lambda: [both_ways(lambda back: make(3, backwards=back), "sum"), dense(4, 2)],
            "last-summed": lambda: [both_ways(lambda back: make(3, sequences=False, backwards=back), "sum", False), dense(4, 3)],
            "last": lambda: [both_ways(lambda back: make(3, sequences=False, backwards=back), sequences=False), dense(8, 1, "sigmoid")],
        }
        for feature, layers in features.items():
            layers = layers()
            file = "%s-%s.keras" % (name, feature)
            keras_file(file, layers, form="3.0" if feature in ("plain", "last") else "3.10")
            case(file, name, feature, layers)


def others():
    layers = [embedding(7, 3), both_ways(lambda back: recurrent("GRU", 3, 4, backwards=back)), silent("SpatialDropout1D", rate=0.5),
              pool("GlobalMaxPooling1D"), dense(8, 3, "softmax")]
    keras_file("functional-max.keras", layers, config=functional(layers, masked=True))
    case("functional-max.keras", "gru-reset-after", "embedding, mask, functional, max", layers, tokens=7)
    layers = [silent("Masking", mask_value=0.0), recurrent("LSTM", 3, 4), pool("GlobalAveragePooling1D"), dense(4, 3), silent("Activation", activation="softmax")]
    keras_file("mean.keras", layers)
    case("mean.keras", "lstm", "masking, mean, activation", layers)
    layers = [recurrent("LSTM", 3, 4), recurrent("LSTM", 4, 4, sequences=False), dense(4, 3, "softmax")]
    keras_file("last-forward.keras", layers)
    case("last-forward.keras", "lstm", "stacked, last", layers)
    layers = [rnn([cell("LSTM", 3, 4)]), time_distributed(dense(4, 2))]
    keras_file("cell.keras", layers)
    case("cell.keras", "lstm", "RNN of a cell, TimeDistributed", layers)
    layers = [rnn([cell("LSTM", 3, 4), cell("LSTM", 4, 5), cell("GRU", 5, 3)]), dense(3, 2)]
    keras_file("stacked-cells.keras", layers)
    case("stacked-cells.keras", "lstm, gru-reset-after", "StackedRNNCells", layers)
    layers = [Nested([recurrent("LSTM", 3, 4), recurrent("GRU", 4, 3)]), dense(3, 2)]
    keras_file("nested.keras", layers)
    case("nested.keras", "lstm, gru-reset-after", "a model in a model", layers)
    layers = [recurrent("LSTM", 3, 4, dtype="float64"), dense(4, 2)]
    keras_file("float64.keras", layers)
    case("float64.keras", "lstm", "float64", layers)
    layers = [recurrent("LSTM", 3, 4, dtype="float16"), dense(4, 2)]
    keras_file("float16.keras", layers)
    case("float16.keras", "lstm", "float16", layers)
    layers = [recurrent("GRU", 3, 4), dense(4, 2)]
    keras_file("tensorflow-2.13.keras", layers, form="3.0", root="_layer_checkpoint_dependencies")
    case("tensorflow-2.13.keras", "gru-reset-after", "names of TensorFlow 2.13", layers)


def many_names():
    layers = [recurrent("LSTM", 3, 4)] + [silent("Dropout", rate=0.5, seed=None) for _ in range(120)] + [dense(4, 2)]
    keras_file("many-names.keras", layers)
    case("many-names.keras", "lstm", "120 layers between", layers)


def weights_only():
    layers = [embedding(7, 3), recurrent("LSTM", 3, 4), recurrent("LSTM", 4, 4), both_ways(lambda back: recurrent("GRU", 4, 5, backwards=back)), dense(10, 3)]
    weights_file(os.path.join(HERE, "stack.weights.h5"), layers, "3.10")
    case("stack.weights.h5", "lstm, gru-reset-after", "weights only", layers, tokens=7)
    layers = [recurrent("LSTM", 4, 4), both_ways(lambda back: recurrent("SimpleRNN", 3, 4, activation="relu", backwards=back), "sum"), dense(4, 3)]
    weights_file(os.path.join(HERE, "told.weights.h5"), layers, "3.10")
    case("told.weights.h5", "lstm, rnn-relu", "weights only, order and activation told", [layers[1], layers[0], layers[2]])
    layers = [recurrent("SimpleRNN", 3, 4, use_bias=False), time_distributed(dense(4, 2))]
    weights_file(os.path.join(HERE, "simple.weights.h5"), layers, "3.0")
    case("simple.weights.h5", "rnn-tanh", "weights only, no bias", layers)


def keras_2():
    layers = [embedding(7, 3), both_ways(lambda back: recurrent("GRU", 3, 4, reset_after=False, backwards=back)), recurrent("LSTM", 8, 4), dense(4, 2)]
    legacy_file("keras-2.h5", layers)
    case("keras-2.h5", "gru-reset-before, lstm", "Keras 2", layers, tokens=7)


def refused():
    """Files that are refused by name; each has a weight or two, no outputs."""
    def refuse(name, layers, **more):
        keras_file("refused-%s.keras" % name, layers, form="3.0", **more)
    refuse("lambda", [recurrent("LSTM", 3, 2), Layer("Lambda", arguments={}), Layer("Conv1D", filters=3)])
    refuse("activation", [recurrent("LSTM", 3, 2, recurrent_activation="hard_sigmoid"), dense(2, 1)])
    refuse("merge", [both_ways(lambda back: recurrent("GRU", 3, 2, backwards=back), "mul")])
    refuse("backwards", [recurrent("GRU", 3, 2, backwards=True), dense(2, 1)])
    refuse("two-heads", [recurrent("GRU", 3, 2), dense(2, 3), dense(3, 1)])
    layers = [recurrent("GRU", 3, 2), dense(2, 1)]
    config = functional(layers)
    config["config"]["layers"][0]["inbound_nodes"][0]["args"].append(
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["input_layer", 0, 0]}})
    refuse("branch", layers, config=config)
    refuse("subclass", layers, config={"module": "mine", "class_name": "MyModel", "config": {"layers": []}})
    with h5py.File(os.path.join(HERE, "refused-chunked.weights.h5"), "w") as file:
        group = file.create_group("layers/lstm/cell/vars")
        group.create_dataset("0", data=np.zeros((3, 8), "float32"), chunks=(1, 8), compression="gzip")
        group["1"], group["2"] = np.zeros((2, 8), "float32"), np.zeros(8, "float32")
    with h5py.File(os.path.join(HERE, "refused-links.weights.h5"), "w") as file:
        group = file.create_group("layers/lstm/cell/vars")
        group["0"], group["1"], group["2"] = h5py.SoftLink("/layers"), np.zeros((2, 8), "float32"), np.zeros(8, "float32")
    with h5py.File(os.path.join(HERE, "refused-external.weights.h5"), "w") as file:
        file.create_group("layers/lstm/cell/vars")["0"] = h5py.ExternalLink("/etc/passwd", "/0")
    with h5py.File(os.path.join(HERE, "refused-ambiguous.weights.h5"), "w") as file:
        for name in ("lstm", "rnn"):
            for i, shape in enumerate(((2, 8), (2, 8), (8,))):
                file["layers/%s/cell/vars/%d" % (name, i)] = numbers(*shape)
    with h5py.File(os.path.join(HERE, "refused-keras-2.weights.h5"), "w") as file:
        file.attrs["layer_names"] = np.asarray([b"lstm"])
        file["lstm/lstm/lstm_cell/kernel:0"] = np.zeros((3, 8), "float32")
    with h5py.File(os.path.join(HERE, "refused-latest.weights.h5"), "w", libver="latest") as file:
        file["layers/lstm/cell/vars/0"] = np.zeros((3, 8), "float32")


def check_with_torch():
    import torch

    x = RANDOM.normal(0, 1, (6, 3))
    for kind, module, order, config in (("LSTM", torch.nn.LSTM, [0, 1, 2, 3], {}), ("GRU", torch.nn.GRU, [1, 0, 2], {}),
                                        ("SimpleRNN", torch.nn.RNN, [0], {})):
        made = cell(kind, 3, 4, **config)
        kernel, recurrent_kernel, bias = [v.astype("float64") for v in made.variables]
        network = module(3, 4).double()
        stack = lambda w: torch.tensor(np.concatenate([np.split(w.T, len(order))[i] for i in order]))
        with torch.no_grad():
            network.weight_ih_l0.copy_(stack(kernel))
            network.weight_hh_l0.copy_(stack(recurrent_kernel))
            network.bias_ih_l0.copy_(stack(bias[0] if kind == "GRU" else bias))
            network.bias_hh_l0.copy_(stack(bias[1]) if kind == "GRU" else torch.zeros(len(order) * 4).double())
            expected = network(torch.tensor(x))[0].numpy()
        difference = np.abs(made.run(x) - expected).max()
        print("%-10s beside torch %s: %.1e" % (kind, torch.__version__, difference))
        assert difference < 1e-14


if __name__ == "__main__":
    check_with_torch()
    cells()
    others()
    weights_only()
    keras_2()
    refused()
    many_names()
    with open(os.path.join(HERE, "golden.json"), "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(each) for each in CASES) + "\n]\n")
    print(len(CASES), "cases")
