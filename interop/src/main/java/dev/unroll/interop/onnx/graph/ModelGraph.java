package dev.unroll.interop.onnx.graph;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model as its file says it.
 *
 * @param graph what it computes; functions of its own are written out in it
 * @param opsets of each domain of operators the version that the model was written for; ONNX's own
 *     domain is the empty one
 */
public record ModelGraph(Graph graph, Map<String, Integer> opsets, Origin origin) {

  /** Creates a model with a copy of the map, sorted by name. */
  public ModelGraph {
    opsets = Collections.unmodifiableMap(new TreeMap<>(opsets));
  }

  /** The version of a domain's operators; 0 where the model names none. */
  public int opset(String domain) {
    return opsets.getOrDefault(domain, 0);
  }

  /**
   * Where a model came from, and what its makers say of it.
   *
   * @param irVersion the version of the file format
   * @param producer the program that wrote it; empty where it does not say
   * @param producerVersion that program's version
   * @param domain the makers' name space, such as {@code org.example}
   * @param version the makers' own number
   * @param doc a description for people
   * @param metadata further texts by name
   */
  public record Origin(
      long irVersion,
      String producer,
      String producerVersion,
      String domain,
      long version,
      String doc,
      Map<String, String> metadata) {

    /** Creates an origin with a copy of the map, sorted by name. */
    public Origin {
      metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
  }
}
