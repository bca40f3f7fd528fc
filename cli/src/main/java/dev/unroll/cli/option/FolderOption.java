package dev.unroll.cli.option;

import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which files of a folder are read. */
public final class FolderOption {

  @Option(
      names = "--follow-links",
      description = "Follow symbolic links out of a folder; otherwise they are refused.")
  boolean followLinks;

  /** Returns what becomes of symbolic links. */
  public Lines.Links links() {
    return followLinks ? Lines.Links.FOLLOW : Lines.Links.WITHIN;
  }

  /** Returns files, with those inside folders. */
  public List<Path> files(List<Path> named) {
    return Lines.files(named, links());
  }
}
