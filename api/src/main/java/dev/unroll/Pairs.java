package dev.unroll;

import dev.unroll.data.Pair;
import dev.unroll.text.table.PairTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;

/** Pairs from memory and from tables, which are read when training begins. */
final class Pairs {

  private static final String MEMORY = "data";

  private PairTable table = PairTable.USUAL;
  private final Part learned = new Part();
  private final Part validation = new Part();

  /** What is learned from. */
  Part learned() {
    return learned;
  }

  /** What chooses the best model. */
  Part validation() {
    return validation;
  }

  /** Returns how tables are read. */
  PairTable table() {
    return table;
  }

  /** Sets how tables are read. */
  void table(PairTable value) {
    table = value;
  }

  /** Returns the pairs of both parts, of which the second is a share where there is none. */
  List<List<Pair>> parts(LongToDoubleFunction share) {
    return parts(learned.lines(), validation.lines(), share);
  }

  /** Returns the pairs of both parts, which were read. */
  List<List<Pair>> parts(
      List<PairTable.Line> read, List<PairTable.Line> readToValidate, LongToDoubleFunction share) {
    List<Pair> all = pairs(read);
    return validation.isEmpty()
        ? Pair.cut(all, share.applyAsDouble(all.size()))
        : List.of(all, pairs(readToValidate));
  }

  private static List<Pair> pairs(List<PairTable.Line> lines) {
    return lines.stream().map(PairTable.Line::pair).toList();
  }

  /** Some of the data. */
  final class Part {

    private final List<Path> files = new ArrayList<>();
    private final List<PairTable.Line> memory = new ArrayList<>();

    private Part() {}

    void files(Path... more) {
      files.addAll(List.of(more));
    }

    <T> void add(
        Iterable<T> data, Function<? super T, String> source, Function<? super T, String> target) {
      for (T each : data) {
        var pair = new Pair(source.apply(each), target.apply(each));
        memory.add(new PairTable.Line(MEMORY, memory.size() + 1L, pair));
      }
    }

    boolean isEmpty() {
      return files.isEmpty() && memory.isEmpty();
    }

    /** Reads all pairs, with their places. */
    List<PairTable.Line> lines() {
      var lines = new ArrayList<>(memory);
      if (!files.isEmpty()) {
        lines.addAll(table.lines(files));
      }
      return lines;
    }
  }
}
