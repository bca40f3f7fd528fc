package dev.unroll.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Takes every k-th of many, so that what is counted in them is bounded, and always the same. */
public final class Sampled {

  private Sampled() {}

  /**
   * Returns all, or every k-th where they are together larger than that.
   *
   * @param most the sum of the sizes, about
   */
  public static <T> List<T> upTo(long most, List<T> all, ToLongFunction<? super T> size) {
    long sum = all.stream().mapToLong(size).sum();
    if (sum <= most) {
      return all;
    }
    int every = Math.toIntExact(Math.min(all.size(), Math.ceilDiv(sum, most)));
    var some = new ArrayList<T>();
    for (int i = 0; i < all.size(); i += every) {
      some.add(all.get(i));
    }
    return some;
  }
}
