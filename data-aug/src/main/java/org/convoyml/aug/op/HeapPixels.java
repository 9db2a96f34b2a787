package org.convoyml.aug.op;

/**
 * An image's levels in the Java heap, (H, W, C), where colours are computed. They stay there for as
 * long as nothing needs them in native memory, since copying forth and back takes as long as
 * computing. Grows, and is reused.
 */
final class HeapPixels {
  private byte[] bytes = new byte[0];
  private byte[] spare = new byte[0];
  private boolean filled;
  private boolean ahead;

  /** Only native memory has the image. */
  void forget() {
    filled = false;
    ahead = false;
  }

  /** The image; copied unless it is here already. */
  byte[] of(Raster image, int length) {
    if (!filled) {
      if (bytes.length < length) {
        bytes = new byte[length];
      }
      image.read(bytes, length);
      filled = true;
    }
    return bytes;
  }

  /** What {@link #of} gave was changed: native memory no longer has the image. */
  void changed() {
    ahead = true;
  }

  /** Somewhere to compute the next image from this one. */
  byte[] spare() {
    if (spare.length < bytes.length) {
      spare = new byte[bytes.length];
    }
    return spare;
  }

  /** Makes {@link #spare} the image. */
  void acceptSpare() {
    byte[] before = bytes;
    bytes = spare;
    spare = before;
    ahead = true;
  }

  /** Gives the image to native memory if it does not have it. */
  void flush(Raster into, int length) {
    if (ahead) {
      into.write(bytes, length);
      ahead = false;
    }
  }
}
