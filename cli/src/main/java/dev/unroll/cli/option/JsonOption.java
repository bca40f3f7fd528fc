package dev.unroll.cli.option;

import picocli.CommandLine.Option;

/** Whether a command prints for machines. */
public final class JsonOption {

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  /** Returns whether JSON is asked for. */
  public boolean asked() {
    return json;
  }
}
