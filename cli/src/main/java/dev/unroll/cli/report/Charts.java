package dev.unroll.cli.report;

import dev.unroll.file.SafeFiles;
import dev.unroll.measure.LabelScore;
import java.awt.Color;
import java.awt.Dimension;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;

/** Charts as SVG. */
public final class Charts {

  /** A hundredth of a pixel is enough: files are a third as large. */
  private static final int DECIMALS = 2;

  private Charts() {}

  /** Writes a chart: beside, synced, then renamed. */
  public static void write(Chart<?, ?> chart, Path file) {
    var context = SVGGeneratorContext.createDefault(document());
    context.setPrecision(DECIMALS);
    context.setComment(null);
    var graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    var svg = new StringWriter();
    try {
      TransformerFactory.newDefaultInstance()
          .newTransformer()
          .transform(new DOMSource(graphics.getRoot()), new StreamResult(svg));
    } catch (TransformerException e) {
      throw new IllegalStateException("a document of this program", e);
    }
    SafeFiles.replace(file, svg.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own XML, as configured by default", e);
    }
  }

  /** What a chart and its axes are called. */
  public record Titles(String title, String x, String y) {}

  /** Returns a chart without any line. */
  public static XYChart empty(Titles titles) {
    return new XYChartBuilder()
        .width(800)
        .height(500)
        .title(titles.title)
        .xAxisTitle(titles.x)
        .yAxisTitle(titles.y)
        .build();
  }

  /**
   * Draws lines.
   *
   * @param lines of each, by its name, y by x
   * @param logarithmic whether y is drawn by its logarithm
   */
  public static void lines(
      Titles titles, Map<String, Map<Integer, Double>> lines, boolean logarithmic, Path file) {
    XYChart chart = empty(titles);
    chart.getStyler().setYAxisLogarithmic(logarithmic);
    if (logarithmic) {
      chart.getStyler().setYAxisDecimalPattern("0E0");
    }
    lines.forEach(
        (name, points) ->
            chart
                .addSeries(name, new ArrayList<>(points.keySet()), new ArrayList<>(points.values()))
                .setMarker(SeriesMarkers.NONE));
    write(chart, file);
  }

  /**
   * Draws how often each label (a row) was taken for each (a column), in percent of the row; of
   * items that have one label each.
   */
  public static void confusion(LabelScore score, Path file) {
    List<String> names = List.copyOf(score.labels().keySet());
    var values = new ArrayList<Number[]>();
    for (int wanted = 0; wanted < names.size(); wanted++) {
      for (int found = 0; found < names.size(); found++) {
        double share = score.confusionShare(names.get(wanted), names.get(found));
        values.add(new Number[] {found, wanted, Math.round(1000 * share) / 10.0});
      }
    }
    int side = Math.clamp(200L + 45L * names.size(), 500, 2000);
    var chart =
        new HeatMapChartBuilder()
            .width(side + 100)
            .height(side)
            .title("Confusion, % of each label")
            .xAxisTitle("found")
            .yAxisTitle("label")
            .build();
    chart.getStyler().setRangeColors(new Color[] {Color.WHITE, new Color(0x1F4E79)});
    chart.getStyler().setShowValue(true);
    chart.getStyler().setHeatMapValueDecimalPattern("0");
    chart.getStyler().setXAxisLabelRotation(90);
    chart.addSeries("share", names, names, values);
    write(chart, file);
  }
}
