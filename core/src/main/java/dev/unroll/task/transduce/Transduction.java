package dev.unroll.task.transduce;

import java.util.List;

/**
 * What a source becomes.
 *
 * @param outputs what it may become, the best first; at least one
 */
public record Transduction(List<Transducer.Output> outputs) {

  /** Copies the list. */
  public Transduction {
    outputs = List.copyOf(outputs);
  }

  /** Returns the best target. */
  public String text() {
    return outputs.getFirst().text();
  }

  /** Returns the best targets, so many or as many as the search found. */
  public List<Transducer.Output> nbest(int count) {
    return outputs.subList(0, Math.min(count, outputs.size()));
  }

  /** Returns the best target. */
  @Override
  public String toString() {
    return text();
  }
}
