package dev.unroll.model;

import dev.unroll.network.NetworkState;

/**
 * The state of a stream: a value, from which any stream of the same model continues with the same
 * bits. {@link StateBytes} serializes it.
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
