#!/usr/bin/python3
"""Trains a word language model with PyTorch, as Python colleagues would, and says its perplexity.

    torch_word_lm.py TRAIN VALID FOLDER [EPOCHS]

Writes FOLDER/torch-lm.pt (the state_dict) and FOLDER/torch-lm.vocabulary.txt, which `unroll import` takes. TRAIN and
VALID have one sentence per line, tokens between blanks; each line ends with <eos>, and the text is one stream.
"""
import collections
import math
import sys
import time

import torch
from torch import nn

BATCH, STEPS, UNITS = 20, 35, 200


class WordModel(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, UNITS)
        self.rnn = nn.LSTM(UNITS, UNITS, batch_first=True)
        self.decoder = nn.Linear(UNITS, vocabulary)
        self.drop = nn.Dropout(0.2)

    def forward(self, ids, state=None):
        outputs, state = self.rnn(self.drop(self.encoder(ids)), state)
        return self.decoder(self.drop(outputs)), state


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [token for line in lines for token in line.split() + ["<eos>"]]


def encode(tokens, ids):
    return torch.tensor([ids.get(token, ids["<unk>"]) for token in tokens])


def train_epoch(model, text, optimizer):
    model.train()
    length = (len(text) - 1) // BATCH
    inputs = text[: BATCH * length].view(BATCH, length)
    targets = text[1 : BATCH * length + 1].view(BATCH, length)
    state, total, seen = None, 0.0, 0
    for begin in range(0, length, STEPS):
        logits, state = model(inputs[:, begin : begin + STEPS], state)
        state = tuple(part.detach() for part in state)
        loss = nn.functional.cross_entropy(logits.transpose(1, 2), targets[:, begin : begin + STEPS])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        optimizer.step()
        count = logits.shape[0] * logits.shape[1]
        total, seen = total + loss.item() * count, seen + count
    return math.exp(total / seen)


def perplexity(model, text, end):
    """Of the text as one stream that begins after an end of a sentence, in double precision."""
    model.double().eval()
    inputs = torch.cat([torch.tensor([end]), text[:-1]])
    state, total = None, 0.0
    with torch.no_grad():
        for begin in range(0, len(text), 1000):
            logits, state = model(inputs[None, begin : begin + 1000], state)
            total += nn.functional.cross_entropy(logits[0], text[begin : begin + 1000], reduction="sum").item()
    model.float()
    return math.exp(total / len(text))


def main(train, valid, folder, epochs):
    torch.manual_seed(30)
    tokens = read(train)
    counts = collections.Counter(tokens)
    vocabulary = sorted(counts, key=lambda token: (-counts[token], token))
    ids = {token: i for i, token in enumerate(vocabulary)}
    with open(folder + "/torch-lm.vocabulary.txt", "w", encoding="utf-8") as out:
        out.write("\n".join(vocabulary) + "\n")
    text, held = encode(tokens, ids), encode(read(valid), ids)
    model = WordModel(len(vocabulary))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    begin = time.time()
    for epoch in range(1, epochs + 1):
        learned = train_epoch(model, text, optimizer)
        print(f"epoch {epoch}: perplexity of {len(text):,} tokens {learned:.2f}, {time.time() - begin:.0f} s", flush=True)
    torch.save(model.state_dict(), folder + "/torch-lm.pt")
    print(f"perplexity of {len(held):,} tokens of VALID: {perplexity(model, held, ids['<eos>']):.8g}")


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else 1)
