package dev.unroll.spark.train;

import dev.unroll.learn.RoundedGradients;
import dev.unroll.learn.ShardTask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What travels between the driver and the executors that compute shards. */
final class Exchange {

  private Exchange() {}

  /**
   * A run, as executors know it.
   *
   * @param name the hash of all that decides its bits
   */
  record Job(String name, Recipe<?> recipe, int shards) implements Serializable {}

  /** A shard to compute, with what it takes over. */
  record Part(int number, HashMap<String, float[]> carried) implements Serializable {}

  /** What was computed of a shard, but for its values. */
  record Done(int number, double[] losses, double[] norms, HashMap<String, float[]> carried)
      implements Serializable {

    Done(int number, ShardTask.Result found) {
      this(number, found.losses(), found.norms(), new HashMap<>(found.carried()));
    }

    ShardTask.Result found() {
      return new ShardTask.Result(losses, norms, carried);
    }
  }

  /**
   * Values: four bytes each, or two where all are rounded.
   *
   * @param exact the values; null where they are packed
   * @param packed the same, packed
   */
  record Values(float @Nullable [] exact, short @Nullable [] packed) implements Serializable {

    static Values exact(float[] values) {
      return new Values(values, null);
    }

    static Values rounded(float[] values) {
      return new Values(null, RoundedGradients.pack(values));
    }

    float[] floats() {
      return exact == null ? RoundedGradients.unpack(Objects.requireNonNull(packed)) : exact;
    }
  }

  /** A node of the tree. */
  record Sum(int first, int level, Values values) implements Serializable {}

  /** What a task returns. */
  record Result(ArrayList<Done> done, ArrayList<Sum> sums) implements Serializable {}
}
