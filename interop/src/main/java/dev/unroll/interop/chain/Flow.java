package dev.unroll.interop.chain;

import dev.unroll.base.PoolingKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value of a graph is in the chain of layers: which of its axes is which, and how far the
 * chain has come.
 *
 * @param axes what each axis is
 * @param stage what the numbers are
 * @param ways of the outputs or last states of recurrent layers, which are side by side along the
 *     axis {@link Axis#WAY}, or along the features where there is none
 * @param pooling how a sequence became one vector; null where it has not
 * @param trail the layers that it was computed by
 */
record Flow(
    List<Axis> axes, Stage stage, List<Way> ways, @Nullable PoolingKind pooling, Trail trail) {

  /** How far the chain has come. */
  enum Stage {
    /** Ids of tokens. */
    TOKENS,
    /** A vector for each step. */
    STEPS,
    /** The states after the last steps. */
    LAST,
    /** After the linear layer. */
    OUTPUT,
    /** After the function of the linear layer's outputs. */
    SHARES
  }

  Flow {
    axes = List.copyOf(axes);
    ways = List.copyOf(ways);
  }

  Flow withAxes(List<Axis> others) {
    return new Flow(others, stage, ways, pooling, trail);
  }

  Flow withWays(List<Way> others) {
    return new Flow(axes, stage, others, pooling, trail);
  }

  Flow withStage(Stage other) {
    return new Flow(axes, other, ways, pooling, trail);
  }

  Flow withTrail(Trail other) {
    return new Flow(axes, stage, ways, pooling, other);
  }

  Flow pooled(PoolingKind kind) {
    return new Flow(axes, stage, ways, kind, trail);
  }

  /** A sequence that became one vector, along an axis that is left out or has length 1 then. */
  Flow pooled(PoolingKind kind, int axis, boolean kept) {
    var left = new ArrayList<>(axes);
    if (kept) {
      left.set(axis, Axis.ONE);
    } else {
      left.subList(axis, axis + 1).clear();
    }
    return withAxes(left).pooled(kind);
  }

  /** The place of an axis that is counted from the end where it is negative. */
  int place(long axis) {
    long place = axis < 0 ? axis + axes.size() : axis;
    if (place < 0 || place >= axes.size()) {
      throw new IllegalArgumentException("there is no axis " + axis);
    }
    return (int) place;
  }

  /** The same without an axis. */
  Flow without(int place) {
    var left = new ArrayList<>(axes);
    left.subList(place, place + 1).clear();
    return withAxes(left);
  }

  /** Whether it is all of what the last recurrent layer on its trail gives. */
  boolean isWhole() {
    return ways.equals(trail.ways());
  }

  /** Whether the last axis, and no other, are the features. */
  boolean endsWithFeatures() {
    return axes.getLast() == Axis.FEATURE && !axes.contains(Axis.WAY);
  }
}
