#!/usr/bin/python3
"""Writes the golden files of TorchGoldenTest: weights, inputs and outputs of PyTorch.

    /usr/bin/python3 interop/src/test/python/torch_golden.py

Needs torch (1.13, Debian's python3-torch); the files are committed, so that the tests do not. Everything is
computed in double precision: NAME.pt has the weights, NAME.safetensors inputs, lengths and outputs.
"""
import json
import os
import struct

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FOLDER = os.path.join(os.path.dirname(__file__), "../resources/dev/unroll/interop/torch")
INPUTS, UNITS, BATCH, STEPS = 3, 5, 4, 6
LENGTHS = [6, 1, 4, 3]


def safetensors(path, tensors):
    """The format is a length, a JSON header and the bytes of the tensors."""
    types = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64", torch.bfloat16: "BF16"}
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous()
        raw = raw.view(torch.int16) if tensor.dtype == torch.bfloat16 else raw
        raw = raw.numpy().tobytes()
        header[name] = {
            "dtype": types[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def path(name):
    return os.path.join(FOLDER, name)


def spread(module):
    """Weights that differ from one another, none of them small."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-0.9, 0.9)
    return module.double().eval()


def padded(rnn, x):
    """The outputs of sequences of different lengths, zeros after their ends."""
    packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(rnn(packed)[0], batch_first=True)[0]


def layers():
    cells = {
        "rnn-tanh": lambda **o: nn.RNN(INPUTS, UNITS, batch_first=True, **o),
        "rnn-relu": lambda **o: nn.RNN(INPUTS, UNITS, batch_first=True, nonlinearity="relu", **o),
        "gru": lambda **o: nn.GRU(INPUTS, UNITS, batch_first=True, **o),
        "lstm": lambda **o: nn.LSTM(INPUTS, UNITS, batch_first=True, **o),
    }
    features = {
        "one-layer": {},
        "two-layers": {"num_layers": 2},
        "no-bias": {"bias": False},
        "both-ways": {"bidirectional": True},
        "both-ways-two-layers": {"bidirectional": True, "num_layers": 2},
        "projection": {"proj_size": 2, "num_layers": 2},
        "projection-both-ways": {"proj_size": 2, "num_layers": 2, "bidirectional": True},
    }
    for cell, create in cells.items():
        for feature, options in features.items():
            if "proj_size" in options and cell != "lstm":
                continue
            rnn = spread(create(**options))
            x = torch.randn(BATCH, STEPS, INPUTS, dtype=torch.float64)
            y = padded(rnn, x)
            name = cell + "." + feature
            torch.save(nn.ModuleDict({"rnn": rnn}).state_dict(), path(name + ".pt"))
            safetensors(path(name + ".safetensors"), {"x": x, "y": y.detach(), "lengths": torch.tensor(LENGTHS)})


class WordModel(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.encoder = nn.Embedding(11, 5)
        self.rnn = nn.LSTM(5, 5, 2, batch_first=True)
        self.decoder = nn.Linear(5, 11)
        if tied:
            self.decoder.weight = self.encoder.weight

    def forward(self, ids):
        return torch.log_softmax(self.decoder(padded(self.rnn, self.encoder(ids))), -1)


class Reader(nn.Module):
    """Says one thing of a text: [the last step forward, the first step backward] -> linear."""

    def __init__(self, outputs):
        super().__init__()
        self.words = nn.Embedding(11, 4)
        self.gru = nn.GRU(4, 5, batch_first=True, bidirectional=True)
        self.out = nn.Linear(10, outputs)

    def forward(self, ids):
        packed = pack_padded_sequence(self.words(ids), LENGTHS, batch_first=True, enforce_sorted=False)
        last = self.gru(packed)[1]
        return self.out(torch.cat([last[-2], last[-1]], -1))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(11, 4)
        self.lstm = nn.LSTM(4, 5, batch_first=True, bidirectional=True)
        self.out = nn.Linear(10, 3)

    def forward(self, ids):
        return torch.softmax(self.out(padded(self.lstm, self.words(ids))), -1)


def models():
    ids = torch.randint(0, 11, (BATCH, STEPS))
    for name, model in {
        "words": WordModel(False),
        "words-tied": WordModel(True),
        "reader": Reader(3),
        "reader-one-output": Reader(1),
        "tagger": Tagger(),
    }.items():
        spread(model)
        safetensors(
            path(name + ".safetensors"),
            {"ids": ids, "lengths": torch.tensor(LENGTHS), "y": model(ids).detach()})
        torch.save(model.state_dict(), path(name + ".pt"))
    model = WordModel(False)  # the same numbers, in the ways in which files have them
    spread(model)
    state = model.state_dict()
    safetensors(path("forms.safetensors"), state)
    torch.save({"epoch": 3, "loss": 0.5, "done": False, "note": None, "model_state_dict": state}, path("checkpoint.pt"))
    shared = torch.cat([each.flatten() for each in state.values()])
    views, begin = {}, 0
    for key, value in state.items():
        views[key] = shared[begin:begin + value.numel()].view(value.shape)
        begin += value.numel()
    torch.save(views, path("one-storage.pt"))
    torch.save({k: v.t().contiguous().t() if v.dim() == 2 else v for k, v in state.items()}, path("transposed.pt"))
    torch.save(dict(model.named_parameters()), path("parameters.pt"))
    torch.save({k: v.half() for k, v in state.items()}, path("half.pt"))
    torch.save({k: v.bfloat16() for k, v in state.items()}, path("bfloat16.pt"))
    torch.save(model, path("whole-module.pt"))
    torch.save(state, path("legacy.pt"), _use_new_zipfile_serialization=False)


class Exported(nn.Module):
    """Networks as people export them: whole batches of one length."""

    def __init__(self, rnn, outputs, how):
        super().__init__()
        self.words = nn.Embedding(11, 4)
        self.rnn, self.how = rnn, how
        self.out = nn.Linear(rnn.hidden_size * (2 if rnn.bidirectional else 1), outputs)

    def forward(self, ids):
        y, last = self.rnn(self.words(ids))
        last = last[0] if isinstance(last, tuple) else last
        if self.how == "last-step":
            return torch.softmax(self.out(y[:, -1]), -1)
        if self.how == "last-states":
            return self.out(torch.cat([last[-2], last[-1]], -1) if self.rnn.bidirectional else last[-1])
        if self.how == "mean":
            return self.out(y.mean(1))
        if self.how == "max":
            return torch.sigmoid(self.out(y.amax(1)))
        if self.how == "flat":
            return torch.log_softmax(self.out(y.reshape(-1, self.rnn.hidden_size)), -1)
        return torch.log_softmax(self.out(y), -1)


def graphs():
    cases = {
        "words": (nn.LSTM(4, 5, 2, batch_first=True), 11, "steps"),
        "words-flat": (nn.GRU(4, 5, batch_first=True), 11, "flat"),
        "words-relu": (nn.RNN(4, 5, batch_first=True, nonlinearity="relu"), 11, "steps"),
        "tags": (nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True), 3, "steps"),
        "last-step": (nn.GRU(4, 5, batch_first=True), 3, "last-step"),
        "last-state": (nn.LSTM(4, 5, 2, batch_first=True), 3, "last-states"),
        "last-states": (nn.GRU(4, 5, 2, batch_first=True, bidirectional=True), 3, "last-states"),
        "mean": (nn.LSTM(4, 5, batch_first=True, bidirectional=True), 3, "mean"),
        "max": (nn.LSTM(4, 5, batch_first=True), 3, "max"),
    }
    ids = torch.randint(0, 11, (BATCH, STEPS))
    for name, (rnn, outputs, how) in cases.items():
        model = spread(Exported(rnn, outputs, how)).float()
        y = model(ids).detach()
        y = y.reshape(BATCH, STEPS, -1) if how == "flat" else y
        safetensors(path("onnx-" + name + ".safetensors"), {"ids": ids, "lengths": torch.tensor([STEPS] * BATCH), "y": y})
        for opset in (9, 17) if name in ("words", "last-states") else (14,):
            torch.onnx.export(
                model, (ids,), path("onnx-%s-%d.onnx" % (name, opset)), opset_version=opset, input_names=["ids"],
                output_names=["y"], dynamic_axes={"ids": {0: "batch", 1: "time"}}, do_constant_folding=opset != 17)


class States(nn.Module):
    """A language model that is given the states of all layers, and returns them."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(11, 4)
        self.rnn = nn.LSTM(4, 5, 2, batch_first=True)
        self.out = nn.Linear(5, 11)

    def forward(self, ids, h0, c0):
        y, (hn, cn) = self.rnn(self.words(ids), (h0, c0))
        return torch.log_softmax(self.out(y), -1), hn, cn


def states():
    model = spread(States()).float()
    ids = torch.randint(0, 11, (BATCH, STEPS))
    zeros = torch.zeros(2, BATCH, 5)
    y = model(ids, zeros, zeros)[0].detach()
    safetensors(path("onnx-words-states.safetensors"), {"ids": ids, "lengths": torch.tensor([STEPS] * BATCH), "y": y})
    batch = {"ids": {0: "batch", 1: "time"}, "h0": {1: "batch"}, "c0": {1: "batch"}}
    torch.onnx.export(
        model, (ids, zeros, zeros), path("onnx-words-states-17.onnx"), opset_version=17, dynamic_axes=batch,
        input_names=["ids", "h0", "c0"], output_names=["y", "hn", "cn"])


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    torch.manual_seed(30)
    layers()
    models()
    graphs()
    torch.manual_seed(31)  # what is above stays what it is
    states()
