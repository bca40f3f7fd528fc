package dev.unroll.cli.option;

import dev.unroll.task.Run;

/** A command that trains, and can train a model again. */
public interface Repeatable {

  /** Returns the run that trains a model again, with the files given. */
  Run<?> again();
}
