package dev.unroll.model;

import dev.unroll.network.NetworkState;

/**
 * How far a stream has come: a value, from which any stream of the same model goes on to the same
 * bits. {@link StateBytes} keeps it.
 */
public sealed interface StreamState {

  /** Returns how many tokens or rows were read. */
  long steps();

  /** Of a language model. */
  record OfTokens(long steps, NetworkState state) implements StreamState {}

  /** Of a forecaster: the last rows that it reads. */
  record OfRows(ForecastStream.State rows) implements StreamState {
    @Override
    public long steps() {
      return rows.size();
    }
  }
}
