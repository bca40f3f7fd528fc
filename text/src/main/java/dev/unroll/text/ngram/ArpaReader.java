package dev.unroll.text.ngram;

import dev.unroll.base.InputException;
import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.primitive.DoubleList;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.ngram.NgramModel.Nodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one file in the ARPA format. */
final class ArpaReader {
  private final Path file;
  private final Lines lines;
  private @Nullable Tokenizer tokenizer;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Nodes nodes = new Nodes();
  private final DoubleList logs = DoubleList.of(0);
  private final DoubleList backOffs = DoubleList.of(0);

  ArpaReader(Path file, Lines lines, @Nullable Tokenizer tokenizer) {
    this.file = file;
    this.lines = lines;
    this.tokenizer = tokenizer;
  }

  NgramModel read() {
    List<Long> sizes = header();
    var unigrams = new ArrayList<String[]>();
    section(1, sizes.get(0), unigrams::add);
    Tokenizer known = tokenizer == null ? tokenizerOf(unigrams) : tokenizer;
    tokenizer = known;
    for (int id = 0; id < known.size(); id++) {
      ids.put(known.token(id), id);
    }
    unigrams.forEach(fields -> add(fields, 1));
    for (int n = 2; n <= sizes.size(); n++) {
      int length = n;
      section(n, sizes.get(n - 1), fields -> add(fields, length));
    }
    String last = next();
    if (!last.equals(ArpaFormat.LAST)) {
      throw strange(String.format(Locale.ROOT, "«%s», not \\end\\", last));
    }
    return new NgramModel(known, sizes.size(), nodes, logs.toArray(), backOffs.toArray());
  }

  /** Reads up to the counts, and returns them; the section of unigrams comes next. */
  private List<Long> header() {
    String line = next();
    while (!line.equals(ArpaFormat.DATA)) {
      String mark =
          line.startsWith("#")
              ? ArpaFormat.TOKENIZER
              : ArpaFormat.TOKENIZER.substring(2); // 0.1.0 had no #
      if (line.startsWith(mark) && tokenizer == null) {
        tokenizer = restored(line.substring(mark.length()));
      }
      line = next();
    }
    var sizes = new ArrayList<Long>();
    for (line = next(); line.startsWith("ngram "); line = next()) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw strange("«" + line + "» has no count");
      }
      sizes.add(whole(line.substring(equals + 1).strip()));
    }
    if (sizes.isEmpty() || !line.equals(ArpaFormat.title(1))) {
      throw strange("«" + line + "», not \\1-grams:");
    }
    return sizes;
  }

  private Tokenizer restored(String description) {
    try {
      return TokenizerFormat.find(new Json.Reader("tokenizer", Json.parse(description).value()));
    } catch (JsonException | InputException e) {
      throw strange("the line of its tokenizer is damaged: " + e.getMessage());
    }
  }

  /** Reads a section, whose name was read if it is the first. */
  private void section(int n, long count, Consumer<String[]> sink) {
    if (n > 1) {
      String title = next();
      if (!title.equals(ArpaFormat.title(n))) {
        throw strange(String.format(Locale.ROOT, "«%s», not \\%d-grams:", title, n));
      }
    }
    for (long i = 0; i < count; i++) {
      String[] fields = next().split("[ \t]+");
      if (fields.length < n + 1 || fields.length > n + 2) {
        throw strange(
            String.format(
                Locale.ROOT,
                "a line of %s, not %d or %d",
                Plural.of(fields.length, "field"),
                n + 1,
                n + 2));
      }
      sink.accept(fields);
    }
  }

  /** The words of the file are the vocabulary. */
  private static Tokenizer tokenizerOf(List<String[]> unigrams) {
    var words = new ArrayList<String>();
    for (String[] fields : unigrams) {
      String word = fields[1];
      if (!ArpaFormat.isMark(word)) {
        words.add(word);
      }
    }
    return new VocabularyTokenizer(Segmentation.of(Segmentation.Unit.TOKENS), words);
  }

  private void add(String[] fields, int length) {
    int context = NgramModel.ROOT;
    for (int i = 1; i < length; i++) {
      Integer id = id(fields[i]);
      context = id == null ? NgramModel.NONE : nodes.find(context, id);
      if (context == NgramModel.NONE) {
        if (id != null) {
          throw strange("there is no n-gram for the context of «" + fields[length] + "»");
        }
        return;
      }
    }
    Integer word = id(fields[length]);
    if (word == null) {
      return;
    }
    if (nodes.find(context, word) != NgramModel.NONE) {
      throw strange("an n-gram is there twice");
    }
    nodes.add(context, word);
    logs.add(logarithm(fields[0]));
    backOffs.add(fields.length == length + 2 ? logarithm(fields[length + 1]) : 0);
  }

  private @Nullable Integer id(String name) {
    Tokenizer known = tokenizer;
    if (known == null) {
      return null; // the unigrams are read first, and it is known then
    }
    return switch (name) {
      case ArpaFormat.BEGIN -> known.size();
      case ArpaFormat.END -> known.endOfSentence();
      case ArpaFormat.UNKNOWN, "<UNK>" -> known.unknown();
      default -> ids.get(ArpaFormat.unescaped(name));
    };
  }

  private long whole(String text) {
    try {
      return Numbers.parseWhole(text);
    } catch (NumberFormatException e) {
      throw strange("«" + text + "» is not a number");
    }
  }

  /** Returns the natural logarithm; what is written as -99 is nothing at all. */
  private double logarithm(String text) {
    double log = text.equals("-inf") ? Double.NEGATIVE_INFINITY : decimal(text); // as lmplz does
    if (Double.isNaN(log) || log == Double.POSITIVE_INFINITY) {
      throw strange("«" + text + "» is not a logarithm");
    }
    return log <= ArpaFormat.NEVER ? Double.NEGATIVE_INFINITY : log * ArpaFormat.LOG_10;
  }

  private double decimal(String text) {
    double value = Numbers.parse(text);
    if (Double.isNaN(value)) {
      throw strange("«" + text + "» is not a finite number");
    }
    return value;
  }

  /** Returns the next line that is not blank. */
  private String next() {
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!line.isBlank()) {
        return line.strip();
      }
    }
    throw strange("the file ends too early");
  }

  private InputException strange(String what) {
    return InputException.at(
        file.toString(),
        lines.line(),
        "not an ARPA file: " + what,
        "Name a file in ARPA format, as SRILM and KenLM write it.");
  }
}
