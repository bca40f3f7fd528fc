package dev.unroll.fuzz;

import java.nio.file.Path;

/** What is done with a file; the answer is kept, so that two can be compared. */
@FunctionalInterface
interface Use {

  /**
   * Uses a file.
   *
   * @param scratch a folder of the try's own
   * @return what it said
   * @throws Exception InputException where the file is refused, anything else is a fault
   */
  String answer(Path file, Path scratch) throws Exception;
}
