package dev.unroll.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Evaluation;
import dev.unroll.task.LanguageModel;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.text.VocabularyTokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll eval}: how well a model predicts texts. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures how well a model predicts texts: perplexity, bits a character, and more.",
    footer = {
      "",
      "Each file is read as the model was trained: as one stream, or sentence by sentence.",
      "Perplexities are a token: with all tokens, without <EOS>, without <UNK>, without both.",
    })
final class EvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Text in UTF-8: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  @Mixin WeightsOption weights = new WeightsOption();

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() throws JsonProcessingException {
    LanguageModel opened = weights.open(model);
    var results = new ArrayList<Measured>();
    var all = Evaluation.EMPTY;
    long nanos = 0;
    try (Workers workers = threads.workers()) {
      for (Path file : Lines.files(files)) {
        var corpus =
            Corpus.read(
                List.of(file),
                opened.tokenizer(),
                VocabularyTokenizer.keepsBlankLines(opened.tokenizer(), opened.reading()));
        long before = System.nanoTime();
        Evaluation result = opened.evaluate(corpus, workers);
        long taken = System.nanoTime() - before;
        String name = file.toString().equals("-") ? "standard input" : file.toString();
        results.add(new Measured(name, result, taken));
        nanos += taken;
        all = all.plus(result);
      }
    }
    var total = new Measured("all %,d files".formatted(results.size()), all, nanos);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(results, total));
    } else {
      results.forEach(result -> print(out, result));
      if (results.size() > 1) {
        print(out, total);
      }
    }
    return 0;
  }

  /** What was measured of one text, and how long it took. */
  private record Measured(String name, Evaluation evaluation, long nanos) {
    double tokensPerSecond() {
      return evaluation.tokens() / Math.max(1e-9, nanos * 1e-9);
    }
  }

  private static void print(PrintWriter out, Measured measured) {
    Evaluation e = measured.evaluation();
    out.println(measured.name());
    line(out, "perplexity", "%.4f a token", e.perplexity());
    line(out, "  without <EOS>", "%.4f", e.perplexityWithoutEnds());
    line(out, "  without <UNK>", "%.4f", e.perplexityWithoutUnknown());
    line(out, "  without both", "%.4f", e.perplexityWithoutBoth());
    line(out, "cross-entropy", "%.4f nats a token", e.crossEntropy());
    line(out, "bits a character", "%.4f", e.bitsPerCharacter());
    line(out, "outside vocabulary", "%.2f%% of tokens", 100 * e.unknownRate());
    out.println(
        "%-20s %,d, %,d sentences, %,d characters"
            .formatted("tokens", e.tokens(), e.sentences(), e.characters()));
    line(out, "speed", "%,.0f tokens/s", measured.tokensPerSecond());
  }

  private static void line(PrintWriter out, String name, String format, double value) {
    out.println("%-20s ".formatted(name) + String.format(Locale.ROOT, format, value));
  }

  private static String json(List<Measured> results, Measured all) throws JsonProcessingException {
    var root = new LinkedHashMap<String, Object>();
    root.put("files", results.stream().map(EvalCommand::fields).toList());
    root.put("all", fields(all));
    return new ObjectMapper().writeValueAsString(root);
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
    fields.put("perplexity", e.perplexity());
    fields.put("perplexityWithoutEos", e.perplexityWithoutEnds());
    fields.put("perplexityWithoutUnk", e.perplexityWithoutUnknown());
    fields.put("perplexityWithoutBoth", e.perplexityWithoutBoth());
    fields.put("crossEntropy", e.crossEntropy());
    fields.put("bitsPerCharacter", e.bitsPerCharacter());
    fields.put("unknownRate", e.unknownRate());
    return fields;
  }
}
