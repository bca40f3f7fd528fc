package dev.unroll.fuzz;

import java.nio.file.Path;

/**
 * A use from Java.
 *
 * @param name what it is
 * @param use what it does
 */
record JavaUse(String name, Use use) implements Use {

  @Override
  public String answer(Path file, Path scratch) throws Exception {
    return use.answer(file, scratch);
  }

  @Override
  public String toString() {
    return name;
  }
}
