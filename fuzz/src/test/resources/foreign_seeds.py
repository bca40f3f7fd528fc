#!/usr/bin/python3
"""Makes the files of other programs that ForeignFilesTest begins with, in dev/unroll/fuzz/ForeignFilesTestInputs.

Debian 12: apt install python3-torch python3-onnx python3-numpy; then
    python3 foreign_seeds.py
Those of Keras and PyTorch are copies of golden files of the module interop. Files whose name begins with "found" are findings:
they stay.
"""
import io
import json
import os
import shutil
import struct

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../../../../interop/src/test/resources")
OUT = os.path.join(HERE, "dev/unroll/fuzz/ForeignFilesTestInputs")
COPIES = {
    "keras": ["keras/" + name for name in (
        "lstm-plain.keras", "lstm-stacked.keras", "functional-max.keras", "stacked-cells.keras", "keras-2.h5", "simple.weights.h5", "many-names.keras",
        "stack.weights.h5", "refused-chunked.weights.h5", "refused-links.weights.h5", "refused-latest.weights.h5")],
    "torch": ["dev/unroll/interop/torch/" + name for name in (
        "lstm.one-layer.pt", "gru.both-ways.pt", "words-tied.pt", "half.pt", "bfloat16.pt", "transposed.pt",
        "checkpoint.pt")],
    "torch/refused-": ["dev/unroll/interop/torch/legacy.pt", "dev/unroll/interop/torch/whole-module.pt"],
    "safetensors/refused-": ["dev/unroll/interop/torch/forms.safetensors"],
}
torch.manual_seed(1)
random = np.random.RandomState(1)


def write(kind, name, content):
    folder = os.path.join(OUT, kind)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def clear():
    for folder, _, names in os.walk(OUT):
        for name in names:
            if not name.startswith("found"):
                os.remove(os.path.join(folder, name))


class Words(torch.nn.Module):
    """Embedding, LSTM, linear layer."""

    def __init__(self, rnn):
        super().__init__()
        self.embedding = torch.nn.Embedding(7, 3)
        self.rnn = rnn(3, 2, batch_first=True, bidirectional=True)
        self.head = torch.nn.Linear(4, 3)

    def forward(self, x):
        y, state = self.rnn(self.embedding(x))
        return torch.log_softmax(self.head(y), -1)


class Looped(torch.nn.Module):
    """Loop and If."""

    def forward(self, x, h):
        for i in range(x.size(0)):
            h = torch.tanh(h + x[i])
            if bool(h.sum() > 0):
                h = h * 2
            else:
                h = h - 1
        return h


def exported(module, inputs, **more):
    out = io.BytesIO()
    torch.onnx.export(module, inputs, out, opset_version=14, **more)
    return out.getvalue()


def models():
    tokens = torch.tensor([[1, 2, 3]])
    for name, rnn in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU), ("rnn", torch.nn.RNN)):
        axes = {"x": {0: "batch", 1: "time"}}
        write("onnx", name + ".onnx", exported(Words(rnn), tokens, input_names=["x"], output_names=["y"], dynamic_axes=axes))
    write("onnx", "loop.onnx", exported(torch.jit.script(Looped()), (torch.ones(3, 2), torch.zeros(2))))
    for name, nodes, inputs in (
        ("chain", [("MatMul", ["x", "w"], "a", {}), ("Add", ["a", "x"], "b", {}), ("Transpose", ["b"], "c", {"perm": [1, 0]}),
                   ("ReduceMean", ["c"], "d", {"axes": [0], "keepdims": 1}), ("Concat", ["c", "d"], "e", {"axis": 0}),
                   ("Softmax", ["e"], "y", {"axis": -1})], [2, 2]),
        ("shapes", [("Shape", ["x"], "a", {}), ("Gather", ["a", "i"], "b", {}), ("Unsqueeze", ["b", "i"], "c", {}),
                    ("ConstantOfShape", ["a"], "d", {}), ("Expand", ["x", "a"], "e", {}), ("Where", ["q", "e", "d"], "f", {}),
                    ("Slice", ["f", "s", "t"], "g", {}), ("Reshape", ["g", "r"], "y", {})], [2, 2]),
        ("convolution", [("Conv", ["v", "k"], "a", {"pads": [1, 1]}), ("Relu", ["a"], "b", {}), ("MaxPool", ["b"], "c", {"kernel_shape": [2]}),
                         ("Flatten", ["c"], "y", {})], [2, 2]),
        ("quantized", [("DynamicQuantizeLinear", ["x"], ["a", "scale", "zero"], {}), ("MatMulInteger", ["a", "a8", "zero"], "m", {}),
                       ("Cast", ["m"], "n", {"to": 1}), ("Mul", ["n", "scale"], "y", {})], [2, 2]),
    ):
        constant = lambda name, value: numpy_helper.from_array(value, name)
        made = [helper.make_node(op, ins, outs if isinstance(outs, list) else [outs], **attributes) for op, ins, outs, attributes in nodes]
        graph = helper.make_graph(
            made, name, [helper.make_tensor_value_info("x", 1, inputs)], [helper.make_tensor_value_info("y", 1, None)],
            [constant("w", random.rand(2, 2).astype("float32")), constant("i", np.array(0)), constant("s", np.array([0])),
             constant("t", np.array([1])), constant("r", np.array([-1])), constant("q", np.array([[True, False]])),
             constant("v", random.rand(1, 2, 5).astype("float32")), constant("k", random.rand(3, 2, 3).astype("float32")),
             constant("a8", random.randint(0, 9, (2, 2)).astype("uint8"))])
        write("onnx", name + ".onnx", helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())


def safetensors():
    for name, rnn in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)):
        header, data = {}, b""
        for key, value in Words(rnn).state_dict().items():
            value = value.half() if name == "gru" else value
            raw = value.numpy().tobytes()
            header[key] = {"dtype": "F16" if name == "gru" else "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
        text = json.dumps(header).encode()
        write("safetensors", name + ".safetensors", struct.pack("<Q", len(text)) + text + data)


def tensors():
    floats = random.rand(2, 3).astype("float32")
    for name, array in (("float", floats), ("half", floats.astype("float16")), ("int", np.arange(4)), ("bool", np.array([True, False])),
                        ("scalar", np.array(1.5)), ("empty", np.zeros((0, 3)))):
        write("tensorProto", name + ".pb", numpy_helper.from_array(array, name).SerializeToString())
        out = io.BytesIO()
        np.save(out, array)
        write("npy", name + ".npy", out.getvalue())
    out = io.BytesIO()
    np.save(out, np.asfortranarray(floats.astype(">f8")))
    write("npy", "columns.npy", out.getvalue())
    for name, make in (("floats", lambda: helper.make_tensor("x", 1, [2], [1.0, 2.0])), ("ints", lambda: helper.make_tensor("x", 7, [2], [1, 2])),
                       ("texts", lambda: helper.make_tensor("x", 8, [2], [b"a", b"b"])), ("halves", lambda: helper.make_tensor("x", 10, [1], [1.0]))):
        write("tensorProto", name + ".pb", make().SerializeToString())
    for name, text in (("nested", "[[1.5, 2], [3, -4e-3]]"), ("whole", "[1, 2, 3]"), ("truth", "[[true], [false]]"), ("texts", '["a", "b\\u00e4"]'),
                       ("typed", '{"type": "float16", "shape": [2, 1], "data": [1, 2]}'), ("none", '{"type": "double", "shape": [0], "data": []}'),
                       ("limits", '[9223372036854775807, -9223372036854775808]'), ("special", '["NaN", "Infinity", 1]')):
        write("tensorJson", name + ".json", text.encode())


if __name__ == "__main__":
    clear()
    models()
    safetensors()
    tensors()
    for kind, names in COPIES.items():
        for name in names:
            folder, _, prefix = kind.partition("/")
            os.makedirs(os.path.join(OUT, folder), exist_ok=True)
            shutil.copyfile(os.path.join(GOLDEN, name), os.path.join(OUT, folder, prefix + os.path.basename(name)))
