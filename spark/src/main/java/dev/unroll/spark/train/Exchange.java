package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.RoundedGradients;
import dev.unroll.learn.ShardTask;
import dev.unroll.learn.ShardTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
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

    int size() {
      return exact == null ? Objects.requireNonNull(packed).length : exact.length;
    }

    /** Returns a copy of some of them. */
    Values slice(int from, int to) {
      return exact == null
          ? new Values(null, Arrays.copyOfRange(Objects.requireNonNull(packed), from, to))
          : new Values(Arrays.copyOfRange(exact, from, to), null);
    }
  }

  /** A node of the tree. */
  record Sum(int first, int level, Values values) implements Serializable {

    /** Returns the nodes of a tree. */
    static ArrayList<Sum> all(ShardTree tree) {
      var all = new ArrayList<Sum>();
      for (ShardTree.Node node : tree.nodes()) {
        all.add(new Sum(node.first(), node.level(), Values.exact(node.sums())));
      }
      return all;
    }

    void addTo(ShardTree tree, Workers workers) {
      tree.add(new ShardTree.Node(first, level, values.floats()), workers);
    }
  }

  /** What a task returns. */
  record Result(ArrayList<Done> done, ArrayList<Sum> sums) implements Serializable {}

  /** How what tasks have computed comes to the driver; whatever is added up on the way. */
  @FunctionalInterface
  interface Gathering {
    List<Result> gather(JavaRDD<Result> results);
  }
}
