package dev.unroll.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher of the repository, with a Maven and JDKs that only say what they are asked for. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** The programs that the launcher calls, apart from flock, which macOS does not have. */
  private static final String NEEDED =
      "bash cat chmod cksum cp dirname find grep locale ls mkdir mktemp mv ps readlink rm sed sh sleep"
          + " sort touch tr";

  @TempDir Path folder;
  private Path checkout;
  private Path tools;
  private Path home;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = folder.resolve("check out"); // with a blank, as homes may have
    tools = Files.createDirectories(folder.resolve("tools"));
    home = Files.createDirectories(folder.resolve("home"));
    for (String name : List.of("unroll", "launch.sh", "run.sh", "archive.sh")) {
      Path script = checkout.resolve(name);
      Files.createDirectories(checkout);
      Files.copy(REPOSITORY.resolve(name), script);
      makeExecutable(script);
    }
    for (String module : List.of("core", "text", "api", "interop", "server", "cli")) {
      write(checkout.resolve(module + "/src/main/java/A.java"), "class A {}");
      write(checkout.resolve(module + "/pom.xml"), "<project/>");
    }
    for (String name : List.of("LICENSE", "NOTICE", "pom.xml", "bom/pom.xml", ".mvn/jvm.config")) {
      write(checkout.resolve(name), "");
    }
    write(
        tools.resolve("mvn"),
        """
        #!/bin/sh
        echo "$PWD" >>"$HOME/builds"
        echo '[INFO] Building Unroll core 1.0 [1/2]'
        [ ! -f "$HOME/slow" ] || sleep 2
        [ ! -f "$HOME/broken" ] || { echo '[ERROR] no such thing'; exit 1; }
        for module in cli spark; do
          mkdir -p $module/target/lib
          echo jar >$module/target/lib/unroll-core-1.0.jar
        done
        echo jar >cli/target/unroll.jar
        echo jar >spark/target/unroll-spark.jar
        """);
    makeExecutable(tools.resolve("mvn"));
    environment.put("HOME", home.toString());
    environment.put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
    environment.put("UNROLL_JAVA_HOME", jdk("jdk", "25.0.3").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "-Xmx128m, -Xmn32m",
    "-Xmx1g -Xmx131072K, -Xmn32m",
    "-XX:MaxHeapSize=134217728, -Xmn32m",
    "-Xmx384m, ''",
    "-Xmx8g, ''",
    "-Xmn10m -Xmx128m, ''",
    "-Xmx12x8m, ''",
    "-Da=b, ''",
    "'', ''"
  })
  void youngObjectsTakeAQuarterOfASmallHeap(String given, String added) throws Exception {
    var script = "source \"$1\" && young $2";
    var process =
        new ProcessBuilder(
                "bash", "-euc", script, "bash", REPOSITORY.resolve("run.sh").toString(), given)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out.strip()).isEqualTo(added);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstUsesAtTheSameTimeBuildOnce(boolean hasFlock) throws Exception {
    hideFlock(hasFlock);
    write(home.resolve("slow"), "");
    Process one = start("one");
    Process two = start("two");
    assertThat(finish(one) + finish(two))
        .contains("run one")
        .contains("run two")
        .contains("waiting");
    assertThat(builds()).containsExactly(checkout.toString());
    assertThat(finish(start("three"))).isEqualTo("run three\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKilledBuilderBlocksNobody(boolean hasFlock) throws Exception {
    hideFlock(hasFlock);
    write(home.resolve("slow"), "");
    Process killed = start("one");
    while (killed.isAlive() && !Files.exists(home.resolve("builds"))) {
      Thread.onSpinWait();
    }
    List<ProcessHandle> all =
        Stream.concat(Stream.of(killed.toHandle()), killed.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    assertThat(finish(start("two"))).contains("run two");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void sayWhatIsBuiltAndWhatIsWrong() throws Exception {
    write(home.resolve("broken"), "");
    Process failed = start("one");
    assertThat(finish(failed)).contains("building Unroll core (1 of 2)", "[ERROR] no such thing");
    assertThat(failed.exitValue()).isEqualTo(1);
    Files.delete(home.resolve("broken"));
    assertThat(finish(start("two"))).contains("run two");
  }

  @Test
  void aReadOnlyFolderIsBuiltInTheCache() throws Exception {
    setWritable(checkout, false);
    List<String> before = tree(checkout);
    assertThat(finish(start("one"))).contains("run one");
    assertThat(finish(start("two"))).isEqualTo("run two\n");
    assertThat(tree(checkout)).isEqualTo(before);
    assertThat(builds()).singleElement().asString().startsWith(home + "/.cache/unroll/build-");
    setWritable(checkout, true);
  }

  @Test
  void aReadOnlyFolderThatWasBuiltRunsWithoutMavenAndCache() throws Exception {
    assertThat(finish(start("one"))).contains("run one");
    for (Path file : files(checkout)) { // dates as a copy sets them
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    }
    setWritable(checkout, false);
    Files.delete(tools.resolve("mvn"));
    write(folder.resolve("file"), "");
    environment.put("XDG_CACHE_HOME", folder.resolve("file").toString());
    List<String> before = tree(checkout);
    assertThat(finish(start("two"))).isEqualTo("run two\n");
    environment.remove("HOME");
    environment.remove("XDG_CACHE_HOME");
    assertThat(finish(start("three"))).isEqualTo("run three\n");
    assertThat(tree(checkout)).isEqualTo(before);
    setWritable(checkout, true);
  }

  @Test
  void changedSourcesAreBuiltAndTouchedOnesAreNot() throws Exception {
    assertThat(finish(start("one"))).contains("run one");
    Path source = checkout.resolve("text/src/main/java/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(finish(start("two"))).isEqualTo("run two\n");
    write(source, "class A { int b; }");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(finish(start("three"))).contains("building");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void anUnfinishedJarIsBuiltAgain() throws Exception {
    write(checkout.resolve("cli/target/unroll.jar"), "half");
    Files.setLastModifiedTime(
        checkout.resolve("cli/target/unroll.jar"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(finish(start("one"))).contains("building");
  }

  @Test
  void sparkIsBuiltForItsCommandAlone() throws Exception {
    for (String source : sources("spark")) {
      Path there = checkout.resolve(source);
      if (Files.isDirectory(REPOSITORY.resolve(source))) {
        Files.createDirectories(there);
      } else if (!Files.exists(there)) {
        write(there, "");
      }
    }
    assertThat(finish(start("one"))).contains("run one");
    assertThat(finish(start("spark"))).contains("building", "run dev.unroll.spark.Main\n");
    assertThat(finish(start("spark"))).isEqualTo("run dev.unroll.spark.Main\n");
    write(checkout.resolve("spark/src/main/java/A.java"), "class A {}");
    assertThat(finish(start("one"))).contains("run one").doesNotContain("building");
    assertThat(finish(start("spark"))).contains("building");
  }

  /** Maven reads the poms of all modules, even where only some are built. */
  @ParameterizedTest
  @ValueSource(strings = {"cli", "bench", "spark"})
  void allModulesAreSources(String modules) throws Exception {
    List<String> listed = sources(modules);
    assertThat(listed).allMatch(name -> Files.exists(REPOSITORY.resolve(name)));
    String pom = Files.readString(REPOSITORY.resolve("pom.xml"));
    String read = modules.equals("cli") ? pom.substring(0, pom.indexOf("<profiles>")) : pom;
    assertThat(Pattern.compile("<module>(.*)</module>").matcher(read).results())
        .isNotEmpty()
        .allMatch(module -> listed.contains(module.group(1) + "/pom.xml"));
  }

  /** Returns what the launcher takes for the sources of modules. */
  private static List<String> sources(String modules) throws Exception {
    var script = "here='%s'; source launch.sh; sources %s".formatted(REPOSITORY, modules);
    var sources = new ProcessBuilder("bash", "-c", script).directory(REPOSITORY.toFile()).start();
    return finish(sources).lines().toList();
  }

  @ParameterizedTest
  @CsvSource({"24;25;26;29;30, 29", "26;27, 27", "25;26, 25", "24;26-ea, 26-ea"})
  void theNewestJdkWithLongTermSupportIsTaken(String installed, String taken) throws Exception {
    environment.remove("UNROLL_JAVA_HOME");
    environment.remove("JAVA_HOME");
    String script = Files.readString(checkout.resolve("launch.sh"));
    write(
        checkout.resolve("launch.sh"),
        script.replaceAll("(/usr/lib/jvm|/opt|/usr/local)/", "/none/"));
    for (String version : installed.split(";", -1)) {
      jdk("home/.jdks/" + version, version);
    }
    assertThat(finish(start("--which"))).contains(".jdks/" + taken + "/bin/java");
    environment.put("JAVA_HOME", jdk("other", "25.0.1").toString());
    assertThat(finish(start("--which"))).contains("other/bin/java");
    environment.put("UNROLL_JAVA_HOME", jdk("old", "21.0.1").toString());
    assertThat(finish(start("--which"))).contains("not a JDK 25 or newer");
  }

  /** A JDK that prints its first argument after the jar, or its class, and creates no archive. */
  private Path jdk(String name, String version) throws IOException {
    Path jdk = folder.resolve(name);
    write(
        jdk.resolve("release"),
        "JAVA_VERSION=\"%s\"\nMODULES=\"java.base jdk.incubator.vector\"\n".formatted(version));
    write(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in *-Xshare:dump* | *DumpLoadedClassList*) exit 1 ;; esac
        while [ "$1" != -jar ] && [ "$1" != -cp ]; do shift; done
        [ "$3" = --which ] && echo "$0" || echo "run $3"
        """);
    makeExecutable(jdk.resolve("bin/java"));
    return jdk;
  }

  /** Sets a PATH without flock. */
  private void hideFlock(boolean hasFlock) throws IOException {
    if (hasFlock) {
      return;
    }
    for (String name : NEEDED.split(" ", -1)) {
      Path program =
          Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
              .map(directory -> Path.of(directory, name))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      write(tools.resolve(name), "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
      makeExecutable(tools.resolve(name));
    }
    environment.put("PATH", tools.toString());
  }

  private Process start(String argument) throws IOException {
    var builder = new ProcessBuilder("bash", checkout.resolve("unroll").toString(), argument);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  private static String finish(Process process) throws Exception {
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return output;
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(home.resolve("builds"));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<String> tree(Path folder) throws IOException {
    return files(folder).stream()
        .map(file -> file + " " + file.toFile().lastModified() + " " + file.toFile().length())
        .toList();
  }

  private static void setWritable(Path folder, boolean writable) throws IOException {
    for (Path file : files(folder)) {
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(writable ? "rwxr-xr-x" : "r-xr-xr-x"));
    }
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
