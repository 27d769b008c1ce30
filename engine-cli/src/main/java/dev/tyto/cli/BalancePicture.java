package dev.tyto.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** MaxVio over the steps of a balancer: of each pass, and its running mean. */
final class BalancePicture {
  private static final int WIDTH = 1040;
  private static final int HEIGHT = 540;
  private static final int TOP = 80;
  private static final Color PASS = new Color(0x2B, 0x5C, 0x9E, 0x50);
  private static final Color MEAN = new Color(0x2B, 0x5C, 0x9E);

  private BalancePicture() {}

  static void write(Path file, BalanceReport report) throws IOException {
    Pictures.write(file, WIDTH, HEIGHT, g -> paint(g, report));
  }

  private static void paint(Graphics2D g, BalanceReport report) {
    String subtitle =
        Formats.format(
            "%s. Held out: MaxVio %.3f before, %.3f after; perplexity %.3f before, %.3f after",
            report.summary(),
            report.before().meanMaxVio(),
            report.after().meanMaxVio(),
            report.before().perplexity().value(),
            report.after().perplexity().value());
    Pictures.title(g, "Balancing the experts of " + report.folder().getFileName(), subtitle);
    XYChart chart =
        Pictures.lines(WIDTH, HEIGHT - TOP, "Step", "MaxVio of a pass, mean over layers");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisTickMarkSpacingHint(120);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
    List<Double> maxVio = report.maxVio();
    double[] x = new double[maxVio.size()];
    double[] each = new double[x.length];
    double[] mean = new double[x.length];
    int width = Math.max(1, x.length / 20);
    for (int i = 0; i < x.length; i++) {
      x[i] = i + 1;
      each[i] = maxVio.get(i);
      int from = Math.max(0, i - width / 2);
      int to = Math.min(x.length, i + width / 2 + 1);
      mean[i] =
          maxVio.subList(from, to).stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
    line(chart, "each pass", x, each, PASS, 1.2f);
    line(chart, "mean of " + (width / 2 * 2 + 1) + " passes", x, mean, MEAN, 2.4f);
    AffineTransform before = g.getTransform();
    g.translate(12, TOP);
    chart.paint(g, WIDTH - 24, HEIGHT - TOP - 8);
    g.setTransform(before);
  }

  private static void line(
      XYChart chart, String name, double[] x, double[] y, Color color, float width) {
    XYSeries line = chart.addSeries(name, x, y);
    line.setLineColor(color);
    line.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    line.setMarker(SeriesMarkers.NONE);
  }
}
