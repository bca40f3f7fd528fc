package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each module shows, to whom, and which services it has. */
class ModulesTest {

  private static final List<String> FACE_OF_CORE =
      List.of(
          "cell",
          "data",
          "file",
          "head",
          "kernel",
          "layer",
          "measure",
          "network",
          "task",
          "task.forecast",
          "task.label",
          "task.lm",
          "task.recognize",
          "task.regress",
          "task.transduce",
          "train",
          "train.optimizer");

  private static final String SERVICES = "META-INF/services/";

  private static final ModuleFinder FINDER = ModuleFinder.of(Jars.unroll().toArray(Path[]::new));

  private static ModuleDescriptor module(String name) {
    return FINDER.find("dev.unroll." + name).orElseThrow().descriptor();
  }

  private static Set<String> face(String name) {
    return module(name).exports().stream()
        .filter(each -> !each.isQualified())
        .map(each -> each.source().replaceFirst("^dev\\.unroll\\.", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyoneSeesTheFace() {
    assertThat(face("core")).containsExactlyElementsOf(FACE_OF_CORE);
    assertThat(face("text")).containsExactly("text", "text.pattern", "text.table");
    assertThat(face("api")).containsExactly("dev.unroll");
  }

  @Test
  void theRestIsSeenByUnrollOnly() {
    assertThat(Stream.of("core", "text", "api").map(ModulesTest::module))
        .flatExtracting(ModuleDescriptor::exports)
        .filteredOn(ModuleDescriptor.Exports::isQualified)
        .hasSize(4)
        .flatExtracting(ModuleDescriptor.Exports::targets)
        .allMatch(target -> target.startsWith("dev.unroll."));
  }

  @Test
  void moduleAndClassPathHaveTheSameServices() {
    var onClassPath = new TreeMap<String, Set<String>>();
    for (Path jar : Jars.unroll()) {
      Jars.contents(jar)
          .forEach(
              (name, bytes) -> {
                if (name.startsWith(SERVICES)) {
                  var lines = new String(bytes, StandardCharsets.UTF_8).lines();
                  onClassPath.put(
                      name.substring(SERVICES.length()), lines.collect(Collectors.toSet()));
                }
              });
    }
    assertThat(onClassPath).isNotEmpty();
    assertThat(module("core").uses()).isEqualTo(onClassPath.keySet());
    assertThat(module("text").provides())
        .allSatisfy(
            each ->
                assertThat(onClassPath.get(each.service())).isEqualTo(Set.copyOf(each.providers())))
        .hasSameSizeAs(onClassPath.keySet());
  }

  @Test
  void coreNeedsTheJdkOnly() {
    assertThat(module("core").requires())
        .filteredOn(each -> !each.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(ModuleDescriptor.Requires::name)
        .containsExactlyInAnyOrder("java.base", "java.management", "jdk.incubator.vector");
  }

  /**
   * What a public method or constructor takes, returns and throws can be named by those who call
   * it, if it is Unroll's.
   */
  @Test
  void signaturesMentionOnlyTheFace() throws ClassNotFoundException {
    var hidden = new TreeSet<String>();
    for (Path jar : Jars.unroll()) {
      for (String file : Jars.contents(jar).keySet()) {
        if (file.matches("dev/.*[^o]\\.class")) {
          Class<?> type = Class.forName(file.replace('/', '.').replaceFirst("\\.class$", ""));
          if (isFace(type)) {
            signatures(type)
                .filter(each -> each.getName().startsWith("dev.unroll.") && !isFace(each))
                .forEach(each -> hidden.add(type.getName() + " mentions " + each.getName()));
          }
        }
      }
    }
    assertThat(hidden).isEmpty();
  }

  private static Stream<Class<?>> signatures(Class<?> type) {
    Stream<Executable> all =
        Stream.concat(Stream.of(type.getMethods()), Stream.of(type.getConstructors()));
    return all.filter(each -> !each.isSynthetic())
        .flatMap(
            each ->
                Stream.concat(
                    Stream.of(each.getAnnotatedReturnType().getType()),
                    Stream.of(each.getParameterTypes())))
        .filter(Class.class::isInstance)
        .map(each -> (Class<?>) each)
        .map(each -> each.isArray() ? each.getComponentType() : each);
  }

  private static boolean isFace(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
      if (!Modifier.isPublic(each.getModifiers())) {
        return false;
      }
    }
    return Stream.of("core", "text", "api")
        .flatMap(name -> module(name).exports().stream())
        .anyMatch(each -> !each.isQualified() && each.source().equals(type.getPackageName()));
  }
}
