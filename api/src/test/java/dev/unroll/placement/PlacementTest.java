package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import example.App;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wherever a program is put, and in whatever thread it calls Unroll, it gets the same answers, to
 * the last bit, as this test.
 */
class PlacementTest {

  @TempDir static Path jars;
  private static List<Path> libraries;
  private static Path program;
  private static String answer;

  @TempDir Path folder;

  @BeforeAll
  static void pack() {
    libraries = Jars.copy(jars);
    program = Jars.write(jars.resolve("app.jar"), Map.of(), Program.classes());
    answer = App.answer(Program.MODEL);
  }

  private static List<Path> all() {
    return Stream.concat(Stream.of(program), libraries.stream()).toList();
  }

  private Program.Said run(List<String> options, String... rest) throws Exception {
    return new Program(Files.createDirectory(folder.resolve("run")))
        .run(Stream.concat(options.stream(), Stream.of(rest)).toList());
  }

  @Test
  void onTheClassPath() throws Exception {
    run(Program.VECTOR, "-cp", Program.path(all()), Program.NAME).answers(answer, true);
  }

  @Test
  void shaded() throws Exception {
    Path jar =
        Jars.write(
            folder.resolve("fat.jar"), Map.of("Main-Class", Program.NAME), Jars.shaded(all()));
    run(Program.VECTOR, "-jar", jar.toString()).answers(answer, true);
  }

  @Test
  void asJarsInAJarOfSpringBoot() throws Exception {
    var files = new LinkedHashMap<String, byte[]>();
    Path loader = Jars.classpath(name -> name.contains("spring-boot-loader")).getFirst();
    Jars.contents(loader)
        .forEach(
            (name, bytes) -> {
              if (name.endsWith(".class") && !name.startsWith("META-INF/versions")) {
                files.put(name, bytes);
              }
            });
    files.put("BOOT-INF/classes/", new byte[0]);
    Program.classes().forEach((name, bytes) -> files.put("BOOT-INF/classes/" + name, bytes));
    for (Path each : libraries) {
      files.put("BOOT-INF/lib/" + each.getFileName(), Files.readAllBytes(each));
    }
    var manifest =
        Map.of(
            "Main-Class", "org.springframework.boot.loader.launch.JarLauncher",
            "Start-Class", Program.NAME,
            "Spring-Boot-Classes", "BOOT-INF/classes/",
            "Spring-Boot-Lib", "BOOT-INF/lib/");
    Path jar = Jars.write(folder.resolve("boot.jar"), manifest, files);
    run(Program.VECTOR, "-jar", jar.toString()).answers(answer, true);
  }

  /** Compiles the program as a module. The module of the annotations is not there. */
  private Path module() throws Exception {
    return compiled("requires dev.unroll.api; exports example;", libraries, "App");
  }

  private Path compiled(String module, List<Path> places, String source) throws Exception {
    Path info = folder.resolve("module-info.java");
    Files.writeString(info, "module example.app { " + module + " }");
    Path classes = folder.resolve("classes");
    var arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    arguments.addAll(List.of("-p", Program.path(places), info.toString()));
    arguments.add(Path.of("src/test/java/example", source + ".java").toString());
    var said = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, said, said, arguments.toArray(String[]::new));
    assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }

  /** What the documentation shows names no package that is for our own modules only. */
  @Test
  void allSnippetsCompileInAModuleOfTheirOwn() throws Exception {
    var places = new ArrayList<>(libraries);
    places.addAll(
        Jars.classpath(
            name ->
                name.matches(
                    ".*/(junit-(jupiter-api|platform-commons)|assertj-core|opentest4j"
                        + "|apiguardian-api|byte-buddy|jspecify)-[^/]*\\.jar")));
    compiled(
        "requires dev.unroll.api; requires org.junit.jupiter.api; requires org.assertj.core;",
        places,
        "SnippetsTest");
  }

  /** Without a flag. */
  @Test
  void onTheModulePath() throws Exception {
    String path = Program.path(libraries) + File.pathSeparator + module();
    run(List.of(), "-p", path, "-m", "example.app/" + Program.NAME).answers(answer, true);
  }

  /** As plug-ins are loaded that are modules: in a layer of their own. */
  @Test
  void inALayerOfModulesWithOneLoaderOrMany() throws Exception {
    var places = new ArrayList<>(libraries);
    places.add(module());
    ModuleLayer boot = ModuleLayer.boot();
    var modules =
        boot.configuration()
            .resolve(
                ModuleFinder.of(places.toArray(Path[]::new)),
                ModuleFinder.of(),
                Set.of("example.app"));
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    for (ModuleLayer layer :
        List.of(
            boot.defineModulesWithOneLoader(modules, parent),
            boot.defineModulesWithManyLoaders(modules, parent))) {
      assertThat(ask(layer.findLoader("example.app").loadClass(Program.NAME))).isEqualTo(answer);
    }
  }

  /** A runtime without the module; nor can anything be written. */
  @Test
  void withoutTheVectorModuleAndAnyFolderToWriteInto() throws Exception {
    var options =
        List.of(
            "--limit-modules=java.base,java.management,java.logging",
            "-Djava.io.tmpdir=/nonexistent",
            "-Duser.home=/nonexistent");
    run(options, "-cp", Program.path(all()), Program.NAME).answers(answer, false);
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  /** As plug-ins and application servers load them: each its own Unroll, not that of the server. */
  @Test
  void twiceInOneJvm() throws Exception {
    URL[] places = new URL[all().size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = all().get(i).toUri().toURL();
    }
    try (var one = new ChildFirst(places);
        var other = new ChildFirst(places)) {
      var first = one.loadClass(Program.NAME);
      var second = other.loadClass(Program.NAME);
      assertThat(List.of(first, second, App.class)).doesNotHaveDuplicates();
      assertThat(ask(first)).isEqualTo(answer);
      assertThat(ask(second)).isEqualTo(answer);
    }
  }

  private static Object ask(Class<?> app) throws ReflectiveOperationException {
    return app.getMethod("answer", Path.class).invoke(null, Program.MODEL);
  }

  /** Asks its parent only for what it has not itself. */
  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(URL[] places) {
      super(places, PlacementTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null && (name.startsWith("dev.unroll.") || name.startsWith("example."))) {
          loaded = findClass(name);
        }
        return loaded == null ? super.loadClass(name, resolve) : loaded;
      }
    }
  }
}
