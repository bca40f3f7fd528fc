package dev.unroll.interop.weights;

/** A gate of a recurrent cell, by what it does: frameworks differ in its letter and its place. */
public enum Gate {
  /** The only one of a basic cell. */
  HIDDEN,
  /** How much of the candidate an LSTM takes in: i, our u. */
  INPUT,
  /** How much of its memory an LSTM keeps: f. */
  FORGET,
  /** What an LSTM may take in: PyTorch's g, our c. */
  CELL,
  /** How much of its memory an LSTM shows: o. */
  OUTPUT,
  /** How a GRU mixes old and new: z, our u. */
  UPDATE,
  /** How much of its state a GRU's candidate sees: r. */
  RESET,
  /** What a GRU may become: PyTorch's n, our c. */
  CANDIDATE
}
