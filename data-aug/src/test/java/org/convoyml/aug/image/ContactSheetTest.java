package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.convoyml.aug.TestImages;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final byte[] CHECKS =
      TestImages.pgm(2, 2, new byte[] {0, (byte) 200, (byte) 200, 0});
  private static final byte[] WIDE = TestImages.pgm(10, 1000, new byte[10_000]);

  @Test
  void imagesStandInTheirCells() throws IOException {
    BufferedImage sheet =
        read(
            new ContactSheet(
                "rotate(10)",
                List.of("original", "1"),
                List.of(
                    new ContactSheet.Row("a.png", List.of(CHECKS, WIDE)),
                    new ContactSheet.Row("b.png", List.of(WIDE, CHECKS)))));
    assertThat(sheet.getWidth()).isEqualTo(8 + 2 * 168);
    assertThat(sheet.getHeight()).isEqualTo(8 + 2 * 20 + 2 * (160 + 20 + 8));
    // Pixels are squares of 80 × 80.
    assertThat(grey(sheet, 8 + 40, 48 + 40)).isZero();
    assertThat(grey(sheet, 8 + 120, 48 + 40)).isEqualTo(200);
    assertThat(grey(sheet, 8 + 79, 48 + 79)).isZero();
    // A wide image is a line in the middle of its cell.
    assertThat(grey(sheet, 176 + 80, 48 + 80)).isZero();
    assertThat(grey(sheet, 176 + 80, 48 + 40)).isEqualTo(255);
    assertThat(grey(sheet, 176 + 40, 48 + 188 + 40)).isZero();
  }

  @Test
  void captionsAreWritten() throws IOException {
    BufferedImage sheet =
        read(
            new ContactSheet(
                "a policy that is much too long to be on one line of a sheet with one column",
                List.of("original"),
                List.of(new ContactSheet.Row("ü/very/long/name/of/a/file.png", List.of(CHECKS)))));
    assertThat(sheet.getHeight()).as("lines of the title").isGreaterThan(8 + 4 * 20 + 188);
    assertThat(darkPixels(sheet, 0, 20)).isPositive();
    assertThat(darkPixels(sheet, sheet.getHeight() - 28, sheet.getHeight())).isPositive();
  }

  @Test
  void notesStandBetweenImagesAndCaption() throws IOException {
    ContactSheet.Row row =
        new ContactSheet.Row("", List.of(CHECKS, CHECKS), List.of("", "a note that is too long"));
    BufferedImage sheet = read(new ContactSheet("", List.of("1", "2"), List.of(row)));
    assertThat(sheet.getHeight()).isEqualTo(8 + 2 * 20 + 160 + 20 + 20 + 8);
    assertThat(darkPixels(sheet, 48 + 160, 48 + 180)).isPositive();
    assertThat(darkPixels(sheet, 48 + 180, sheet.getHeight())).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ContactSheet.Row("a", List.of(CHECKS, CHECKS), List.of("1")))
        .withMessage("a: expected a note for each of 2 images, got 1");
  }

  @Test
  void anImageIsMissing() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ContactSheet(
                    "", List.of("1", "2"), List.of(new ContactSheet.Row("a", List.of(CHECKS)))))
        .withMessage("a: expected 2 images, got 1");
  }

  @Test
  void inPlaceOfAnImageThatCannotBeDecodedStandsTheReason() throws IOException {
    BufferedImage sheet =
        read(
            new ContactSheet(
                "",
                List.of("1"),
                List.of(new ContactSheet.Row("", List.of(UnreadableImage.of("denied"))))));
    assertThat(darkPixels(sheet, 48, 48 + 20)).isPositive();
    assertThat(darkPixels(sheet, 48 + 40, sheet.getHeight())).isZero();
  }

  private static BufferedImage read(ContactSheet sheet) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(sheet.toPng()));
  }

  private static int grey(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFF;
  }

  private static int darkPixels(BufferedImage image, int top, int bottom) {
    int count = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += grey(image, x, y) < 128 ? 1 : 0;
      }
    }
    return count;
  }
}
