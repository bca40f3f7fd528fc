package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.WeightsOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.cli.report.Form;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.text.Lines;
import dev.unroll.text.inspect.Novelty;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm sample}: text drawn from a model. */
@Command(
    name = "sample",
    description = "Samples text from a model, and prints it as it is drawn.",
    footer = {
      "",
      "Examples:",
      "  unroll lm sample shakespeare.safetensors --prompt 'ROMEO:' --length 500 --temperature 0.8",
      "  unroll lm sample names.safetensors --count 10",
      "  unroll lm sample names-by-language.safetensors --given Irish --count 10",
      "  unroll lm sample news.safetensors --prompt 'the cats' --beam 8",
      "  unroll lm sample letters.safetensors --pattern 'Dear [A-Z][a-z]+,' --count 5",
    })
final class SampleCommand extends UnrollCommand {

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Text to continue; it is printed as given.")
  String prompt = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "500",
      description = "Maximum number of tokens to draw. Default: ${DEFAULT-VALUE}.")
  int length = 500;

  @Option(
      names = "--stop-at-end",
      negatable = true,
      description =
          "Stop at the end of a sentence. Default: yes for models that read sentences and for"
              + " --beam; no for those that read a stream.")
  @Nullable Boolean stopAtEnd;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1",
      description = "Below 1 favors probable tokens, above 1 is more varied. Default: 1.")
  double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw from the K most probable tokens only; 0 for all. Default: 0.")
  int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "Draw from the most probable tokens that together reach probability P. Default: 1.")
  double topP = 1;

  @Option(names = "--greedy", description = "Always take the most probable token.")
  boolean greedy;

  @Option(
      names = "--beam",
      paramLabel = "N",
      description = "Search for the most probable texts with a beam of N.")
  @Nullable Integer beam;

  @Option(
      names = "--length-power",
      paramLabel = "A",
      defaultValue = "1",
      description =
          "Beam search compares log-probability / length^A; 0 favors short texts. Default: 1.")
  double lengthPower = 1;

  @Option(names = "--unknown", description = "Allow <UNK> to be drawn.")
  boolean unknown;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of texts. Default: 1.")
  int count = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Random seed. Default: 1.")
  long seed = 1;

  @Option(
      names = "--scores",
      description = "Print the log-probability of each text (in nats, given the prompt) before it.")
  boolean scores;

  @Option(
      names = "--novelty",
      paramLabel = "CORPUS",
      description =
          "Report at the end which parts of the texts occur in CORPUS, a file or folder such"
              + " as the training text. Repeatable.")
  List<Path> corpus = List.of();

  @Mixin ConstraintOptions constraints = new ConstraintOptions();
  @Mixin JsonOption json = new JsonOption();
  @Mixin WeightsOption weights = new WeightsOption();
  @Mixin GivenOption given = new GivenOption();

  private Answers answers = new Answers(Form.TEXT);

  /** What was drawn, and its fields, until it is compared with a corpus. */
  private final List<String> drawn = new ArrayList<>();

  private final List<Map<String, Object>> held = new ArrayList<>();

  @Override
  public Integer call() {
    check();
    answers = new Answers(json.form());
    checkCorpus();
    LanguageModel opened = given.open(model, weights);
    Boolean chosen = stopAtEnd;
    boolean stops = chosen != null ? chosen : beam != null || opened.reading() == Reading.SENTENCES;
    var options =
        constraints.of(
            new Sampling(greedy ? 0 : temperature, topK, topP, unknown, length, stops, seed));
    Unread.note(opened, prompt, err());
    Integer width = beam;
    if (width != null) {
      opened.beam(prompt, options, width, lengthPower).stream().limit(count).forEach(this::print);
    }
    for (int number = 0; width == null && number < count; number++) {
      if (scores || answers.areAsked()) {
        print(opened.sample(prompt, options, number));
      } else {
        write(opened.generate(prompt, options, number));
      }
    }
    if (!corpus.isEmpty()) {
      compare(Novelty.of(opened.tokenizer()));
    }
    return 0;
  }

  /** Refuses a corpus that is not there before anything is drawn. */
  private void checkCorpus() {
    for (Path file : Lines.files(corpus)) {
      if (!Lines.isStandardInput(file)) {
        Lines.readWhile(file, line -> false);
      }
    }
  }

  /** Prints a text while it is drawn, and keeps nothing of it unless it is compared at the end. */
  private void write(Stream<String> pieces) {
    PrintWriter out = out();
    out.print(prompt);
    out.flush();
    var text = new StringBuilder();
    pieces.forEach(
        piece -> {
          out.print(piece);
          out.flush();
          text.append(corpus.isEmpty() ? "" : piece);
        });
    out.println();
    drawn.add(text.toString());
  }

  /** Says what of the drawn texts stands in the corpus. */
  private void compare(Novelty novelty) {
    var report = new NoveltyReport(novelty);
    var copied = novelty.compare(drawn, corpus);
    if (!answers.areAsked()) {
      report.print(err(), copied);
      return;
    }
    for (int i = 0; i < held.size(); i++) {
      held.get(i).put("novelty", report.fields(copied.get(i), json.form() == Form.CSV));
      answers.print(out(), held.get(i));
    }
  }

  /** Prints a text that is known as a whole. */
  private void print(LanguageModel.Sample sample) {
    if (answers.areAsked()) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("prompt", prompt);
      fields.put("continuation", sample.text());
      fields.put("tokens", sample.ids().size());
      fields.put("logProbability", sample.logProbability());
      if (corpus.isEmpty()) {
        answers.print(out(), fields);
      } else {
        held.add(fields);
        drawn.add(sample.text());
      }
      return;
    }
    drawn.add(sample.text());
    String score = scores ? String.format(Locale.ROOT, "%.4f\t", sample.logProbability()) : "";
    out().println(score + prompt + sample.text());
  }

  private void check() {
    if (count < 1) {
      throw new InputException("--count is " + count, "It must be at least 1.");
    }
    if (scores && json.form() != Form.TEXT) {
      throw new InputException(
          "--scores does nothing with --json and --output csv, which have them",
          "Leave one or the other out.");
    }
    if (beam != null && count > beam) {
      throw new InputException(
          "--count %d is more than --beam %d finds".formatted(count, beam), "Give a wider --beam.");
    }
    if (beam != null && (greedy || topK > 0 || topP < 1 || temperature != 1)) {
      throw new InputException(
          "--beam draws nothing, so --greedy, --temperature, --top-k and --top-p cannot be combined with it",
          "Leave one or the other out.");
    }
    if (beam != null && !constraints.stops.isEmpty()) {
      throw new InputException(
          "--beam ends a text with its sentence, --stop cannot be combined with it",
          "Leave one or the other out, or say by --pattern how a text ends.");
    }
    if (beam != null && Boolean.FALSE.equals(stopAtEnd)) {
      throw new InputException(
          "--beam ends a text with its sentence, --no-stop-at-end cannot be combined with it",
          "Leave one or the other out.");
    }
    if (greedy && count > 1) {
      throw new InputException(
          "--greedy always gives the same text, --count cannot be combined with it",
          "Leave one or the other out, or use --beam.");
    }
  }
}
