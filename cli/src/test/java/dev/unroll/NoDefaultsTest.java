package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Executable;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing depends on the locale, the character set or the time zone of the JVM: whatever has a twin
 * that takes a locale or a character set is called with one. The command line need not name its
 * locale, since it sets that of its JVM.
 */
class NoDefaultsTest {

  /** What uses a default, or may, and has no twin: by the type of which it is a default. */
  private static final Map<String, Set<String>> DEFAULTS =
      Map.of(
          "Locale",
          Set.of(
              "java.lang.String.formatted",
              "java.util.Locale.getDefault",
              "java.util.Scanner.<init>",
              "com.ibm.icu.util.ULocale.getDefault"),
          "Charset",
          Set.of("java.nio.charset.Charset.defaultCharset"),
          "ZoneId",
          Set.of(
              "java.time.Clock.systemDefaultZone",
              "java.time.ZoneId.systemDefault",
              "java.util.Calendar.getInstance",
              "java.util.Date.<init>",
              "java.util.TimeZone.getDefault"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.unroll");

  @Test
  void theLibraryNamesItsLocales() {
    assertThat(calls(CLASSES, "Locale").filter(call -> !call.contains("<dev.unroll.cli.")))
        .isEmpty();
  }

  @Test
  void everythingNamesItsCharacterSets() {
    assertThat(calls(CLASSES, "Charset")).isEmpty();
  }

  @Test
  void everythingNamesItsTimeZones() {
    // the twin of atStartOfDay gives another type
    assertThat(calls(CLASSES, "ZoneId").filter(call -> !call.contains("LocalDate.atStartOfDay()")))
        .isEmpty();
  }

  @Test
  void whatIsForbiddenIsSeen() {
    var examples = new ClassFileImporter().importClasses(Examples.class);
    assertThat(calls(examples, "Locale")).hasSize(11);
    assertThat(calls(examples, "Charset")).hasSize(5);
    assertThat(calls(examples, "ZoneId")).hasSize(3);
  }

  /** Returns what is called without an argument of a type, where it could have one. */
  private static Stream<String> calls(JavaClasses classes, String type) {
    return classes.stream()
        .flatMap(each -> each.getCodeUnitAccessesFromSelf().stream())
        .filter(access -> usesDefault(access.getTarget(), type))
        .map(JavaAccess::getDescription);
  }

  private static boolean usesDefault(CodeUnitAccessTarget target, String type) {
    String owner = target.getOwner().getName();
    boolean isUtf8 = owner.equals(Files.class.getName()); // by its contract
    if (isUtf8 || !owner.matches("(java|com\\.ibm\\.icu)\\..*")) {
      return false;
    }
    List<String> given = target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    return DEFAULTS.get(type).contains(owner + "." + target.getName())
        || (given.stream().noneMatch(each -> each.endsWith(type))
            && twins(target).anyMatch(twin -> adds(twin, given, type)));
  }

  private static Stream<Executable> twins(CodeUnitAccessTarget target) {
    Class<?> owner = target.getOwner().reflect();
    return target.getName().equals("<init>")
        ? Arrays.stream(owner.getConstructors())
        : Arrays.<Executable>stream(owner.getMethods())
            .filter(each -> each.getName().equals(target.getName()));
  }

  /** Returns whether a method takes what is given and, anywhere, a type besides. */
  private static boolean adds(Executable twin, List<String> given, String type) {
    var taken =
        new ArrayList<>(Arrays.stream(twin.getParameterTypes()).map(Class::getName).toList());
    return taken.removeIf(each -> each.endsWith("." + type) || each.endsWith(".U" + type))
        && taken.equals(given);
  }

  /** Calls that are forbidden, and some that are not. */
  @SuppressWarnings("unused")
  private static final class Examples {
    static Object locales(PrintStream out, double number) {
      out.printf("%f", number);
      out.format("%f", number);
      UnaryOperator<String> lower = String::toLowerCase;
      return List.of(
          String.format("%f", number),
          "%f".formatted(number),
          "I".toUpperCase(),
          new Formatter(),
          NumberFormat.getInstance(),
          DateTimeFormatter.ofPattern("MMM"),
          Locale.getDefault(),
          lower);
    }

    static Object characterSets(InputStream in, byte[] bytes) {
      return List.of(
          new String(bytes),
          "ä".getBytes(),
          new InputStreamReader(in),
          new Scanner(in),
          Charset.defaultCharset());
    }

    static Object timeZones() {
      return List.of(LocalDate.now(), ZoneId.systemDefault(), TimeZone.getDefault());
    }

    static Object allowed(PrintStream out, double number, byte[] bytes) throws Exception {
      out.printf(Locale.ROOT, "%f", number);
      return List.of(
          String.format(Locale.ROOT, "%f", number),
          "I".toUpperCase(Locale.ROOT),
          DateTimeFormatter.ofPattern("MMM", Locale.ROOT),
          ZoneId.of("UTC"),
          new String(bytes, "UTF-8"));
    }
  }
}
