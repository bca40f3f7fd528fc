package dev.unroll.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A campaign as a program: {@code TRIES [SEED [KIND…]]}. Prints a line for each kind; ends with
 * status 1 if anything was found, whose files are then in {@code fuzz/target/findings}. {@code try
 * SEED:NUMBER KIND} repeats one try and prints what comes of it.
 */
final class FuzzMain {

  private static final int KEPT_PER_CAUSE = 2;

  private FuzzMain() {}

  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (args[0].equals("try")) {
      String[] number = args[1].split(":");
      repeat(Kinds.of(args[2]), Long.parseLong(number[0]), Long.parseLong(number[1]));
      return;
    }
    int tries = Integer.parseInt(args[0]);
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    var kinds =
        args.length > 2
            ? List.of(args).subList(2, args.length).stream().map(Kinds::of).toList()
            : Kinds.ALL;
    var table = new Table();
    for (Kind kind : kinds) {
      table.add(kind, campaign(kind, tries, seed));
    }
    System.exit(table.end());
  }

  /** Runs the first tries of a kind with a seed. */
  static Campaign.Result campaign(Kind kind, int tries, long seed) {
    int threads = Runtime.getRuntime().availableProcessors();
    return Campaign.run(number -> Trial.of(kind, seed, number), tries, threads);
  }

  private static void repeat(Kind kind, long seed, long number) {
    Trial trial = Trial.of(kind, seed, number);
    System.out.println(trial);
    Campaign.Result result = Campaign.run(each -> trial, 1, 1);
    result.findings().forEach(each -> System.out.println(each.describe()));
    System.out.println(result.answered() + " answered, " + result.refused() + " refused");
  }

  /** What is printed. */
  private static final class Table {
    private int tries;
    private int answered;
    private int findings;
    private int kinds;
    private final long began = System.nanoTime();

    Table() {
      System.out.printf(
          "%-12s %9s %9s %9s %9s %9s%n",
          "kind", "tries", "answered", "refused", "findings", "causes");
    }

    void add(Kind kind, Campaign.Result result) throws IOException {
      var causes = new LinkedHashMap<String, List<Finding>>();
      for (Finding finding : result.findings()) {
        causes.computeIfAbsent(finding.cause(), cause -> new ArrayList<>()).add(finding);
      }
      line(
          kind.name(),
          result.tries(),
          result.answered(),
          result.refused(),
          result.findings().size(),
          causes.size());
      print(causes);
      kinds++;
      tries += result.tries();
      answered += result.answered();
      findings += result.findings().size();
    }

    private static void line(Object... cells) {
      System.out.printf("%-12s %,9d %,9d %,9d %,9d %9d%n", cells);
    }

    int end() {
      System.out.printf(
          "| mutated files | %,d | %,d | %d kinds, checksums repaired; %,d answered, %,d refused, each within 5 s and a heap of %,d MB; %d s |%n",
          tries,
          findings,
          kinds,
          answered,
          tries - answered - findings,
          Runtime.getRuntime().maxMemory() >> 20,
          (System.nanoTime() - began) / 1_000_000_000);
      return findings == 0 ? 0 : 1;
    }
  }

  /** Prints each cause, and keeps some files of each. */
  private static void print(Map<String, List<Finding>> causes) throws IOException {
    for (var cause : causes.entrySet()) {
      List<Finding> all = cause.getValue();
      System.out.printf(
          "  %,d × %s%n      %s%n", all.size(), cause.getKey(), all.getFirst().trial());
      for (Finding finding : all.subList(0, Math.min(KEPT_PER_CAUSE, all.size()))) {
        keep(finding);
      }
    }
  }

  private static void keep(Finding finding) throws IOException {
    Trial trial = finding.trial();
    Path folder = Places.FINDINGS.resolve(trial.kind().name());
    Files.createDirectories(folder);
    String name =
        (finding.cause() + " " + trial.number())
            .replaceAll("[^A-Za-z0-9]+", "-")
            .replaceAll("-$", "");
    Files.write(folder.resolve(name + trial.seed().extension()), finding.bytes());
    Files.writeString(folder.resolve(name + ".log"), finding.describe());
  }
}
