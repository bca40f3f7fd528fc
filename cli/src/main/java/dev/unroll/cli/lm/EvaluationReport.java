package dev.unroll.cli.lm;

import dev.unroll.base.Workers;
import dev.unroll.cli.report.Report;
import dev.unroll.data.Tokenizer;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.TokenModel;
import dev.unroll.result.Evaluation;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.text.Passages;
import dev.unroll.text.VocabularyTokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How well a model predicts texts, each and all together.
 *
 * @param files of each text its name, what was measured, and how long it took
 */
record EvaluationReport(List<Measured> files) implements Report {

  /** What was measured of one text, and how long it took. */
  record Measured(String name, Evaluation evaluation, long nanos) {
    double tokensPerSecond() {
      return evaluation.tokens() / Math.max(1e-9, nanos * 1e-9);
    }
  }

  /** Reads texts under a model's tokenizer and measures them. */
  static EvaluationReport of(TokenModel model, List<Path> files, Workers workers) {
    var results = new ArrayList<Measured>();
    for (Path file : files) {
      Corpus corpus = corpus(model, file);
      results.add(measured(file, () -> model.evaluate(corpus, workers)));
    }
    return new EvaluationReport(results);
  }

  /** Reads tables, and measures each text for its own label. */
  static EvaluationReport ofTables(
      LanguageModel model, GivenTable table, List<Path> files, Workers workers) {
    return new EvaluationReport(
        files.stream()
            .map(file -> measured(file, () -> table.evaluate(model, file, workers)))
            .toList());
  }

  private static Measured measured(Path file, Supplier<Evaluation> evaluation) {
    long before = System.nanoTime();
    Evaluation result = evaluation.get();
    return new Measured(Lines.nameOf(file), result, System.nanoTime() - before);
  }

  /** Reads a text as a model does. */
  static Corpus corpus(TokenModel model, Path file) {
    boolean blankLines = VocabularyTokenizer.keepsBlankLines(model.tokenizer(), model.reading());
    String kept =
        model instanceof LanguageModel language ? language.provenance().text(Passages.KEPT) : "";
    return corpus(
        List.of(file),
        model.tokenizer(),
        kept.isEmpty() ? Passages.LINES : Passages.of(kept),
        blankLines);
  }

  /** Reads the passages of a text as sentences. */
  static Corpus corpus(
      List<Path> files, Tokenizer tokenizer, Passages passages, boolean blankLines) {
    return passages == Passages.LINES
        ? Corpus.read(files, tokenizer, blankLines)
        : Corpus.of(passages.read(files), tokenizer, blankLines);
  }

  private Measured all() {
    var sum = Evaluation.EMPTY;
    long nanos = 0;
    for (Measured measured : files) {
      sum = sum.plus(measured.evaluation);
      nanos += measured.nanos;
    }
    return new Measured("all %,d files".formatted(files.size()), sum, nanos);
  }

  @Override
  public void print(PrintWriter out) {
    files.forEach(measured -> print(out, measured));
    if (files.size() > 1) {
      print(out, all());
    }
  }

  @Override
  public Map<String, Object> fields() {
    var root = new LinkedHashMap<String, Object>();
    root.put("files", files.stream().map(EvaluationReport::fields).toList());
    root.put("all", fields(all()));
    return root;
  }

  private static void print(PrintWriter out, Measured measured) {
    Evaluation e = measured.evaluation();
    out.println(measured.name());
    line(out, "perplexity", "%.4f per token", e.perplexity());
    line(out, "  without <EOS>", "%.4f", e.perplexityWithoutEnds());
    line(out, "  without <UNK>", "%.4f", e.perplexityWithoutUnknown());
    line(out, "  without both", "%.4f", e.perplexityWithoutBoth());
    line(out, "  a word", "%.4f (between white space; <EOS> is one)", e.perplexityPerWord());
    line(out, "cross-entropy", "%.4f nats per token", e.crossEntropy());
    line(out, "bits per character", "%.4f", e.bitsPerCharacter());
    line(out, "outside vocabulary", "%.2f%% of tokens", 100 * e.unknownRate());
    out.println(
        "%-20s %,d, %,d sentences, %,d characters"
            .formatted("tokens", e.tokens(), e.sentences(), e.characters()));
    if (e.impossible() > 0) {
      out.println(
          "%-20s %,d of %,d tokens: the model gives them no probability"
              .formatted("impossible", e.impossible(), e.tokens()));
    }
    line(out, "speed", "%,.0f tokens/s", measured.tokensPerSecond());
  }

  private static void line(PrintWriter out, String name, String format, double value) {
    String digits = String.format(Locale.ROOT, format, value);
    String word = Double.isInfinite(value) ? "infinite" : "undefined";
    String text = Double.isFinite(value) ? digits : digits.replaceAll("^\\p{Alpha}+%?", word);
    out.println("%-20s ".formatted(name) + text);
  }

  private static Map<String, Object> fields(Measured measured) {
    Evaluation e = measured.evaluation();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", measured.name());
    fields.put("tokensPerSecond", measured.tokensPerSecond());
    fields.put("tokens", e.tokens());
    fields.put("sentences", e.sentences());
    fields.put("characters", e.characters());
    fields.put("unknown", e.unknown());
    if (e.impossible() > 0) {
      fields.put("impossible", e.impossible());
    }
    fields.put("perplexity", e.perplexity());
    fields.put("perplexityWithoutEos", e.perplexityWithoutEnds());
    fields.put("perplexityWithoutUnk", e.perplexityWithoutUnknown());
    fields.put("perplexityWithoutBoth", e.perplexityWithoutBoth());
    fields.put("words", e.words());
    fields.put("perplexityPerWord", e.perplexityPerWord());
    fields.put("crossEntropy", e.crossEntropy());
    fields.put("bitsPerCharacter", e.bitsPerCharacter());
    fields.put("unknownRate", e.unknownRate());
    return fields;
  }
}
