package dev.unroll.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A value as one line of JSON, for machines. JSON has no NaN and no infinity: what is not finite is
 * {@code null}.
 */
public final class JsonLine {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLine() {}

  public static void print(PrintWriter out, Object value) {
    out.println(of(value));
  }

  public static String of(Object value) {
    var text = new StringWriter();
    try (var out = new FiniteNumbers(JSON.createGenerator(text))) {
      JSON.writeValue(out, value);
    } catch (IOException e) {
      throw new IllegalArgumentException(e); // maps, lists, numbers and texts can be written
    }
    return text.toString();
  }

  /** Jackson would write the texts "NaN" and "Infinity". */
  private static final class FiniteNumbers extends JsonGeneratorDelegate {

    FiniteNumbers(JsonGenerator out) {
      super(out, false);
    }

    @Override
    public void writeNumber(double number) throws IOException {
      if (Double.isFinite(number)) {
        super.writeNumber(number);
      } else {
        writeNull();
      }
    }

    @Override
    public void writeNumber(float number) throws IOException {
      if (Float.isFinite(number)) {
        super.writeNumber(number);
      } else {
        writeNull();
      }
    }

    @Override
    public void writeArray(double[] numbers, int from, int count) throws IOException {
      writeStartArray(numbers, count);
      for (int i = from; i < from + count; i++) {
        writeNumber(numbers[i]);
      }
      writeEndArray();
    }
  }
}
