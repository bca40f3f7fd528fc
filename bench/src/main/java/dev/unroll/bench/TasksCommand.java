package dev.unroll.bench;

import dev.unroll.bench.contender.Form;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import dev.unroll.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll-bench tasks}: whole networks of tasks on ragged sentences, beside PyTorch. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains and runs networks of tasks on sentences of 1 to 60 words, here and in PyTorch, and"
            + " prints a table of times and ratios.",
    footer = {
      "",
      "A run is a pass over 480 sentences in batches of 32 of similar lengths. Both engines first compute",
      "the same losses, gradients and answers (within 1e-4), then take turns. PyTorch runs one TorchScript",
      "function per batch, whose inputs are sorted and prepared before. Packed sequences are those of",
      "pack_padded_sequence; padded ones are read by oneDNN, which knows of no lengths: each direction by",
      "itself, the words of each sentence in reverse. A CRF is computed for a batch at once.",
      "Example:  unroll-bench tasks --only tagger --threads 2",
    })
final class TasksCommand implements Callable<Integer> {

  private static final List<Engine> ENGINES = List.of(Engine.UNROLL, Engine.PYTORCH);

  @Option(
      names = "--work",
      split = ",",
      paramLabel = "NAME",
      description = "TRAIN and FORWARD. Default: both.")
  List<Work> works = List.of(Work.TRAIN, Work.FORWARD);

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only networks whose title contains this text, such as tagger.")
  String only = "";

  @Option(
      names = "--units",
      split = ",",
      paramLabel = "H",
      description = "Units of each layer and direction. Default: 128.")
  List<Integer> widths = List.of(128);

  @Mixin TimingOptions timing = new TimingOptions(5, 700, 3500);

  @Option(
      names = "--native-warm-up",
      paramLabel = "MS",
      description = "Milliseconds before PyTorch is timed. Default: ${DEFAULT-VALUE}.")
  long nativeWarmUp = 1500;

  @Override
  public Integer call() throws InterruptedException {
    Path home = Path.of(System.getProperty("unroll.home", "."));
    System.out.printf(
        "%s, Java %s, %s%n%n", Processor.name(), Runtime.version(), Kernels.description());
    System.out.println(
        "| network | threads | Unroll, median | words/s | of peak | PyTorch | takes |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    var ratios = new EnumMap<Form, List<Double>>(Form.class);
    for (int count : timing.threads) {
      double peak = Peak.gigaflops(count);
      Comparison.Plan plan = timing.plan().withNativeWarmUp(nativeWarmUp);
      try (var comparison = new Comparison(ENGINES, count, plan, home)) {
        for (TaskCase work : cases()) {
          List<Result> results = comparison.measure(work, text -> {});
          System.out.println(row(work, results, peak));
          double ratio = results.get(1).ratioTo(results.get(0)).median();
          ratios.computeIfAbsent(work.form(), each -> new ArrayList<>()).add(ratio);
        }
      }
    }
    System.out.println();
    ratios.forEach(
        (form, all) -> {
          double mean = all.stream().mapToDouble(Math::log).average().orElse(Double.NaN);
          System.out.printf(
              "Geometric mean, %s: %.2f times as fast as PyTorch%n", words(form), Math.exp(mean));
        });
    return 0;
  }

  private List<TaskCase> cases() {
    var cases = new ArrayList<TaskCase>();
    for (int units : widths) {
      for (Task task : Task.values()) {
        for (Work work : works) {
          for (Form form : forms(task)) {
            var each = new TaskCase(work, task, units, form);
            if (work != Work.STREAM && each.title().contains(only)) {
              cases.add(each);
            }
          }
        }
      }
    }
    return cases;
  }

  /** An encoder-decoder needs the states after sentences, which only packed rows give. */
  private static List<Form> forms(Task task) {
    return task == Task.TRANSDUCE ? List.of(Form.PACKED) : List.of(Form.values());
  }

  private static String words(Form form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  private static String row(TaskCase work, List<Result> results, double peak) {
    Result ours = results.get(0);
    Result.Ratio ratio = results.get(1).ratioTo(ours);
    return String.format(
        Locale.ROOT,
        "| %s, %s | %d | %s | %,.0f | %.0f%% | %s | %.2f× (%.2f to %.2f) |",
        work.work().name().toLowerCase(Locale.ROOT),
        work.title(),
        ours.threads(),
        Report.time(ours.median()),
        work.words() * 1e9 / ours.median(),
        100 * ours.gigaflops() / peak,
        words(work.form()),
        ratio.median(),
        ratio.least(),
        ratio.most());
  }
}
