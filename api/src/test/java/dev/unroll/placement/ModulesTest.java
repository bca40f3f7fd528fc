package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
      List.of("base", "cell", "data", "model", "network", "result", "train", "train.optimizer");

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
    assertThat(face("text")).containsExactly("text", "text.pattern");
    assertThat(face("api")).containsExactly("dev.unroll");
  }

  @Test
  void theRestIsSeenByUnrollOnly() {
    assertThat(Stream.of("core", "text", "api").map(ModulesTest::module))
        .flatExtracting(ModuleDescriptor::exports)
        .filteredOn(ModuleDescriptor.Exports::isQualified)
        .isNotEmpty()
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

  /** Each package is exported, if only to our own modules: nobody's code meets a closed door. */
  @Test
  void allThatIsThereIsExported() {
    for (var name : List.of("core", "text", "api")) {
      assertThat(module(name).exports())
          .extracting(ModuleDescriptor.Exports::source)
          .containsExactlyInAnyOrderElementsOf(module(name).packages());
    }
  }

  /**
   * The types that everyone sees, apart from those inside others, and their public methods and
   * constructors that mention what only our own modules see. The page says the same.
   */
  @Test
  void theFaceIsAsLargeAsThePageSays() throws Exception {
    long types = face().stream().filter(each -> each.getEnclosingClass() == null).count();
    var inside = new TreeSet<String>();
    for (Class<?> type : face()) {
      signatures(type)
          .filter(each -> each.getName().startsWith("dev.unroll.") && !isFace(each))
          .forEach(each -> inside.add(type.getName() + " mentions " + each.getName()));
    }
    assertThat(Files.readString(Path.of("../docs/decisions/exported-packages.md")))
        .as(inside.toString())
        .contains(types + " types")
        .contains(inside.size() + " mentions");
  }

  /** Returns the types that everyone sees, those inside others among them. */
  static List<Class<?>> face() throws ClassNotFoundException {
    var types = new ArrayList<Class<?>>();
    for (Path jar : Jars.unroll()) {
      for (String file : Jars.contents(jar).keySet()) {
        if (file.matches("dev/.*[^o]\\.class")) {
          Class<?> type = Class.forName(file.replace('/', '.').replaceFirst("\\.class$", ""));
          if (isFace(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
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
