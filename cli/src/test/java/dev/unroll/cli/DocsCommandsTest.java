package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * The commands in the documentation: those in blocks of {@code sh} run, as they stand there, in a
 * folder that has {@code examples}; all others are at least understood.
 */
class DocsCommandsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(.*?)\\n(.*?)^```");
  private static final Pattern INLINE = Pattern.compile("`([^`\n]+)`");

  /** Options of the JVM, of Maven and of other tools. */
  private static final Set<String> OTHERS =
      Set.of(
          "--add-exports",
          "--add-modules",
          "--jars",
          "--master",
          "--py-files",
          "--total-executor-cores",
          "--sun-misc-unsafe-memory-access",
          "--update",
          "--option",
          "--only",
          "--lr",
          "--batch-size",
          "--hidden-size");

  @TempDir Path folder;

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(page -> page.toString().endsWith(".md"))
          .filter(page -> !page.startsWith(ROOT.resolve("docs/reference")))
          .sorted()
          .toList();
    }
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines of blocks, each with those that continue it. */
  private static Stream<String> lines(Path page, String language) {
    return BLOCK
        .matcher(text(page))
        .results()
        .filter(block -> block.group(1).equals(language))
        .flatMap(block -> block.group(2).replaceAll("\\\\\n\\s*", "").lines());
  }

  @Test
  void blocksOfShellRun() throws IOException, InterruptedException {
    var commands = new ArrayList<String>();
    for (Path page : pages()) {
      lines(page, "sh").forEach(commands::add);
    }
    assertThat(commands).hasSizeGreaterThan(25);
    copyExamples();
    Path file = Files.write(folder.resolve("commands"), commands);
    var java = new ArrayList<>(Session.java());
    java.set(java.size() - 1, DocsShell.class.getName());
    java.add(file.toString());
    Path log = folder.resolve("log");
    var process =
        new ProcessBuilder(java)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status = process.waitFor();
    assertThat(status).as(Files.readString(log)).isZero();
  }

  private void copyExamples() throws IOException {
    for (String name : List.of("data", "kotlin", "library")) {
      Path from = ROOT.resolve("examples").resolve(name);
      Path to = Files.createDirectories(folder.resolve("examples").resolve(name));
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }

  @Test
  void everyCommandIsUnderstood() throws IOException {
    var wrong = new TreeSet<String>();
    for (Path page : pages()) {
      String text = BLOCK.matcher(text(page)).replaceAll("");
      Stream<String> inline = INLINE.matcher(text).results().map(code -> code.group(1));
      Stream.concat(inline, Stream.of("", "sh").flatMap(language -> lines(page, language)))
          .filter(line -> line.matches("(.*\\| )?(\\./)?unroll .*"))
          .filter(line -> !line.contains("TASK") && !line.contains("$"))
          .forEach(
              line -> {
                String problem = problem(line);
                if (!problem.isEmpty()) {
                  wrong.add(page + ": " + line + ": " + problem);
                }
              });
    }
    assertThat(wrong).isEmpty();
  }

  private static String problem(String line) {
    String command = line.replaceAll("unroll spark\\b", "unroll"); // which has the same options
    List<String> all = DocsShell.words(command.replaceAll("[\\[\\]…]", ""));
    List<String> words =
        all.subList(all.indexOf("|") + 2, all.size()).stream()
            .map(word -> word.matches("[A-Z]") ? "1" : word)
            .toList();
    String[] args = words.toArray(String[]::new);
    try {
      program(args).parseArgs(args);
    } catch (MissingParameterException e) {
      return ""; // only named, not called
    } catch (ParameterException e) {
      return e.getMessage();
    }
    return "";
  }

  private static CommandLine program(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return Main.commandLine(nowhere, nowhere, args);
  }

  @Test
  void everyOptionExists() throws IOException {
    var known = new TreeSet<>(OTHERS);
    addOptions(program(), known);
    var wrong = new TreeSet<String>();
    for (Path page : pages()) {
      INLINE
          .matcher(BLOCK.matcher(text(page)).replaceAll(""))
          .results()
          .map(code -> code.group(1).split("[ =]", 2)[0])
          .filter(name -> name.startsWith("--") && !known.contains(name))
          .forEach(name -> wrong.add(page + ": " + name));
    }
    assertThat(wrong).isEmpty();
  }

  private static void addOptions(CommandLine command, Set<String> names) {
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    command.getCommandSpec().negatedOptionsMap().keySet().forEach(names::add);
    command.getSubcommands().values().forEach(each -> addOptions(each, names));
  }
}
