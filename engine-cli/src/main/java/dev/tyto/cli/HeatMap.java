package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * The load of every expert of every layer in colour: blue below the mean, red above it. Drawn by
 * hand, since a cell must be a cell from 16 experts to 512, with numbers where there is room.
 */
final class HeatMap {
  private static final Color COLD = new Color(0x2B, 0x5C, 0x9E);
  private static final Color EVEN = new Color(0xF7, 0xF5, 0xF0);
  private static final Color HOT = new Color(0xC0, 0x39, 0x2B);

  private static final int LEFT = 56;
  private static final int BOTTOM = 48;
  private static final int RIGHT = 84;

  private final List<ExpertStatistics.Layer> layers;
  private final int experts;
  private final double span;

  HeatMap(List<ExpertStatistics.Layer> layers) {
    this.layers = layers;
    this.experts = layers.getFirst().experts();
    this.span = span(layers);
  }

  /** How far loads are from the mean, at most 1: what is beyond shows in the curves. */
  private static double span(List<ExpertStatistics.Layer> layers) {
    double span = 0.1;
    for (ExpertStatistics.Layer layer : layers) {
      for (double load : ExpertsReport.relative(layer)) {
        span = Math.max(span, Math.abs(load - 1));
      }
    }
    return Math.min(1, span);
  }

  private Color color(double load) {
    double share = Math.clamp((load - 1) / span, -1, 1);
    return Pictures.between(EVEN, share < 0 ? COLD : HOT, Math.abs(share));
  }

  void paint(Graphics2D g, int x, int y, int width, int height) {
    double cellWidth = (width - LEFT - RIGHT) / (double) experts;
    double cellHeight = (height - BOTTOM) / (double) layers.size();
    // A gap shows cells as such, but would hide small ones.
    double gap = Math.min(cellWidth, cellHeight) >= 10 ? 1.5 : 0;
    for (int l = 0; l < layers.size(); l++) {
      double[] load = ExpertsReport.relative(layers.get(l));
      for (int e = 0; e < experts; e++) {
        double left = x + LEFT + e * cellWidth;
        double top = y + l * cellHeight;
        g.setColor(color(load[e]));
        g.fill(new Rectangle2D.Double(left, top, cellWidth - gap, cellHeight - gap));
        number(g, load[e], left, top, cellWidth - gap, cellHeight - gap);
      }
    }
    layerLabels(g, x, y, cellHeight);
    expertLabels(g, x + LEFT, y + height - BOTTOM, cellWidth);
    colorBar(g, x + width - RIGHT + 24, y, Math.min(260, height - BOTTOM));
  }

  private void number(
      Graphics2D g, double load, double left, double top, double width, double height) {
    g.setFont(Pictures.font(Font.PLAIN, 12));
    FontMetrics metrics = g.getFontMetrics();
    String text = Formats.format("%.2f", load);
    if (metrics.stringWidth(text) + 6 <= width && metrics.getHeight() <= height) {
      boolean dark = Math.abs(load - 1) > 0.6 * span;
      g.setColor(dark ? Color.WHITE : Pictures.INK);
      float at = (float) (left + (width - metrics.stringWidth(text)) / 2);
      g.drawString(text, at, (float) (top + height / 2 + metrics.getAscent() * 0.36));
    }
  }

  private void layerLabels(Graphics2D g, int x, int y, double cellHeight) {
    g.setFont(Pictures.font(Font.PLAIN, 12));
    g.setColor(Pictures.FAINT_INK);
    FontMetrics metrics = g.getFontMetrics();
    int step = step(metrics.getHeight() / cellHeight);
    for (int l = 0; l < layers.size(); l += step) {
      String text = Integer.toString(layers.get(l).layer());
      float baseline = (float) (y + (l + 0.5) * cellHeight + metrics.getAscent() * 0.36);
      g.drawString(text, x + LEFT - 8 - metrics.stringWidth(text), baseline);
    }
    g.setFont(Pictures.font(Font.PLAIN, 13));
    g.setColor(Pictures.INK);
    double middle =
        y + layers.size() * cellHeight / 2 + g.getFontMetrics().stringWidth("Layer") / 2.0;
    g.rotate(-Math.PI / 2, x + 16, middle);
    g.drawString("Layer", x + 16, (float) middle);
    g.rotate(Math.PI / 2, x + 16, middle);
  }

  private void expertLabels(Graphics2D g, int x, int y, double cellWidth) {
    g.setFont(Pictures.font(Font.PLAIN, 12));
    g.setColor(Pictures.FAINT_INK);
    FontMetrics metrics = g.getFontMetrics();
    int step = step((metrics.stringWidth(Integer.toString(experts)) + 8) / cellWidth);
    for (int e = 0; e < experts; e += step) {
      String text = Integer.toString(e);
      float left = (float) (x + (e + 0.5) * cellWidth - metrics.stringWidth(text) / 2.0);
      g.drawString(text, left, y + 16);
    }
    g.setFont(Pictures.font(Font.PLAIN, 13));
    g.setColor(Pictures.INK);
    double middle = x + experts * cellWidth / 2;
    g.drawString(
        "Expert", (float) (middle - g.getFontMetrics().stringWidth("Expert") / 2.0), y + 40);
  }

  /** The smallest round step that leaves room for a label. */
  private static int step(double cellsPerLabel) {
    int step = 1;
    while (step < cellsPerLabel) {
      step *= 2;
    }
    return step;
  }

  private void colorBar(Graphics2D g, int x, int y, int height) {
    int width = 14;
    for (int i = 0; i < height; i++) {
      g.setColor(color(1 + span * (1 - 2.0 * i / (height - 1))));
      g.fillRect(x, y + i, width, 1);
    }
    g.setFont(Pictures.font(Font.PLAIN, 12));
    g.setColor(Pictures.FAINT_INK);
    float shift = g.getFontMetrics().getAscent() * 0.36f;
    for (double share : new double[] {1, 0.5, 0, -0.5, -1}) {
      float baseline = (float) (y + (1 - share) / 2 * height) + shift;
      // The colours end at twice the mean.
      String text = Formats.format(share == 1 && span == 1 ? "≥ %.2f" : "%.2f", 1 + share * span);
      g.drawString(text, x + width + 6, baseline);
    }
  }
}
