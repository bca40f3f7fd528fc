package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.kernel.Slice;
import dev.unroll.train.LayerRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How fast each parameter learns, where some layers learn at rates of their own. */
final class LayerRates {

  private final List<LayerRate> rates;

  /** All slices in the order of their places, which leave no gaps. */
  private final List<Slice> slices;

  /**
   * Prepares the rates of a network.
   *
   * @throws InputException if one is of no layer
   */
  LayerRates(List<LayerRate> rates, List<Slice> slices) {
    this.rates = rates;
    this.slices = slices;
    for (LayerRate rate : rates) {
      if (slices.stream().noneMatch(slice -> rate.isOf(slice.name()))) {
        throw new InputException(
            "the network has no layer " + rate.layer(),
            "Its parameters are: " + String.join(", ", slices.stream().map(Slice::name).toList()));
      }
    }
    if (!rates.isEmpty()
        && slices.stream().allMatch(slice -> factor(slice, Integer.MAX_VALUE) == 0)) {
      throw new InputException("all layers are frozen", "Leave at least one to learn.");
    }
  }

  private float factor(Slice slice, int epoch) {
    for (LayerRate rate : rates) {
      if (rate.isOf(slice.name())) {
        return rate.factor(epoch);
      }
    }
    return 1f;
  }

  /** Takes the gradients of the parameters away that do not learn in an epoch. */
  void freeze(float[] gradients, int epoch) {
    if (rates.isEmpty()) {
      return;
    }
    for (Slice slice : slices) {
      if (factor(slice, epoch) == 0) {
        Arrays.fill(gradients, slice.offset(), slice.offset() + slice.size(), 0f);
      }
    }
  }

  /**
   * Some neighboring parameters that learn equally fast.
   *
   * @param from the first
   * @param to the end
   * @param factor of the learning rate
   */
  record Range(int from, int to, float factor) {}

  /** Returns the parameters that learn in an epoch, among those in {@code from … to - 1}. */
  List<Range> ranges(int epoch, int from, int to) {
    if (rates.isEmpty()) {
      return List.of(new Range(from, to, 1f));
    }
    var ranges = new ArrayList<Range>();
    for (Slice slice : slices) {
      int begin = Math.max(from, slice.offset());
      int end = Math.min(to, slice.offset() + slice.size());
      float factor = factor(slice, epoch);
      if (begin < end && factor > 0) {
        ranges.add(new Range(begin, end, factor));
      }
    }
    return ranges;
  }
}
