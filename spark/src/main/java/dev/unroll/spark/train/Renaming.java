package dev.unroll.spark.train;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;

/**
 * What a command prints, with the addresses of files in place of the names that their copies have
 * on the driver's machine.
 */
final class Renaming extends FilterWriter {

  private final Map<String, String> addresses;

  private Renaming(Writer out, Map<String, String> addresses) {
    super(out);
    this.addresses = addresses;
  }

  /**
   * Returns a writer to {@code out}.
   *
   * @param addresses by the names of the copies, none of which begins with another
   */
  static PrintWriter over(Writer out, Map<String, String> addresses) {
    return new PrintWriter(new Renaming(out, addresses), true);
  }

  @Override
  public void write(int c) throws IOException {
    out.write(c);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    write(new String(text, from, count), 0, count);
  }

  /** A name is never written in parts. */
  @Override
  public void write(String text, int from, int count) throws IOException {
    String renamed = text.substring(from, from + count);
    for (var address : addresses.entrySet()) {
      renamed = renamed.replace(address.getKey(), address.getValue());
    }
    out.write(renamed);
  }
}
