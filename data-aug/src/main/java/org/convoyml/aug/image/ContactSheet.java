package org.convoyml.aug.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_NEAREST;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.getTextSize;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.convoyml.nn.spec.Shape;

/**
 * Draws images in rows and columns on one picture, to be looked at. Small images are enlarged by a
 * whole factor with their pixels as squares, large ones are reduced; neither is cut.
 *
 * @param title above all
 * @param columns what stands above each column
 * @param rows from top to bottom
 */
public record ContactSheet(String title, List<String> columns, List<Row> rows) {
  /** Pixels of the longer side of a large image as it is drawn. */
  public static final int CELL = 160;

  private static final int GAP = 8;
  private static final int LINE = 20;
  private static final double FONT_SCALE = 0.45;
  private static final int BACKGROUND = 255;
  private static final int INK = 40;

  /**
   * Images in a row.
   *
   * @param caption below them
   * @param images files that an {@link ImageDecoder} reads, one for each column
   * @param notes what stands below each image, or none at all
   */
  public record Row(String caption, List<byte[]> images, List<String> notes) {
    public Row {
      images = List.copyOf(images);
      notes = List.copyOf(notes);
      if (!notes.isEmpty() && notes.size() != images.size()) {
        throw new IllegalArgumentException(
            "%s: expected a note for each of %d images, got %d"
                .formatted(caption, images.size(), notes.size()));
      }
    }

    /** Without notes. */
    public Row(String caption, List<byte[]> images) {
      this(caption, images, List.of());
    }
  }

  public ContactSheet {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.images().size() != columns.size()) {
        throw new IllegalArgumentException(
            "%s: expected %d images, got %d"
                .formatted(row.caption(), columns.size(), row.images().size()));
      }
    }
  }

  /** The picture as a PNG file. In place of an image that cannot be decoded stands the reason. */
  public byte[] toPng() {
    int width = GAP + columns.size() * (CELL + GAP);
    List<String> titleLines = wrap(title, width - 2 * GAP);
    int top = GAP + (titleLines.size() + 1) * LINE;
    int height = top + rows.stream().mapToInt(row -> height(row) + lines(row) * LINE + GAP).sum();
    try (Scalar background = Scalar.all(BACKGROUND);
        Mat sheet = new Mat(height, width, CV_8UC3, background);
        ImageDecoder decoder = new ImageDecoder(3);
        ImageEncoder encoder = new ImageEncoder(OutputFormat.PNG, 100)) {
      for (int i = 0; i < titleLines.size(); i++) {
        write(sheet, titleLines.get(i), GAP, GAP + i * LINE);
      }
      for (int column = 0; column < columns.size(); column++) {
        write(sheet, fitted(columns.get(column), CELL), left(column), top - LINE);
      }
      int y = top;
      for (Row row : rows) {
        int rowHeight = height(row);
        for (int column = 0; column < columns.size(); column++) {
          draw(sheet, decoder, row.images().get(column), left(column), y, rowHeight);
          if (!row.notes().isEmpty()) {
            write(sheet, begun(row.notes().get(column)), left(column), y + rowHeight);
          }
        }
        y += rowHeight + lines(row) * LINE + GAP;
        write(sheet, fitted(row.caption(), width - 2 * GAP), GAP, y - LINE - GAP);
      }
      return encoder.encode(sheet);
    }
  }

  /** Of text, below the images. */
  private static int lines(Row row) {
    return row.notes().isEmpty() ? 1 : 2;
  }

  private static int left(int column) {
    return GAP + column * (CELL + GAP);
  }

  /** That of the tallest image as it is drawn. */
  private static int height(Row row) {
    int height = LINE;
    for (byte[] content : row.images()) {
      try {
        Shape shape = ImageDecoder.shapeOf("", content, ImageDecoder.MAX_PIXELS);
        height = Math.max(height, scaled(shape.height(), factor(shape.height(), shape.width())));
      } catch (CorruptImageException e) {
        height = Math.max(height, CELL / 2);
      }
    }
    return height;
  }

  private static double factor(int height, int width) {
    int longer = Math.max(height, width);
    return longer <= CELL ? CELL / longer : (double) CELL / longer;
  }

  private static int scaled(int length, double factor) {
    return Math.max(1, (int) Math.round(length * factor));
  }

  private static void draw(
      Mat sheet, ImageDecoder decoder, byte[] content, int x, int y, int rowHeight) {
    Mat image;
    try {
      image = decoder.decode("", content);
    } catch (CorruptImageException e) {
      List<String> lines = wrap(e.reason(), CELL);
      for (int i = 0; i < Math.min(lines.size(), rowHeight / LINE); i++) {
        write(sheet, lines.get(i), x, y + i * LINE);
      }
      return;
    }
    draw(sheet, image, x, y, rowHeight);
  }

  /** In the middle of its cell. */
  private static void draw(Mat sheet, Mat image, int x, int y, int rowHeight) {
    double factor = factor(image.rows(), image.cols());
    int height = scaled(image.rows(), factor);
    int width = scaled(image.cols(), factor);
    try (Rect place =
            new Rect(x + (CELL - width) / 2, y + (rowHeight - height) / 2, width, height);
        Mat target = new Mat(sheet, place);
        Size size = new Size(width, height)) {
      resize(image, target, size, 0, 0, factor >= 1 ? INTER_NEAREST : INTER_AREA);
    }
  }

  private static void write(Mat sheet, String text, int x, int y) {
    try (Point baseline = new Point(x, y + LINE - 6);
        Scalar ink = Scalar.all(INK)) {
      putText(sheet, text, baseline, FONT_HERSHEY_SIMPLEX, FONT_SCALE, ink, 1, LINE_AA, false);
    }
  }

  /** Breaks a text at spaces into lines that fit. */
  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && widthOf(drawable(longer)) > width) {
        lines.add(fitted(line, width));
        line = word;
      } else {
        line = longer;
      }
    }
    lines.add(fitted(line, width));
    return lines;
  }

  /** The end of a text, which tells file names apart, as far as it fits. */
  private static String fitted(String text, int width) {
    String drawable = drawable(text);
    String shown = drawable;
    for (int from = 1; widthOf(shown) > width; from++) {
      shown = "..." + drawable.substring(from);
    }
    return shown;
  }

  /** The beginning of a note, as far as it fits below its image. */
  private static String begun(String text) {
    String drawable = drawable(text);
    String shown = drawable;
    for (int to = drawable.length() - 1; widthOf(shown) > CELL; to--) {
      shown = drawable.substring(0, to) + "...";
    }
    return shown;
  }

  /** OpenCV's font knows ASCII only. */
  private static String drawable(String text) {
    return text.replaceAll("[^\\x20-\\x7E]", "?");
  }

  private static int widthOf(String text) {
    try (IntPointer baseline = new IntPointer(1);
        Size size = getTextSize(text, FONT_HERSHEY_SIMPLEX, FONT_SCALE, 1, baseline)) {
      return size.width();
    }
  }
}
