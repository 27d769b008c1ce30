package dev.tyto.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** What our pictures have in common: size, fonts, colours, and how they get into a file. */
final class Pictures {
  static final Color INK = new Color(0x22, 0x2B, 0x38);
  static final Color FAINT_INK = new Color(0x6B, 0x75, 0x82);
  static final Color GRID = new Color(0xE6, 0xE9, 0xED);

  /** Pixels per point, for screens of today. */
  private static final int SCALE = 2;

  private Pictures() {}

  static Font font(int style, float size) {
    return new Font(Font.SANS_SERIF, style, 1).deriveFont(size);
  }

  /** Paints into a white picture and writes it; a PNG file appears whole or not at all. */
  static void write(Path file, int width, int height, Consumer<Graphics2D> painter)
      throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    try {
      Graphics2D g = image.createGraphics();
      g.scale(SCALE, SCALE);
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, width, height);
      painter.accept(g);
      g.dispose();
    } catch (InternalError | LinkageError e) {
      // How Java says that the machine has no fonts, or no libraries to draw them.
      throw new Failure(
          file + ": cannot draw: this machine has no fonts (install fontconfig and a font)", e);
    }
    save(image, file);
  }

  private static void save(BufferedImage image, Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".tmp");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        ImageIO.write(image, "png", out);
      }
      Files.move(temporary, absolute, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The title and, below it, what one should know. */
  static void title(Graphics2D g, String title, String subtitle) {
    g.setColor(INK);
    g.setFont(font(Font.BOLD, 22));
    g.drawString(title, 28, 40);
    g.setColor(FAINT_INK);
    g.setFont(font(Font.PLAIN, 14));
    g.drawString(subtitle, 28, 64);
  }

  /** A heading above a chart whose left border is at x. */
  static void heading(Graphics2D g, String text, int x, int y) {
    g.setColor(INK);
    g.setFont(font(Font.BOLD, 15));
    g.drawString(text, x, y);
  }

  /** Fonts and colours of a chart. */
  static void style(AxesChartStyler styler) {
    styler.setLocale(Locale.ROOT);
    styler.setChartTitleVisible(false);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(FAINT_INK);
    styler.setAxisTitleFont(font(Font.PLAIN, 13));
    styler.setAxisTickLabelsFont(font(Font.PLAIN, 12));
    styler.setLegendFont(font(Font.PLAIN, 12));
    styler.setLegendBorderColor(Color.WHITE);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setAxisTickMarksColor(GRID);
    styler.setChartPadding(8);
    styler.setPlotContentSize(0.98);
    styler.setPlotMargin(0);
  }

  /** A chart of lines. */
  static XYChart lines(int width, int height, String x, String y) {
    XYChart chart = new XYChart(width, height);
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    style(chart.getStyler());
    chart.getStyler().setMarkerSize(0);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    return chart;
  }

  /** A colour between two: share 0 is the first, 1 the second. */
  static Color between(Color a, Color b, double share) {
    return new Color(
        (int) Math.round(a.getRed() + (b.getRed() - a.getRed()) * share),
        (int) Math.round(a.getGreen() + (b.getGreen() - a.getGreen()) * share),
        (int) Math.round(a.getBlue() + (b.getBlue() - a.getBlue()) * share));
  }
}
