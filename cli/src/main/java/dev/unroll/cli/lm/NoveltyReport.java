package dev.unroll.cli.lm;

import dev.unroll.text.inspect.Novelty;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Says what of some texts stands in a corpus. */
final class NoveltyReport {

  private final Novelty novelty;
  private final List<Integer> lengths;

  NoveltyReport(Novelty novelty) {
    this.novelty = novelty;
    lengths = novelty.usualLengths();
  }

  /** Prints each text with what is copied marked, then the figures of each and of all. */
  void print(PrintWriter out, List<Novelty.Copied> texts) {
    int marked = lengths.get(lengths.size() - 2);
    for (Novelty.Copied text : texts) {
      out.println(novelty.marked(text, marked));
      out.println(
          String.format(
              Locale.ROOT,
              "  longest copied: %,d %s%s",
              text.longest(),
              novelty.unit(),
              shares(List.of(text))));
    }
    if (texts.size() > 1) {
      int longest = texts.stream().mapToInt(Novelty.Copied::longest).max().orElse(0);
      out.println(
          String.format(
              Locale.ROOT,
              "all: longest copied: %,d %s%s",
              longest,
              novelty.unit(),
              shares(texts)));
    }
    out.println(
        String.format(
            Locale.ROOT, "⟦…⟧ occurs in the corpus: %d %s or more", marked, novelty.unit()));
  }

  private String shares(List<Novelty.Copied> texts) {
    return lengths.stream()
        .filter(length -> count(texts, length) > 0)
        .map(
            length ->
                String.format(Locale.ROOT, "; %d-grams %.1f%%", length, 100 * share(texts, length)))
        .collect(Collectors.joining());
  }

  private static long count(List<Novelty.Copied> texts, int length) {
    return texts.stream().mapToLong(text -> text.count(length)).sum();
  }

  private static double share(List<Novelty.Copied> texts, int length) {
    long copied = texts.stream().mapToLong(text -> text.copied(length)).sum();
    return (double) copied / count(texts, length);
  }

  /**
   * Returns the figures of a text.
   *
   * @param all whether n-grams that are longer than the text are there, too, without a share: rows
   *     of a table have the same columns
   */
  Map<String, Object> fields(Novelty.Copied text, boolean all) {
    var shares = new LinkedHashMap<String, Object>();
    for (int length : lengths) {
      boolean has = text.count(length) > 0;
      if (has || all) {
        shares.put(String.valueOf(length), has ? share(List.of(text), length) : null);
      }
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("unit", novelty.unit());
    fields.put("longestCopied", text.longest());
    fields.put("copiedNgrams", shares);
    return fields;
  }
}
