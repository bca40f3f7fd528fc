package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The library names options by keys; only the command line knows how they are written. */
class MessagesTest {

  private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\\n])*)\"");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
  private static final Pattern KEY = Pattern.compile("\\{([a-z][a-z-]*)(?: [^{}]*)?}");

  /** An option of Java itself, which the message on missing vector kernels names. */
  private static final String OF_JAVA = "--add-modules";

  @Test
  void noTextOfTheLibraryNamesAnOption() {
    assertThat(literals().filter(text -> !options(text).isEmpty())).isEmpty();
  }

  @Test
  void noTextOfTheLibraryNamesACommand() {
    String names = String.join("|", all().getSubcommands().keySet());
    Pattern command = Pattern.compile("\\bunroll (" + names + ")\\b");
    assertThat(literals().filter(text -> command.matcher(text).find())).isEmpty();
  }

  @Test
  void everyKeyOfTheLibraryIsAnOptionOfTheCommandLine() {
    Set<String> known = options(all());
    assertThat(keys()).contains("context").allSatisfy(key -> assertThat("--" + key).isIn(known));
  }

  private static Set<String> keys() {
    return literals()
        .flatMap(text -> KEY.matcher(text).results())
        .map(key -> key.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void everyKeyHasANameInJavaToo() {
    Set<String> members = publicNames();
    for (String key : keys()) {
      String message = new InputException("wrong", "{" + key + "}").getMessage();
      String name = message.substring("wrong\n  ".length());
      assertThat(name).as(key).isIn(members);
      assertThat(new InputException("", "{" + key + " x}").getMessage()).doesNotContain("{", "<");
    }
  }

  /** Returns the public methods and constants, each by its name and by that of its type too. */
  private static Set<String> publicNames() {
    var names = new HashSet<String>();
    for (JavaClass each : new ClassFileImporter().importPackages("dev.unroll")) {
      each.getMembers().stream()
          .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
          .forEach(
              member -> {
                names.add(member.getName());
                names.add(written(each) + "." + member.getName());
              });
    }
    return names;
  }

  /** Returns the name of a type as programs write it: after that of the type that holds it. */
  private static String written(JavaClass type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  @Test
  void noTextOfTheCommandLineSpeaksJava() {
    Pattern java = Pattern.compile("\\bwith[A-Z]|\\b[a-z]\\w*\\(\\)|\\b[A-Z]\\w+\\.[a-z]\\w*\\(");
    assertThat(literals("cli").filter(text -> java.matcher(text).find()))
        .allMatch(text -> text.contains("in Python: "));
  }

  @Test
  void theCommandLineWordsKeysAsOptions(@TempDir Path folder) throws IOException {
    Path text = Files.write(folder.resolve("text.txt"), Session.sentences(20));
    var refused =
        Session.run("lm", "train", text.toString(), "--cell=gru", "--projection=4", "--find-rate");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("Only an LSTM has one: take --cell lstm");
  }

  private static CommandLine all() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return Main.commandLine(nowhere, nowhere);
  }

  private static Set<String> options(CommandLine command) {
    var names = new HashSet<String>();
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    command.getSubcommands().values().forEach(each -> names.addAll(options(each)));
    return names;
  }

  private static List<String> options(String text) {
    return OPTION
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(name -> !name.equals(OF_JAVA))
        .toList();
  }

  private static Stream<String> literals() {
    return Stream.of("core", "text", "api").flatMap(MessagesTest::literals);
  }

  private static Stream<String> literals(String module) {
    try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream()
          .flatMap(file -> LITERAL.matcher(text(file)).results())
          .map(literal -> literal.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replaceAll("(?m)^\\s*(//|/?\\*).*$", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
