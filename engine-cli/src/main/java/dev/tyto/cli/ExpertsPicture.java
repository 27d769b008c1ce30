package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The load of every expert of every layer as a heat map, and beside it each layer's load curve. */
final class ExpertsPicture {
  private static final int WIDTH = 1280;
  private static final int TOP = 84;
  private static final int CURVE_WIDTH = 440;

  /** Layers up to which each has a line with a name; beyond, the extreme ones have. */
  private static final int MOST_NAMED_LINES = 10;

  private static final Color FIRST_LINE = new Color(0x3B, 0x4C, 0xC0);
  private static final Color MIDDLE_LINE = new Color(0x1B, 0xA0, 0x84);
  private static final Color LAST_LINE = new Color(0xE0, 0x7B, 0x39);
  private static final Color CROWD = new Color(0x6B, 0x75, 0x82, 0x48);
  private static final Color WORST = new Color(0xC0, 0x39, 0x2B);
  private static final Color BEST = new Color(0x2B, 0x5C, 0x9E);

  private final ExpertsReport report;
  private final List<ExpertStatistics.Layer> layers;
  private final int height;

  private ExpertsPicture(ExpertsReport report) {
    this.report = report;
    this.layers = report.statistics().layers();
    this.height = TOP + Math.clamp(150 + 44L * layers.size(), 440, 860);
  }

  static void write(Path file, ExpertsReport report) throws IOException {
    ExpertsPicture picture = new ExpertsPicture(report);
    Pictures.write(file, WIDTH, picture.height, picture::paint);
  }

  private void paint(Graphics2D g) {
    Pictures.title(
        g, "How " + report.folder().getFileName() + " uses its experts", report.summary());
    int mapWidth = WIDTH - CURVE_WIDTH;
    int body = height - TOP - 52;
    Pictures.heading(g, "Load of each expert / mean load of its layer", 28, TOP + 20);
    new HeatMap(layers).paint(g, 20, TOP + 36, mapWidth - 30, body);
    Pictures.heading(g, "Load curves", mapWidth + 30, TOP + 20);
    AffineTransform before = g.getTransform();
    g.translate(mapWidth, TOP + 26);
    curves().paint(g, CURVE_WIDTH - 16, body + 16);
    g.setTransform(before);
  }

  private XYChart curves() {
    XYChart chart =
        Pictures.lines(CURVE_WIDTH, height - TOP, "Experts, busiest first (%)", "Load / mean load");
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(100.0);
    chart.getStyler().setYAxisMin(0.0);
    if (layers.size() <= MOST_NAMED_LINES) {
      for (int l = 0; l < layers.size(); l++) {
        double depth = layers.size() == 1 ? 0 : l / (double) (layers.size() - 1);
        Color color =
            depth < 0.5
                ? Pictures.between(FIRST_LINE, MIDDLE_LINE, 2 * depth)
                : Pictures.between(MIDDLE_LINE, LAST_LINE, 2 * depth - 1);
        line(chart, "layer", layers.get(l), color, 2);
      }
      chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    } else {
      for (ExpertStatistics.Layer layer : layers) {
        line(chart, "", layer, CROWD, 1.2f).setShowInLegend(false);
      }
      List<ExpertStatistics.Layer> ordered =
          layers.stream()
              .sorted(Comparator.comparingDouble(ExpertStatistics.Layer::maxVio))
              .toList();
      line(chart, "worst: layer", ordered.getLast(), WORST, 2);
      line(chart, "median: layer", ordered.get(ordered.size() / 2), Pictures.INK, 2);
      line(chart, "best: layer", ordered.getFirst(), BEST, 2);
    }
    return chart;
  }

  private static XYSeries line(
      XYChart chart, String what, ExpertStatistics.Layer layer, Color color, float width) {
    double[] load = ExpertsReport.relative(layer);
    Arrays.sort(load);
    double[] x = new double[load.length];
    double[] y = new double[load.length];
    for (int e = 0; e < load.length; e++) {
      x[e] = 100.0 * (e + 0.5) / load.length;
      y[e] = load[load.length - 1 - e];
    }
    String name = Formats.format("%s %d (MaxVio %.2f)", what, layer.layer(), layer.maxVio());
    XYSeries line = chart.addSeries(name, x, y);
    line.setLineColor(color);
    line.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    line.setMarker(SeriesMarkers.NONE);
    return line;
  }
}
