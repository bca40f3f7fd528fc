package dev.unroll.fuzz;

import dev.unroll.base.InputException;
import dev.unroll.fuzz.Mutator.Mutant;
import dev.unroll.train.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * One file, used once: one of the seeds as it is or changed, or a mutant that was kept.
 *
 * @param kind its kind
 * @param seed the seed that is used, or of which the mutant is made
 * @param mutant the file that is used
 * @param use what is done with it
 * @param number what repeats it: the seed of the campaign and the number of the try; empty for a
 *     file that is kept
 */
record Trial(Kind kind, Seed seed, Mutant mutant, Use use, String number) {

  /** What came of it. */
  enum Outcome {
    ANSWERED,
    REFUSED
  }

  /** Returns the try of a number. */
  static Trial of(Kind kind, long seed, long number) {
    Dice dice = Dice.of(seed, kind.name(), number);
    Seed own = dice.pick(kind.seeds());
    Mutant mutant = kind.mutator().mutate(own.bytes(), dice.pick(kind.seeds()).bytes(), dice);
    return new Trial(kind, own, mutant, dice.pick(kind.uses()), seed + ":" + number);
  }

  /**
   * Uses the file, in an empty folder.
   *
   * @throws Throwable what must not be
   */
  Outcome run(Path folder) throws Throwable {
    empty(folder);
    Path file = folder.resolve("file" + seed.extension());
    Files.write(file, mutant.bytes());
    try {
      if (kind.first() != null) {
        kind.first().answer(file, folder);
      }
      String answer = use.answer(file, folder);
      if (mutant.damaged() && !answer.equals(answerToSeed(folder))) {
        throw new WrongAnswerException("damage that was not noticed");
      }
      return Outcome.ANSWERED;
    } catch (InputException | TrainingException e) {
      return Outcome.REFUSED;
    }
  }

  private String answerToSeed(Path folder) throws Exception {
    String key = seed.name() + " " + use;
    String known = kind.answers().get(key);
    if (known == null) {
      empty(folder);
      Path file = folder.resolve("file" + seed.extension());
      Files.write(file, seed.bytes());
      known = use.answer(file, folder);
      kind.answers().put(key, known);
    }
    return known;
  }

  /** Deletes what an earlier try left. */
  private static void empty(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            if (!visited.equals(folder)) {
              Files.delete(visited);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static Path newFolder() {
    try {
      return Files.createTempDirectory("fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "kind %s, try %s, made of %s, used by: %s".formatted(kind, number, seed.name(), use);
  }
}
