package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of all modules, and the order in which they may import one another. */
class HouseTest {

  private static final String ROOT = "dev.unroll";

  /** A package imports only what stands before it; a star is one package per task. */
  private static final List<String> ORDER =
      List.of(
          "base",
          "primitive",
          "kernel",
          "file",
          "data",
          "store",
          "cell",
          "cells",
          "layer",
          "head",
          "batch",
          "ngram",
          "network",
          "stack",
          "train.optimizer",
          "train",
          "learn",
          "result",
          "measure",
          "task",
          "task.*",
          "model",
          "tasks",
          "text",
          "text.pattern",
          "text.inspect",
          "text.table",
          "text.ngram",
          "text.baseline",
          "",
          "interop.tensor",
          "interop.onnx.graph",
          "interop.onnx.op",
          "interop.onnx.recurrent",
          "interop.onnx.run",
          "interop.onnx",
          "interop.weights",
          "interop.torch",
          "interop.keras",
          "interop.chain",
          "interop.export",
          "interop",
          "server.json",
          "server.http",
          "server.model",
          "server.task",
          "server.openai",
          "server.session",
          "server",
          "cli.chart",
          "cli.report",
          "cli.option",
          "cli.command",
          "cli.*",
          "cli");

  /** Packages of modules without a face of their own that programs use. */
  private static final Set<String> FACES =
      Set.of(
          "package " + ROOT + ".interop;",
          "package " + ROOT + ".interop.onnx;",
          "package " + ROOT + ".server;");

  private static final int MOST_LINES = 500;
  private static final int MOST_LINES_OF_95_PERCENT = 350;
  private static final int MOST_FILES = 40;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }

  private static boolean isOurs(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) || name.startsWith(ROOT + ".");
  }

  /** Each import between two rooms, as room, room and the two classes. */
  private static Stream<String[]> imports() {
    return CLASSES.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(each -> new JavaClass[] {each.getOriginClass(), each.getTargetClass()})
        .filter(each -> isOurs(each[1]) && !room(each[0]).equals(room(each[1])))
        .map(
            each ->
                new String[] {
                  room(each[0]), room(each[1]), each[0].getName() + " → " + each[1].getName()
                });
  }

  private static int place(String room) {
    int listed = ORDER.indexOf(room);
    return listed >= 0 ? listed : ORDER.indexOf(room.replaceFirst("\\.[a-z]+$", ".*"));
  }

  private static boolean isOfOneTask(String room) {
    return !ORDER.contains(room) && place(room) >= 0;
  }

  @Test
  void everyRoomIsListed() {
    var rooms = new TreeSet<String>();
    CLASSES.forEach(type -> rooms.add(room(type)));
    assertThat(rooms).allSatisfy(room -> assertThat(place(room)).isNotNegative());
    assertThat(rooms.stream().filter(HouseTest::isOfOneTask)).contains("task.lm", "cli.lm");
  }

  @Test
  void importsRunDownTheList() {
    assertThat(imports().filter(each -> place(each[1]) > place(each[0])))
        .extracting(each -> each[2])
        .isEmpty();
  }

  /** Recognition may be led by a language model. */
  @Test
  void tasksDoNotImportOneAnother() {
    assertThat(
            imports()
                .filter(each -> isOfOneTask(each[0]) && place(each[0]) == place(each[1]))
                .filter(each -> !(each[0].equals("task.recognize") && each[1].equals("task.lm"))))
        .extracting(each -> each[2])
        .isEmpty();
  }

  @Test
  void noCircleOfPackages() {
    SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noCircleOfClasses() {
    SlicesRuleDefinition.slices()
        .assignedFrom(new TopLevelClasses())
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  /** A class and what is nested in it are one. */
  private static final class TopLevelClasses implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getName();
      int nested = name.indexOf('$');
      return SliceIdentifier.of(nested < 0 ? name : name.substring(0, nested));
    }

    @Override
    public String getDescription() {
      return "top-level classes";
    }
  }

  @Test
  void filesAndPackagesAreSmall() throws IOException {
    var sizes = new TreeMap<Path, Integer>();
    var filesOf = new TreeMap<Path, Integer>();
    sources(everyModule(), List.of("main", "test"))
        .forEach(
            (file, text) -> {
              sizes.put(file, (int) text.lines().count());
              filesOf.merge(file.getParent(), 1, Integer::sum);
            });
    assertThat(sizes).allSatisfy((file, lines) -> assertThat(lines).isLessThan(MOST_LINES));
    var sorted = sizes.values().stream().sorted().toList();
    assertThat(sorted.get(sorted.size() * 95 / 100)).isLessThan(MOST_LINES_OF_95_PERCENT);
    assertThat(filesOf)
        .allSatisfy((folder, files) -> assertThat(files).isLessThanOrEqualTo(MOST_FILES));
  }

  /** But for cells, each of which a user may name, and what a service loader finds. */
  @Test
  void whatIsPublicIsUsedInAnotherPackage() {
    var all =
        sources(
            List.of("core", "text", "api", "interop", "server", "cli", "bench", "bench/contender"),
            List.of("main"));
    var users = new TreeMap<>(all);
    users.putAll(
        sources(List.of("core", "text", "api", "interop", "server", "cli"), List.of("test")));
    users.putAll(sources(List.of("spark"), List.of("main")));
    var unused = new ArrayList<String>();
    all.forEach(
        (file, text) -> {
          String name = file.getFileName().toString().replace(".java", "");
          boolean isPublic =
              Pattern.compile("(?m)^public [a-z -]*(class|record|interface|enum) " + name + "\\b")
                  .matcher(text)
                  .find();
          boolean exempt =
              file.startsWith("../bench")
                  || file.startsWith("../api")
                  || FACES.contains(packageOf(text))
                  || name.equals("Main")
                  || text.contains(" implements Cell {")
                  || text.contains("TokenizerFormat")
                  || text.contains(" implements SeriesFormat {");
          var mention = Pattern.compile("\\b" + name + "\\b");
          if (isPublic
              && !exempt
              && users.entrySet().stream()
                  .filter(each -> !packageOf(each.getValue()).equals(packageOf(text)))
                  .noneMatch(each -> mention.matcher(each.getValue()).find())) {
            unused.add(file.toString());
          }
        });
    assertThat(unused).isEmpty();
  }

  private static String packageOf(String text) {
    return text.lines().filter(line -> line.startsWith("package ")).findFirst().orElse("");
  }

  /** Every folder that Maven builds. */
  private static List<String> everyModule() throws IOException {
    Path root = Path.of("..");
    try (Stream<Path> files = Files.walk(root, 3)) {
      return files
          .filter(file -> file.endsWith("pom.xml"))
          .map(file -> root.relativize(file.getParent()).toString())
          .sorted()
          .toList();
    }
  }

  private static Map<Path, String> sources(List<String> modules, List<String> kinds) {
    var texts = new TreeMap<Path, String>();
    for (String module : modules) {
      for (String kind : kinds) {
        Path folder = Path.of("..").resolve(module).resolve("src").resolve(kind).resolve("java");
        if (!Files.isDirectory(folder)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
            texts.put(file, Files.readString(file));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return texts;
  }
}
