package dev.unroll.file;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * A folder whose files are read. What its owner put there is read; a link out of it could make the
 * files of whoever reads it part of a model.
 *
 * <p>Hidden files such as .DS_Store, and those in folders such as .git, are not part of it.
 */
public final class Folder {

  private final Path folder;
  private final Path root;
  private final boolean follows;

  /**
   * A folder.
   *
   * @param follows whether links may lead out of it
   */
  public Folder(Path folder, boolean follows) {
    this(folder, real(folder), follows);
  }

  private Folder(Path folder, Path root, boolean follows) {
    this.folder = folder;
    this.root = root;
    this.follows = follows;
  }

  /**
   * Returns all files inside, in the order of their paths; each folder is entered once, whatever
   * leads to it.
   *
   * @throws InputException if there are none, or a link leaves the folder
   */
  public List<Path> files() {
    var found = new ArrayList<Path>();
    var linked = new ArrayDeque<Path>();
    var entered = new HashSet<Path>();
    collect(folder, linked, entered, found);
    while (!linked.isEmpty()) { // after all others, so that a folder is read by its own name
      collect(linked.remove(), linked, entered, found);
    }
    if (found.isEmpty()) {
      throw InputException.in(folder, "the folder has no files", "Name a folder of text files.");
    }
    found.sort(null);
    return found;
  }

  /** Returns the folders inside, in the order of their names. */
  public List<Folder> folders() {
    return children(folder).stream()
        .filter(Files::isDirectory)
        .map(each -> new Folder(each, root, follows))
        .toList();
  }

  /** Returns the name of this folder. */
  public String name() {
    Path name = folder.getFileName();
    return name == null ? "" : name.toString();
  }

  private void collect(Path inside, Queue<Path> linked, Set<Path> entered, List<Path> found) {
    if (!entered.add(real(inside))) {
      return; // it was read already; a link may lead to a folder that it is in
    }
    for (Path child : children(inside)) {
      if (Files.isRegularFile(child)) {
        found.add(child);
      } else if (Files.isDirectory(child) && Files.isSymbolicLink(child)) {
        linked.add(child);
      } else if (Files.isDirectory(child)) {
        collect(child, linked, entered, found);
      }
    }
  }

  /** Returns what is in a folder, without hidden files; the links of the folder are checked. */
  private List<Path> children(Path inside) {
    var children = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(inside)) {
      for (Path child : stream) {
        if (!child.getFileName().toString().startsWith(".")) {
          check(child);
          children.add(child);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw unreadable(inside, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreadable(inside, SafeFiles.reason(e));
    }
    children.sort(null);
    return children;
  }

  private void check(Path child) {
    if (!follows && Files.isSymbolicLink(child) && Files.exists(child)) {
      Path target = real(child);
      if (!target.startsWith(root)) {
        throw InputException.in(
            child,
            "is a link that leaves the folder, to " + target,
            "Copy what it leads to into the folder, or allow such links with {follow-links}.");
      }
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw unreadable(path, SafeFiles.reason(e));
    }
  }

  private static InputException unreadable(Path path, String reason) {
    return InputException.in(path, "cannot be read: " + reason, "Check the rights of the folder.");
  }
}
