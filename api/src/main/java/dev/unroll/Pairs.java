package dev.unroll;

import dev.unroll.data.Pair;
import dev.unroll.text.table.PairTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;
import java.util.regex.Pattern;

/** Pairs from memory and from tables, which are read when training begins. */
final class Pairs {

  private static final String MEMORY = "data";

  private static final Pattern WORD = Pattern.compile("[\\p{L}_]+");

  /** What has no header, or names in each object. */
  private static final Pattern OTHER = Pattern.compile("^" + MEMORY + "$|\\.(ndjson|jsonl?)\\b");

  /** Fewer pairs do not show that the first is another. */
  private static final int LEAST = 10;

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
  List<List<Pair>> parts(
      List<PairTable.Line> read, List<PairTable.Line> readToValidate, LongToDoubleFunction share) {
    List<Pair> all = pairs(read);
    return validation.isEmpty()
        ? Pair.cut(all, share.applyAsDouble(all.size()))
        : List.of(all, pairs(readToValidate));
  }

  /**
   * Returns the first pair of a file that may be a header: its words are in no other pair, of which
   * nearly all have several words on a side.
   */
  static Optional<Pair> header(List<PairTable.Line> read) {
    PairTable.Line place = read.getFirst();
    Pair first = place.pair();
    boolean table = place.line() == 1 && !OTHER.matcher(place.file()).find();
    boolean named =
        WORD.matcher(first.source()).matches() && WORD.matcher(first.target()).matches();
    if (!table || !named || read.size() < LEAST) {
      return Optional.empty();
    }
    List<Pair> others = pairs(read.subList(1, read.size()));
    boolean apart =
        others.stream()
            .noneMatch(
                each ->
                    words(each.source()).contains(first.source())
                        || words(each.target()).contains(first.target()));
    long several =
        others.stream()
            .filter(each -> words(each.source()).size() > 1 || words(each.target()).size() > 1)
            .count();
    return apart && several * 10 > others.size() * 9L ? Optional.of(first) : Optional.empty();
  }

  private static List<String> words(String text) {
    return List.of(text.split("\\s+", -1));
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
      files.addAll(Arguments.all("more", more));
    }

    <T> void add(
        Iterable<T> data,
        Function<? super T, String> ofSource,
        Function<? super T, String> ofTarget) {
      Objects.requireNonNull(ofSource, "ofSource");
      Objects.requireNonNull(ofTarget, "ofTarget");
      for (T each : data) {
        long row = memory.size() + 1L;
        T present = Rows.present(row, "object", each);
        String source = Rows.filled(row, "source", ofSource.apply(present));
        String target = Rows.filled(row, "target", ofTarget.apply(present));
        memory.add(new PairTable.Line(MEMORY, row, new Pair(source, target)));
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
