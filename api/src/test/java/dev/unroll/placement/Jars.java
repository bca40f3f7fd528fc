package dev.unroll.placement;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** The jars that a program with Unroll has, and jars made of them. */
final class Jars {

  private Jars() {}

  /** Returns the modules core, text and api: jars, or folders of classes if they are not packed. */
  static List<Path> unroll() {
    return classpath(entry -> entry.matches(".*/(core|text|api)/target/(classes|[^/]*\\.jar)"));
  }

  /** Returns the libraries that these need at run time. */
  static List<Path> libraries() {
    return classpath(
        entry ->
            entry.matches(
                ".*/(icu4j|jackson-core|lucene-core|commons-(csv|io|codec))-[^/]*\\.jar"));
  }

  /** Returns what is on the class path of this test and has a name like that. */
  static List<Path> classpath(Predicate<String> name) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> name.test(entry.replace('\\', '/')))
        .map(Path::of)
        .toList();
  }

  /** Writes each of {@link #unroll} and {@link #libraries} as a jar into a folder. */
  static List<Path> copy(Path folder) {
    var jars = new ArrayList<Path>();
    for (Path each : unroll()) {
      String module = each.getParent().getParent().getFileName().toString();
      jars.add(write(folder.resolve("unroll-" + module + ".jar"), Map.of(), contents(each)));
    }
    for (Path each : libraries()) {
      jars.add(copy(each, folder.resolve(each.getFileName())));
    }
    return jars;
  }

  private static Path copy(Path from, Path to) {
    try {
      return Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all files of a jar or a folder by name, but for the manifest. */
  static Map<String, byte[]> contents(Path place) {
    if (Files.isDirectory(place)) {
      return filesOf(place);
    }
    try (var jar = FileSystems.newFileSystem(place)) {
      return filesOf(jar.getPath("/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> filesOf(Path root) {
    var found = new LinkedHashMap<String, byte[]>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (!name.equals("META-INF/MANIFEST.MF")) {
          found.put(name, Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Returns the files of several jars in one, as shading does: lists of services are joined. */
  static Map<String, byte[]> shaded(List<Path> jars) {
    var all = new LinkedHashMap<String, byte[]>();
    for (Path jar : jars) {
      contents(jar)
          .forEach(
              (name, bytes) -> {
                if (!name.endsWith("module-info.class")) {
                  all.merge(
                      name,
                      bytes,
                      name.startsWith("META-INF/services/") ? Jars::joined : (a, b) -> a);
                }
              });
    }
    return all;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    String lines =
        new String(first, StandardCharsets.UTF_8)
            + "\n"
            + new String(second, StandardCharsets.UTF_8);
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes a jar with a manifest; jars in it are stored as they are, so that they can be read in
   * place.
   */
  static Path write(Path jar, Map<String, String> manifest, Map<String, byte[]> files) {
    var lines = new Manifest();
    lines.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((key, value) -> lines.getMainAttributes().putValue(key, value));
    try (OutputStream out = Files.newOutputStream(jar);
        var zip = new JarOutputStream(out, lines)) {
      for (var file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        if (file.getKey().endsWith(".jar")) {
          var sum = new CRC32();
          sum.update(file.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(file.getValue().length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }
}
