package dev.unroll.text.ngram;

import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.SafeFiles;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Vocabulary;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.ngram.NgramModel.Nodes;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * N-gram models in the ARPA format, which SRILM, KenLM and IRSTLM read and write: for each length a
 * section with the n-grams, log₁₀ of their probabilities, and of their weights as contexts.
 *
 * <p>White space within a token is written as {@code <U+20>} and the like. Files written here have
 * two lines before the format's first that hold the tokenizer and what the model was made from;
 * they begin with #, so that other readers, KenLM too, pass over them. A file without the first is
 * read as tokens between white space.
 */
public final class ArpaFile {

  private static final String TOKENIZER = "# unroll.tokenizer ";
  private static final String PROVENANCE = "# unroll.provenance ";
  private static final Pattern ESCAPE = Pattern.compile("<U\\+([0-9A-F]{1,6})>");
  private static final String BEGIN = "<s>";
  private static final String END = "</s>";
  private static final double LOG_10 = StrictMath.log(10);

  /** log₁₀ of no probability, as SRILM writes it. */
  private static final double NEVER = -99;

  private ArpaFile() {}

  /**
   * Writes a model: beside, synced, then renamed.
   *
   * @param provenance what it was made from: data, options, version
   */
  public static void write(NgramModel model, Map<String, Object> provenance, Path file) {
    SafeFiles.replace(
        file,
        channel -> {
          var out =
              new BufferedWriter(
                  new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8),
                  1 << 16);
          out.write(TOKENIZER + Json.write(model.tokenizer().describe()) + "\n");
          out.write(PROVENANCE + Json.write(provenance) + "\n");
          write(model, out);
          out.flush();
        });
  }

  private static void write(NgramModel model, Writer out) throws IOException {
    Nodes nodes = model.nodes();
    var ofOrder = new ArrayList<List<Integer>>();
    for (int n = 0; n <= model.order(); n++) {
      ofOrder.add(new ArrayList<>());
    }
    int[] orders = new int[nodes.count()];
    for (int node = 1; node < orders.length; node++) {
      orders[node] = orders[nodes.parent(node)] + 1;
      ofOrder.get(orders[node]).add(node);
    }
    out.write("\n\\data\\\n");
    for (int n = 1; n <= model.order(); n++) {
      out.write("ngram " + n + "=" + ofOrder.get(n).size() + "\n");
    }
    for (int n = 1; n <= model.order(); n++) {
      out.write("\n\\" + n + "-grams:\n");
      for (int node : ofOrder.get(n)) {
        writeLine(model, node, n < model.order(), out);
      }
    }
    out.write("\n\\end\\\n");
  }

  private static void writeLine(NgramModel model, int node, boolean context, Writer out)
      throws IOException {
    double log = model.logProbabilityOf(node) / LOG_10;
    out.write(number(log == Double.NEGATIVE_INFINITY ? NEVER : log));
    char separator = '\t';
    for (int word : model.nodes().ngram(node)) {
      out.write(separator);
      out.write(name(model, word));
      separator = ' ';
    }
    if (context) {
      out.write('\t');
      out.write(number(model.backOffOf(node) / LOG_10));
    }
    out.write('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.9g", value);
  }

  private static String name(NgramModel model, int word) {
    Tokenizer tokenizer = model.tokenizer();
    if (word == model.start()) {
      return BEGIN;
    }
    if (word == tokenizer.endOfSentence()) {
      return END;
    }
    if (word == tokenizer.unknown()) {
      return "<unk>";
    }
    var name = new StringBuilder();
    String token = tokenizer.token(word);
    // What looks like a mark of the format, or like an escape, is escaped from its first character.
    boolean mark = List.of(BEGIN, END, "<unk>", "<UNK>").contains(token) || token.contains("<U+");
    token
        .codePoints()
        .forEach(
            c -> {
              boolean white = Character.isWhitespace(c) || Character.isSpaceChar(c);
              if (white || (mark && c == '<')) {
                name.append("<U+%X>".formatted(c));
              } else {
                name.appendCodePoint(c);
              }
            });
    return name.toString();
  }

  /**
   * Returns what a model was made from, as its file says; nothing where another program wrote it.
   *
   * @throws InputException if the file cannot be read
   */
  public static Map<String, Object> provenance(Path file) {
    try (Lines lines = Lines.open(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.startsWith(PROVENANCE)) {
          return Json.parse(line.substring(PROVENANCE.length())).asMap();
        }
        if (line.equals("\\data\\")) {
          break;
        }
      }
      return Map.of();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (Json.JsonException e) {
      throw InputException.in(
          file, "the line of its provenance is damaged: " + e.getMessage(), "Make it again.");
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    return InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
  }

  /** Reads a model, with the tokenizer that the file names, or else tokens between white space. */
  public static NgramModel read(Path file) {
    return read(file, null);
  }

  /**
   * Reads a model under a tokenizer that exists; n-grams with words that it does not have are left
   * out.
   *
   * @throws InputException if the file is not in the format
   */
  public static NgramModel read(Path file, @Nullable Tokenizer tokenizer) {
    try (Lines lines = Lines.open(file)) {
      return new Reader(file, lines, tokenizer).read();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads one file. */
  private static final class Reader {
    private final Path file;
    private final Lines lines;
    private @Nullable Tokenizer tokenizer;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Nodes nodes = new Nodes();
    private final DoubleArrayList logs = new DoubleArrayList(new double[] {0});
    private final DoubleArrayList backOffs = new DoubleArrayList(new double[] {0});

    Reader(Path file, Lines lines, @Nullable Tokenizer tokenizer) {
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
      if (!last.equals("\\end\\")) {
        throw strange("«%s», not \\end\\".formatted(last));
      }
      return new NgramModel(
          known, sizes.size(), nodes, logs.toDoubleArray(), backOffs.toDoubleArray());
    }

    /** Reads up to the counts, and returns them; the section of unigrams comes next. */
    private List<Long> header() {
      String line = next();
      while (!line.equals("\\data\\")) {
        String mark = line.startsWith("#") ? TOKENIZER : TOKENIZER.substring(2); // 0.1.0 had no #
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
      if (sizes.isEmpty() || !line.equals("\\1-grams:")) {
        throw strange("«" + line + "», not \\1-grams:");
      }
      return sizes;
    }

    private Tokenizer restored(String description) {
      try {
        return TokenizerFormat.find(Json.parse(description).asMap());
      } catch (Json.JsonException e) {
        throw strange("the line of its tokenizer is damaged: " + e.getMessage());
      }
    }

    private interface Fields {
      void take(String[] fields);
    }

    /** Reads a section, whose name was read if it is the first. */
    private void section(int n, long count, Fields sink) {
      if (n > 1) {
        String title = next();
        if (!title.equals("\\" + n + "-grams:")) {
          throw strange("«%s», not \\%d-grams:".formatted(title, n));
        }
      }
      for (long i = 0; i < count; i++) {
        String[] fields = next().split("[ \t]+");
        if (fields.length < n + 1 || fields.length > n + 2) {
          throw strange("a line of %d fields, not %d or %d".formatted(fields.length, n + 1, n + 2));
        }
        sink.take(fields);
      }
    }

    /** The words of the file are the vocabulary. */
    private static Tokenizer tokenizerOf(List<String[]> unigrams) {
      var words = new ArrayList<String>();
      for (String[] fields : unigrams) {
        String word = fields[1];
        if (!List.of(BEGIN, END, "<unk>", "<UNK>").contains(word)) {
          words.add(word);
        }
      }
      return new VocabularyTokenizer(
          Segmentation.of(Segmentation.Unit.TOKENS), new Vocabulary(words));
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
      double log = decimal(fields[0]);
      logs.add(log <= NEVER ? Double.NEGATIVE_INFINITY : log * LOG_10);
      backOffs.add(fields.length == length + 2 ? decimal(fields[length + 1]) * LOG_10 : 0);
    }

    private @Nullable Integer id(String name) {
      Tokenizer known = tokenizer;
      if (known == null) {
        return null; // the unigrams are read first, and it is known then
      }
      return switch (name) {
        case BEGIN -> known.size();
        case END -> known.endOfSentence();
        case "<unk>", "<UNK>" -> known.unknown();
        default -> ids.get(unescaped(name));
      };
    }

    private static String unescaped(String name) {
      if (!name.contains("<U+")) {
        return name;
      }
      return ESCAPE
          .matcher(name)
          .replaceAll(found -> Matcher.quoteReplacement(character(found.group(1), found.group())));
    }

    /** Returns the character with a number, or the text as it is where there is none. */
    private static String character(String hexadecimal, String text) {
      int point = Integer.parseInt(hexadecimal, 16);
      return Character.isValidCodePoint(point) ? Character.toString(point) : text;
    }

    private long whole(String text) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw strange("«" + text + "» is no number");
      }
    }

    private double decimal(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw strange("«" + text + "» is no number");
      }
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
          "Name a file in the ARPA format, such as SRILM and KenLM write.");
    }
  }
}
