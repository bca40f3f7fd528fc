package dev.unroll.dist;

import dev.unroll.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Builds the archive: a Java runtime cut down to what Unroll needs, the jar, its class-data
 * archive, scripts, manual pages, completions and licenses. The same sources and JDK give the same
 * bytes: files are sorted, belong to nobody and bear the date of the version.
 */
public final class Distribution {

  /** What jdeps finds, and: unusual encodings, and measures of the process. */
  private static final String MODULES =
      "java.base,java.desktop,java.logging,java.management,java.sql,java.xml,"
          + "jdk.charsets,jdk.incubator.vector,jdk.management,jdk.unsupported";

  private static final boolean WINDOWS = File.separatorChar == '\\';

  private final Path sources;
  private final Path target;
  private final String version;
  private final Instant date;
  private final Path image;

  private Distribution(Path sources, Path target, String version, Instant date) {
    this.sources = sources;
    this.target = target;
    this.version = version;
    this.date = date;
    this.image = target.resolve("unroll-" + version);
  }

  /** Takes the folder of the repository, that of the build, the version and its date. */
  public static void main(String[] arguments) throws Exception {
    var distribution =
        new Distribution(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            arguments[2],
            Instant.parse(arguments[3]));
    distribution.build();
  }

  private void build() throws Exception {
    delete(image);
    Files.createDirectories(image.resolve("lib"));
    Files.copy(jar(), image.resolve("lib/unroll.jar"));
    writeTexts();
    writeScripts();
    link();
    setDates();
    archiveClasses();
    setDates();
    tryIt();
    Path archive = target.resolve("unroll-%s-%s.tar.gz".formatted(version, platform()));
    Archive.write(image, archive, date);
    checksums(List.of(jar(), sbom(), archive));
  }

  private Path jar() {
    return target.resolve("unroll-" + version + ".jar");
  }

  private Path sbom() {
    return target.resolve("unroll-" + version + ".cdx.json");
  }

  /** Returns what the archive runs on, such as linux-x64. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    return (system.startsWith("mac") ? "macos" : system.startsWith("win") ? "windows" : system)
        + (machine.equals("amd64") || machine.equals("x86_64") ? "-x64" : "-" + machine);
  }

  private void writeTexts() throws IOException {
    for (String name : List.of("LICENSE", "NOTICE", "CHANGELOG.md")) {
      Files.copy(sources.resolve(name), image.resolve(name));
    }
    Files.copy(sbom(), image.resolve(sbom().getFileName()));
    Files.copy(sources.resolve("dist/Containerfile"), image.resolve("Containerfile"));
    try (var jar = new JarFile(jar().toFile())) {
      String folder = "META-INF/licenses/";
      for (var entry : jar.stream().toList()) {
        if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
          write(
              "licenses/" + entry.getName().substring(folder.length()), jar.getInputStream(entry));
        }
      }
    }
    var nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine program = Main.commandLine(nowhere, nowhere);
    for (var page : Manual.pages(program, version).entrySet()) {
      write("share/man/man1/" + page.getKey(), page.getValue());
    }
    write("share/bash-completion/completions/unroll", AutoComplete.bash("unroll", program));
    write("share/zsh/site-functions/_unroll", Files.readString(scripts().resolve("_unroll")));
  }

  private Path scripts() {
    return sources.resolve("dist/src/main/scripts");
  }

  private void writeScripts() throws IOException {
    write("lib/run.sh", Files.readString(sources.resolve("run.sh")));
    write("bin/unroll.cmd", Files.readString(scripts().resolve("unroll.cmd")));
    write("bin/unroll", Files.readString(scripts().resolve("unroll")));
    if (!image.resolve("bin/unroll").toFile().setExecutable(true, false)) {
      throw new IOException("bin/unroll cannot be made executable");
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = image.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void write(String name, InputStream content) throws IOException {
    Path file = image.resolve(name);
    Files.createDirectories(file.getParent());
    Files.copy(content, file);
  }

  /** The runtime has the options that Unroll needs built in. */
  private void link() throws Exception {
    List<String> options;
    try (InputStream file = Main.class.getResourceAsStream("jvm.options")) {
      options =
          new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
    }
    run(
        Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
        "--add-modules",
        MODULES,
        "--add-options=" + String.join(" ", options),
        "--no-header-files",
        "--no-man-pages",
        "--strip-java-debug-attributes",
        "--output",
        image.resolve("runtime").toString());
  }

  /** The runtime compares the dates of its files with those that the archive of classes notes. */
  private void archiveClasses() throws Exception {
    if (WINDOWS) {
      return; // the script needs a shell; commands start later without it
    }
    run(
        "bash",
        "-c",
        "set -e; release=true; source \"$0\"; create_archive \"$@\"",
        sources.resolve("archive.sh").toString(),
        java(),
        "lib/unroll.jar",
        "lib/unroll.jsa");
  }

  private void tryIt() throws Exception {
    run(java(), "-jar", "lib/unroll.jar", "--version");
    if (!WINDOWS) {
      run(image.resolve("bin/unroll").toString(), "--version");
    }
  }

  private String java() {
    return image.resolve("runtime/bin/java").toString();
  }

  private void run(String... command) throws Exception {
    int status =
        new ProcessBuilder(command).directory(image.toFile()).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with status " + status);
    }
  }

  private void setDates() throws IOException {
    for (Path file : files(image)) {
      if (!Files.isSymbolicLink(file)) {
        Files.setLastModifiedTime(file, FileTime.from(date));
      }
    }
  }

  private void checksums(List<Path> files) throws IOException, NoSuchAlgorithmException {
    var lines = new ArrayList<String>();
    for (Path file : files) {
      var sha = MessageDigest.getInstance("SHA-256");
      try (var in = Files.newInputStream(file)) {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sha.update(buffer, 0, n);
        }
      }
      lines.add(HexFormat.of().formatHex(sha.digest()) + "  " + file.getFileName());
    }
    Files.write(target.resolve("SHA256SUMS"), lines);
  }

  /** Returns a folder and all below it, sorted. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }

  /** Deletes a folder with all below it, if there is one. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : files(folder).reversed()) {
        Files.delete(file);
      }
    }
  }
}
