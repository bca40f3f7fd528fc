package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Adds up what the shards of a step computed, such as their gradients. Sums of floating-point
 * numbers depend on their order; here it is that of a binary tree over the numbers of the shards,
 * in whatever order they arrive, so any machine may add up what it has, and the sum has the same
 * bits.
 *
 * <pre>{@code
 * level 0   0   1   2   3   4   5   6      a node at level l, of shard f, is the sum of the shards
 * level 1   0 + 1   2 + 3   4 + 5   6      f … f + 2ˡ - 1, as far as they exist; a node without a
 * level 2   0 … 3           4 … 6          neighbor to its right rises as it is
 * level 3   0 … 6
 * }</pre>
 *
 * Of shards that arrive in their order, as many nodes wait as there are levels at most.
 */
public final class ShardTree {

  /** Elements that one thread adds at a time. */
  private static final int GRAIN = 4096;

  private final int shards;
  private final TreeMap<Integer, Node> waiting = new TreeMap<>();
  private final List<float[]> spare = new ArrayList<>();

  /** Begins with nothing of {@code shards} shards. */
  public ShardTree(int shards) {
    this.shards = shards;
  }

  /**
   * A sum of shards.
   *
   * @param first number of the first of them
   * @param level the level of the node in the tree
   * @param sums sums of all elements, which belong to the tree once they are added
   */
  public record Node(int first, int level, float[] sums) {}

  /** Adds the values of one shard, which belong to the tree from then on. */
  public void add(int shard, float[] gradient, Workers workers) {
    add(new Node(shard, 0, gradient), workers);
  }

  /**
   * Adds a sum of shards that was computed elsewhere.
   *
   * @throws IllegalArgumentException if some of them were added already, or do not exist
   */
  public void add(Node added, Workers workers) {
    Node node = added;
    check(node);
    while (width(node) < shards) {
      int sibling = node.first ^ width(node);
      if (sibling < shards) {
        Node other = waiting.get(sibling);
        if (other == null || other.level != node.level) {
          break;
        }
        waiting.remove(sibling);
        node = node.first < sibling ? sum(node, other, workers) : sum(other, node, workers);
      }
      node = new Node(node.first, node.level + 1, node.sums);
    }
    waiting.put(node.first, node);
  }

  private void check(Node node) {
    boolean exists =
        node.level >= 0
            && node.level < Integer.SIZE - 1
            && node.first >= 0
            && node.first < shards
            && node.first % width(node) == 0;
    var before = waiting.floorEntry(node.first);
    var after = waiting.higherEntry(node.first);
    boolean inTheOneBefore =
        before != null && before.getKey() + (long) width(before.getValue()) > node.first;
    boolean intoTheOneAfter = after != null && node.first + (long) width(node) > after.getKey();
    if (!exists || inTheOneBefore || intoTheOneAfter) {
      throw new IllegalArgumentException(
          "shard " + node.first + " at level " + node.level + " is there, or is none of " + shards);
    }
  }

  private static int width(Node node) {
    return 1 << node.level;
  }

  private Node sum(Node left, Node right, Workers workers) {
    workers.run(
        left.sums.length,
        GRAIN,
        (from, to) -> Rows.add(right.sums, from, left.sums, from, to - from));
    spare.add(right.sums);
    return left;
  }

  /** Returns the nodes that wait for others, in the order of their shards. */
  public List<Node> nodes() {
    return List.copyOf(waiting.values());
  }

  /** Returns zeros, for values that are to be added. */
  public float[] zeros(int size, Workers workers) {
    if (spare.isEmpty()) {
      return new float[size];
    }
    float[] zeros = spare.removeLast();
    workers.run(size, GRAIN, (from, to) -> Arrays.fill(zeros, from, to, 0f));
    return zeros;
  }

  /**
   * Adds the sum of all shards to {@code sums}, and begins again with nothing.
   *
   * @throws IllegalStateException if shards are missing
   */
  public void addTo(float[] sums, Workers workers) {
    if (waiting.size() != 1 || width(waiting.firstEntry().getValue()) < shards) {
      throw new IllegalStateException("not all of " + shards + " shards were added");
    }
    float[] root = waiting.pollFirstEntry().getValue().sums;
    workers.run(root.length, GRAIN, (from, to) -> Rows.add(root, from, sums, from, to - from));
    spare.add(root);
  }
}
