package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.store.StateFile;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the checkpoints of one run are: a folder, on this machine or elsewhere. Whatever stops a
 * program, each checkpoint that is listed was written to its end.
 */
public interface CheckpointStore extends AutoCloseable {

  /** The names of the files of checkpoints; the group is the number of the step. */
  Pattern FILE_NAME = Pattern.compile("step-(\\d{10})\\.safetensors");

  /** Returns the name of the file of a checkpoint. */
  static String fileName(long step) {
    return String.format(Locale.ROOT, "step-%010d.safetensors", step);
  }

  /** Returns the steps of which there are checkpoints among some files, the latest first. */
  static List<Long> steps(Stream<String> fileNames) {
    return fileNames
        .map(FILE_NAME::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Long.parseLong(matcher.group(1)))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Returns what messages call it. */
  String name();

  /** Returns what messages call the checkpoint of a step. */
  String name(long step);

  /** Returns the numbers of the steps after which the run was kept, the latest first. */
  List<Long> steps();

  /**
   * Reads a checkpoint.
   *
   * @throws InputException if it cannot be read, or is not whole
   */
  StateFile read(long step);

  /**
   * Writes a checkpoint; others are untouched.
   *
   * @throws InputException if it cannot be written
   */
  void write(long step, StateFile state);

  /**
   * Deletes a checkpoint, if it is there.
   *
   * @throws InputException if it cannot be deleted
   */
  void delete(long step);

  /** Lets other runs in, and deletes the folder where nothing is left in it. */
  @Override
  void close();
}
