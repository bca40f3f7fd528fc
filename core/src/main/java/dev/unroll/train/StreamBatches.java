package dev.unroll.train;

import dev.unroll.model.Batch;
import dev.unroll.model.IdStream;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.Steps;

/**
 * One long stream for truncated backpropagation through time: cut into as many lanes as a batch has
 * sequences, which are read side by side; each batch takes up where the one before it ended. Every
 * token of the stream is a target once an epoch.
 */
public final class StreamBatches implements Batches {

  private final IdStream ids;
  private final int lanes;
  private final int length;
  private final int count;

  /** Cuts {@code ids} into {@code lanes} lanes and those into batches of {@code length} steps. */
  public StreamBatches(IdStream ids, int lanes, int length) {
    this.ids = ids;
    this.lanes = (int) Math.max(1, Math.min(lanes, ids.size()));
    this.length = length;
    long longest = (ids.size() + this.lanes - 1) / this.lanes;
    this.count = Math.toIntExact((longest + length - 1) / length);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public Batch batch(int epoch, int index) {
    int[] lengths = new int[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      long left = laneStart(lane + 1) - laneStart(lane) - (long) index * length;
      lengths[lane] = (int) Math.max(0, Math.min(length, left));
    }
    var steps = Steps.of(lengths);
    int[] inputs = new int[steps.rows()];
    int[] targets = new int[steps.rows()];
    for (int lane = 0; lane < lanes; lane++) {
      long from = laneStart(lane) + (long) index * length;
      for (int t = 0; t < lengths[lane]; t++) {
        int row = steps.row(t, lane);
        inputs[row] = from + t == 0 ? Embedding.START : ids.id(from + t - 1);
        targets[row] = ids.id(from + t);
      }
    }
    return new Batch(steps, inputs, targets, index > 0);
  }

  private long laneStart(int lane) {
    return ids.size() / lanes * lane + Math.min(lane, ids.size() % lanes);
  }
}
