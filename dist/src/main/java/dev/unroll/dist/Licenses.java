package dev.unroll.dist;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Collects the licenses and notices of the libraries that are distributed with Unroll, in a folder
 * for each: those that a jar holds, and else the one that the sources of this module hold for it.
 */
public final class Licenses {

  private Licenses() {}

  /** Takes the folder of licenses that no jar holds, and where to write; reads the class path. */
  public static void main(String[] arguments) throws IOException {
    List<Path> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(path -> path.toString().endsWith(".jar") && !name(path).startsWith("unroll-"))
            .toList();
    collect(jars, Path.of(arguments[0]), Path.of(arguments[1]));
  }

  /** Returns the name of a library from that of its jar, without the version. */
  private static String name(Path jar) {
    return String.valueOf(jar.getFileName()).replaceAll("-[0-9].*|\\.jar$", "");
  }

  static void collect(List<Path> jars, Path known, Path target) throws IOException {
    Distribution.delete(target);
    for (Path jar : jars) {
      String library = name(jar);
      Path folder = Files.createDirectories(target.resolve(library));
      if (!extract(jar, folder)) {
        Path license =
            list(known).stream()
                .filter(file -> library.startsWith(name(file).replace(".txt", "")))
                .findFirst()
                .orElseThrow(
                    () -> new IOException(library + ".jar holds no license, nor does " + known));
        Files.write(folder.resolve("LICENSE"), Files.readAllBytes(license));
      }
    }
  }

  /** Copies licenses and notices out of a jar; returns whether there was a license. */
  private static boolean extract(Path jar, Path folder) throws IOException {
    boolean found = false;
    try (var zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        String name = entry.getName().replace("META-INF/", "");
        String upper = name.toUpperCase(Locale.ROOT);
        boolean license = upper.contains("LICENSE");
        boolean notice = upper.contains("NOTICE");
        if (name.contains("/") || name.endsWith(".class") || !(license || notice)) {
          continue;
        }
        Files.write(folder.resolve(name), zip.getInputStream(entry).readAllBytes());
        found |= license;
      }
    }
    return found;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
