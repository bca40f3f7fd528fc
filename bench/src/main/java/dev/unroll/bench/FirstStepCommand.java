package dev.unroll.bench;

import dev.unroll.bench.FirstStepMain.Part;
import dev.unroll.kernel.Kernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench first-step}: what the first training step of a process costs. */
@Command(
    name = "first-step",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains a language model of characters in fresh processes, with the options of this one, and"
            + " prints the CPU time of the process (start of the JVM, compilers and all threads"
            + " included) at its first step and at later ones.")
final class FirstStepCommand implements Callable<Integer> {

  @Option(names = "--units", paramLabel = "H", description = "Default: ${DEFAULT-VALUE}.")
  int units = 128;

  @Option(names = "--threads", split = ",", paramLabel = "N", description = "Default: 1,2.")
  List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "Processes, one after another. Default: ${DEFAULT-VALUE}.")
  int processes = 7;

  @Override
  public Integer call() throws IOException {
    System.out.printf(
        "%s, Java %s, %s%n%n", Processor.name(), Runtime.version(), Kernels.description());
    System.out.println(
        "CPU-seconds: the median of %d processes, the least and the most".formatted(processes));
    System.out.println();
    System.out.print("| LSTM, V 66, T 50, B 32 | threads |");
    for (Part part : Part.values()) {
      System.out.print(" " + part.title() + " |");
    }
    System.out.println("%n| --- | --- |".formatted() + " --- |".repeat(Part.values().length));
    for (int count : threads) {
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        all.add(measured(count));
      }
      System.out.printf("| H %d | %d |", units, count);
      for (int part = 0; part < Part.values().length; part++) {
        int place = part;
        double[] sorted = all.stream().mapToDouble(each -> each[place]).sorted().toArray();
        System.out.printf(
            Locale.ROOT,
            " %.2f (%.2f to %.2f) |",
            sorted[sorted.length / 2],
            sorted[0],
            sorted[sorted.length - 1]);
      }
      System.out.println();
    }
    return 0;
  }

  /** Returns the CPU-seconds of the parts in one process. */
  private double[] measured(int count) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(FirstStepMain.class.getName(), Integer.toString(units), Integer.toString(count)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var answers = process.inputReader(StandardCharsets.UTF_8)) {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("a process says nothing: " + command);
      }
      String[] numbers = line.split(" ", -1);
      double[] seconds = new double[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        seconds[i] = Double.parseDouble(numbers[i]);
      }
      return seconds;
    }
  }
}
