package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.store.StateFile;
import java.util.List;

/**
 * Where the checkpoints of one run are: a folder, on this machine or elsewhere. Whatever stops a
 * program, each checkpoint that is listed was written to its end.
 */
public interface CheckpointStore extends AutoCloseable {

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
