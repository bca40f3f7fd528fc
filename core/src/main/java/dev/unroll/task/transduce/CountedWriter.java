package dev.unroll.task.transduce;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes targets by what was counted in pairs: beside a network, which learns little of few. */
interface CountedWriter {

  /**
   * A target.
   *
   * @param ids its tokens, without its end
   * @param text its text, where its tokens may not say all of it; null where they do
   */
  record Draft(int[] ids, @Nullable String text) {}

  /**
   * What may become of a source.
   *
   * @param best some targets, the most probable first
   * @param score returns of any target, the greater the better it is, log P(target | source), in
   *     nats, or what stands for it; it is finite
   */
  record Drafts(List<Draft> best, ToDoubleFunction<Draft> score) {}

  /**
   * Returns what may become of a source.
   *
   * @param most targets, at most
   */
  Drafts read(String source, int most);

  /** Returns what kind of writer it is, as in files. */
  String kind();

  /** Returns what it is and how much it knows, in words. */
  String describe();

  /** Returns what was counted, by name. */
  Map<String, Object> toJson();
}
