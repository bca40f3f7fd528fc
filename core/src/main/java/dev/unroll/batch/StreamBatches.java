package dev.unroll.batch;

import dev.unroll.data.IdStream;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;

/**
 * One long stream for truncated backpropagation through time: cut into as many lanes as a batch has
 * sequences, which are read side by side; each batch continues where the one before it ended. Every
 * token of the stream is a target once an epoch.
 */
public final class StreamBatches implements Batches {

  private final IdStream ids;
  private final int lanes;
  private final Windows windows;
  private final Resets resets;
  private int cutEpoch = -1;
  private int[] starts = {};

  /** Cuts {@code ids} into {@code lanes} lanes and those into batches of {@code length} steps. */
  public StreamBatches(IdStream ids, int lanes, int length) {
    this(ids, lanes, Windows.equal(length), Resets.NONE);
  }

  StreamBatches(IdStream ids, int lanes, Windows windows, Resets resets) {
    this.ids = ids;
    this.lanes = (int) Math.max(1, Math.min(lanes, ids.size()));
    this.windows = windows;
    this.resets = resets;
  }

  @Override
  public int count(int epoch) {
    return cut(epoch).length - 1;
  }

  @Override
  public Batch batch(int epoch, int index) {
    int first = cut(epoch)[index];
    int most = starts[index + 1] - first;
    int[] lengths = new int[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      long left = laneStart(lane + 1) - laneStart(lane) - first;
      lengths[lane] = (int) Math.max(0, Math.min(most, left));
    }
    var steps = Steps.of(lengths);
    int[] inputs = new int[steps.rows()];
    int[] targets = new int[steps.rows()];
    for (int lane = 0; lane < lanes; lane++) {
      long from = laneStart(lane) + first;
      for (int t = 0; t < lengths[lane]; t++) {
        int row = steps.row(t, lane);
        inputs[row] = from + t == 0 ? Embedding.START : ids.id(from + t - 1);
        targets[row] = ids.id(from + t);
      }
    }
    return new Batch(steps, inputs, targets, resets.continues(epoch, index, lanes), new float[0]);
  }

  private int[] cut(int epoch) {
    if (epoch != cutEpoch) {
      long longest = (ids.size() + lanes - 1) / lanes;
      starts = windows.starts(epoch, Math.toIntExact(longest));
      cutEpoch = epoch;
    }
    return starts;
  }

  private long laneStart(int lane) {
    return ids.size() / lanes * lane + Math.min(lane, ids.size() % lanes);
  }
}
