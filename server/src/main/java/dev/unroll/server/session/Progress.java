package dev.unroll.server.session;

import dev.unroll.network.NetworkState;

/** How far a stream has come: a value, so that sessions can share it. */
sealed interface Progress {

  /** Returns how many tokens or rows were read. */
  long steps();

  /** Returns about how many bytes it takes. */
  long bytes();

  /** Of a language model. */
  record OfTokens(long steps, NetworkState state) implements Progress {
    @Override
    public long bytes() {
      long floats = (long) state.output().length + state.history().length;
      for (var layer : state.layers()) {
        floats += layer.a().length + layer.c().length;
      }
      return 200 + 4 * floats;
    }
  }

  /** Of a forecaster: the last rows that it reads. */
  record OfRows(long size, double[][] window) implements Progress {
    @Override
    public long steps() {
      return size;
    }

    @Override
    public long bytes() {
      return 200 + (window.length == 0 ? 0 : window.length * (24L + 8L * window[0].length));
    }
  }
}
