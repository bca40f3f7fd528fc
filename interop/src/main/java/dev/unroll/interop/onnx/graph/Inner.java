package dev.unroll.interop.onnx.graph;

import java.util.List;

/** What stands in a node and reads names around it. */
interface Inner {

  /** The names that it reads of the graphs around it. */
  List<String> captured();
}
