package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLineTest {

  private record Numbers(double[] doubles, float[] floats, List<Double> list, Float one) {}

  @Test
  void whatIsNotFiniteIsNullWhereverItStands() {
    double infinite = Double.POSITIVE_INFINITY;
    var value = new LinkedHashMap<String, Object>();
    value.put("number", Double.NaN);
    value.put(
        "record",
        new Numbers(
            new double[] {1.5, -infinite, 2},
            new float[] {0.1f, Float.NaN},
            List.of(infinite, 0.25),
            Float.NEGATIVE_INFINITY));
    value.put("nested", new double[][] {{infinite}, {1e300, 1e-300}});
    value.put("text", "NaN");
    assertThat(JsonLine.of(value))
        .isEqualTo(
            "{\"number\":null,\"record\":{\"doubles\":[1.5,null,2.0],\"floats\":[0.1,null],"
                + "\"list\":[null,0.25],\"one\":null},\"nested\":[[null],[1.0E300,1.0E-300]],"
                + "\"text\":\"NaN\"}");
  }
}
