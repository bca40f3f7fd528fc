package dev.unroll.spark.train;

import dev.unroll.cli.Main;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.apache.spark.SparkFiles;
import picocli.CommandLine;

/**
 * A command that trains, as executors prepare its run: with their own copies of its files.
 *
 * @param archive name of the archive of all files that it reads
 * @param words the arguments; in those that name files {@link #FILES} stands for the folder
 */
record CommandRecipe(String archive, ArrayList<String> words) implements Recipe<ModelFields> {

  private static final long serialVersionUID = 1L;

  /**
   * Stands for the folder of the archive and, as no character of a file's name, for nothing else.
   */
  static final char FILES = '\0';

  /** The folder of what an executor writes for itself, such as a corpus as ids. */
  static final String OWN = "own";

  /** The types of the fields are those of the command's task; executors need none of them. */
  @SuppressWarnings("unchecked")
  @Override
  public Run<ModelFields> prepare(RunOutput output) {
    Path folder = Path.of(SparkFiles.get(archive));
    try {
      Files.createDirectories(folder.resolve(OWN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String[] here =
        words.stream()
            .map(word -> word.replace(String.valueOf(FILES), folder + "/"))
            .toArray(String[]::new);
    var silent = new PrintWriter(Writer.nullWriter());
    CommandLine line = Main.commandLine(silent, silent, here);
    line.parseArgs(here);
    return (Run<ModelFields>) train(line).again();
  }

  /** Returns the command {@code train} of a line such as {@code lm train}. */
  static TrainCommand<?, ?, ?, ?> train(CommandLine line) {
    return line.getSubcommands().values().stream()
        .flatMap(task -> task.getSubcommands().values().stream())
        .map(CommandLine::<Object>getCommand)
        .filter(TrainCommand.class::isInstance)
        .findFirst()
        .<TrainCommand<?, ?, ?, ?>>map(TrainCommand.class::cast)
        .orElseThrow(() -> new IllegalStateException("no train in " + line.getCommandName()));
  }
}
