package dev.unroll.cli.report;

import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects what is answered together, so that answers come while a long input is still read. */
public final class Blocks<T> implements Consumer<T>, AutoCloseable {

  /** What is answered together where nobody waits for it. */
  private static final int TOGETHER = 512;

  private final int size;
  private final Consumer<List<T>> answer;
  private final List<T> block = new ArrayList<>();

  /**
   * Answers by {@code answer}: one by one where standard input is among the files, as somebody may
   * wait for each.
   */
  public Blocks(List<Path> files, Consumer<List<T>> answer) {
    size = files.stream().anyMatch(Lines::isStandardInput) ? 1 : TOGETHER;
    this.answer = answer;
  }

  @Override
  public void accept(T next) {
    block.add(next);
    if (block.size() == size) {
      close();
    }
  }

  /** Answers what is left. */
  @Override
  public void close() {
    if (!block.isEmpty()) {
      List<T> inputs = List.copyOf(block);
      block.clear(); // even where the answer fails: it is not tried again
      answer.accept(inputs);
    }
  }
}
