package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;

/**
 * The image that operations vary: 8 bits, grey or red, green, blue. Operations tell it what to do;
 * it does it as late as it can, and several things at once:
 *
 * <ul>
 *   <li>Moves of pixels (geometry) are composed to one map, so that an image is interpolated once
 *       however many there are. What a crop or a move puts out of sight can therefore come back
 *       with the next move. If the map only flips and shifts by whole pixels, they are copied.
 *   <li>Lookup tables are composed to one. Flips and crops commute with them and go first.
 *   <li>The image is decoded when its pixels are first needed, and smaller if the map by then needs
 *       no more ({@link PixelSource#decode}).
 * </ul>
 *
 * <p>Owns its native buffers and reuses them for one image after another: one thread, and close it.
 * In a steady state (images of equal sizes) nothing is allocated.
 */
public final class ImageCanvas implements AutoCloseable {
  private final PendingGeometry geometry = new PendingGeometry();
  private final Resampler resampler = new Resampler();
  private final PendingLookup lookup = new PendingLookup();
  private final PixelFilters filters = new PixelFilters();
  private final Displacement displacement = new Displacement();
  private final CanvasColours colours = new CanvasColours(this);
  private final HeapPixels heap = new HeapPixels();

  /** The image if {@link #owned}; the other is where the next one is made. */
  private Raster front = new Raster();

  private Raster back = new Raster();
  private PixelSource source;
  private Mat image;
  private boolean owned;
  private Border border;

  /** Begins with another image; forgets the last. */
  public void open(PixelSource source) {
    this.source = source;
    image = null;
    owned = false;
    border = null;
    heap.forget();
    geometry.reset(source.height(), source.width());
    lookup.reset(source.channels());
  }

  /** Rows of the image as it is now, all that was asked for included. */
  public int height() {
    return geometry.height();
  }

  /** Columns of the image as it is now, all that was asked for included. */
  public int width() {
    return geometry.width();
  }

  /** 1 for grey, 3 for red, green, blue; operations leave it as it is. */
  public int channels() {
    return source.channels();
  }

  // ---- geometry; pixel coordinates are x to the right, y downwards, (0, 0) the middle of the top
  // left pixel

  /**
   * Moves what is at {@code (x, y)} to {@code (xx·x + xy·y + x0, yx·x + yy·y + y0)}; the size
   * stays; what comes in is black.
   *
   * @throws IllegalArgumentException if the map folds the image to a line
   */
  public void affine(double xx, double xy, double x0, double yx, double yy, double y0) {
    beforeExposing(Border.BLACK);
    geometry.affine(xx, xy, x0, yx, yy, y0);
  }

  /**
   * The same for a map that is given about the image's centre: what is at {@code centre + (x, y)}
   * moves to {@code centre + (xx·x + xy·y + right, yx·x + yy·y + down)}.
   */
  public void affineAboutCentre(
      double xx, double xy, double yx, double yy, double right, double down) {
    double centreX = (width() - 1) / 2.0;
    double centreY = (height() - 1) / 2.0;
    affine(
        xx,
        xy,
        centreX - xx * centreX - xy * centreY + right,
        yx,
        yy,
        centreY - yx * centreX - yy * centreY + down);
  }

  /** Cuts out a rectangle, which may reach over the edges: what is there is black. */
  public void crop(int x, int y, int height, int width) {
    crop(x, y, height, width, Border.BLACK);
  }

  /** Cuts out a rectangle, which may reach over the edges. */
  public void crop(int x, int y, int height, int width, Border border) {
    if (x < 0 || y < 0 || x + width > width() || y + height > height()) {
      beforeExposing(border);
    }
    geometry.from(height, width, 1, 0, x, 0, 1, y);
  }

  /** Cuts out the rectangle in the middle; what is missing is black. */
  public void centreCrop(int height, int width) {
    crop(middle(width(), width), middle(height(), height), height, width);
  }

  /** As torchvision rounds it. */
  private static int middle(int whole, int part) {
    return whole < part ? -((part - whole) / 2) : (int) Math.rint((whole - part) / 2.0);
  }

  /** Cuts out a rectangle, which lies in the image, and makes it {@code toHeight × toWidth}. */
  public void resizedCrop(int x, int y, int height, int width, int toHeight, int toWidth) {
    beforeResampling();
    double scaleX = (double) width / toWidth;
    double scaleY = (double) height / toHeight;
    // Edges go to edges; the middle of a pixel is half a pixel from its edge.
    geometry.from(
        toHeight, toWidth, scaleX, 0, x + scaleX / 2 - 0.5, 0, scaleY, y + scaleY / 2 - 0.5);
  }

  /** Makes the image another size. */
  public void resize(int toHeight, int toWidth) {
    resizedCrop(0, 0, height(), width(), toHeight, toWidth);
  }

  /** Makes the shorter side so long and the longer one in proportion, rounded down. */
  public void resizeShorterSide(int length) {
    long shorter = Math.min(height(), width());
    resize((int) (height() * length / shorter), (int) (width() * length / shorter));
  }

  /** Makes the image this size: scaled in proportion until it just covers it, cut in the middle. */
  public void cover(int toHeight, int toWidth) {
    boolean wide = (long) width() * toHeight >= (long) height() * toWidth;
    int height =
        wide ? height() : Math.max(1, (int) Math.rint((double) width() * toHeight / toWidth));
    int width =
        wide ? Math.max(1, (int) Math.rint((double) height() * toWidth / toHeight)) : width();
    resizedCrop(middle(width(), width), middle(height(), height), height, width, toHeight, toWidth);
  }

  /** Left becomes right. */
  public void flipHorizontally() {
    geometry.from(height(), width(), -1, 0, width() - 1, 0, 1, 0);
  }

  /** Top becomes bottom. */
  public void flipVertically() {
    geometry.from(height(), width(), 1, 0, 0, 0, -1, height() - 1);
  }

  /** Adds a border of so many pixels on each side. */
  public void pad(int pixels, Border border) {
    crop(-pixels, -pixels, height() + 2 * pixels, width() + 2 * pixels, border);
  }

  /**
   * Moves the middles of the image's corner pixels to the given places, and all between them as a
   * camera would see it; the size stays; what comes in is black.
   *
   * @throws IllegalArgumentException if three of the places lie on a line
   */
  public void perspective(
      double topLeftX,
      double topLeftY,
      double topRightX,
      double topRightY,
      double bottomRightX,
      double bottomRightY,
      double bottomLeftX,
      double bottomLeftY) {
    if (width() == 1 || height() == 1) {
      return; // has no four corners
    }
    beforeExposing(Border.BLACK);
    geometry.quadrilateral(
        topLeftX,
        topLeftY,
        topRightX,
        topRightY,
        bottomRightX,
        bottomRightY,
        bottomLeftX,
        bottomLeftY);
  }

  /**
   * Moves every pixel a little by a smooth random field: uniform in [−1, 1) for each pixel and
   * direction, blurred by a Gaussian of deviation {@code sigma} pixels, times {@code alpha} pixels.
   * Mirrored at the edges.
   */
  public void displace(KeyedRandom random, double alpha, double sigma) {
    Mat from = pixels();
    displacement.apply(from, random, alpha, sigma, draft());
    accept();
  }

  // ---- point operations

  /**
   * Replaces every value by the table's at its place.
   *
   * @param table 256 levels for all channels, or {@code 256·channels}, those of the first channel
   *     first; copied
   */
  public void lookup(byte[] table) {
    lookup.then(table);
  }

  /**
   * Replaces every pixel of a colour image by a linear function of its channels, rounded and
   * clipped to 0 to 255; grey images stay.
   *
   * @param matrix (3, 4): for each new channel the factors of red, green, blue (0 to 255), and a
   *     constant
   */
  public void colourMatrix(double[] matrix) {
    if (channels() == 3) {
      Mat from = pixels();
      filters.colourMatrix(from, matrix, draft());
      accept();
    }
  }

  /** What changes levels and colours as Pillow and torchvision do. */
  CanvasColours colours() {
    return colours;
  }

  // ---- neighbourhood and noise

  /** Blurs by a Gaussian of the given deviation in pixels; mirrored at the edges. */
  public void blur(double sigma) {
    Mat from = pixels();
    filters.blur(from, sigma, draft());
    accept();
  }

  /** Makes a JPEG file of the image and decodes it again; quality is 1 to 100. */
  public void jpeg(int quality) {
    Mat from = pixels();
    filters.jpeg(from, quality, draft());
    accept();
  }

  /** Fills a rectangle, as far as it is inside the image, with one level. */
  public void erase(int x, int y, int height, int width, int value) {
    filters.erase(editable(), x, y, height, width, value);
  }

  // ---- what operations are made of

  /**
   * The image with all that was asked for done, (H, W, C) without gaps. Not to be written to, nor
   * released; valid until the next call of any method.
   */
  public Mat pixels() {
    settleGeometry();
    heap.flush(front, length());
    if (!lookup.isIdentity()) {
      lookup.apply(image, draft());
      accept();
      lookup.reset(channels());
    }
    return image;
  }

  /** The same, to be written to in place. */
  public Mat editable() {
    Mat from = pixels();
    if (!owned) {
      from.copyTo(draft());
      accept();
    }
    heap.forget();
    return image;
  }

  /**
   * Other memory of the size and type of {@link #pixels}, with undefined values, to make the next
   * image in. Ask for {@link #pixels} first.
   */
  public Mat draft() {
    return back.create(height(), width(), CV_8UC(channels()));
  }

  /** Makes the last {@link #draft} the image. */
  public void accept() {
    Raster made = back;
    back = front;
    front = made;
    image = made.mat();
    owned = true;
    heap.forget();
  }

  /**
   * Copies the image, (H, W, C), with all that was asked for done.
   *
   * @param into receives {@code height·width·channels} bytes
   */
  public void read(byte[] into) {
    byte[] levels = heap();
    if (lookup.isIdentity()) {
      System.arraycopy(levels, 0, into, 0, length());
    } else {
      lookup.apply(levels, length(), into);
    }
  }

  /**
   * The same as floats, (C, H, W).
   *
   * @param values what each level of each channel becomes, (C, 256)
   * @param into receives {@code channels·height·width} values
   * @param offset index of the first of them
   */
  public void read(float[] values, float[] into, int offset) {
    byte[] levels = heap();
    int plane = height() * width();
    if (channels() == 1) {
      PixelArithmetic.greyPlane(levels, plane, lookup.composed(values), into, offset);
    } else {
      PixelArithmetic.colourPlanes(levels, plane, lookup.composed(values), into, offset);
    }
  }

  /**
   * The image in the Java heap, (H, W, C), to which {@link #pendingTable} was not yet applied; the
   * array may be longer. What is changed in it counts after {@link #heapChanged}.
   */
  byte[] heap() {
    settleGeometry();
    if (!owned) {
      // Of its own memory the canvas knows the address.
      image.copyTo(draft());
      accept();
    }
    return heap.of(front, length());
  }

  /** How many bytes of {@link #heap} are the image. */
  int length() {
    return height() * width() * channels();
  }

  /** What each level of each channel of {@link #heap} is yet to become, (C, 256). */
  byte[] pendingTable() {
    return lookup.table();
  }

  /** The image in {@link #heap} was changed, and what was pending is done. */
  void heapChanged() {
    lookup.reset(channels());
    heap.changed();
  }

  /** {@link #heap} with nothing pending, and {@link HeapPixels#spare} for what comes of it. */
  HeapPixels settledHeap() {
    byte[] levels = heap();
    if (!lookup.isIdentity()) {
      lookup.apply(levels, length(), levels);
      heapChanged();
    }
    return heap;
  }

  @Override
  public void close() {
    front.close();
    back.close();
    resampler.close();
    lookup.close();
    filters.close();
    displacement.close();
  }

  /** Where pixels will come from; for tests. */
  PendingGeometry geometry() {
    return geometry;
  }

  /** Interpolation does not commute with tables. */
  private void beforeResampling() {
    if (!lookup.isIdentity()) {
      pixels();
    }
  }

  /** One map has one kind of border, and that is not to be changed by a table. */
  private void beforeExposing(Border next) {
    beforeResampling();
    if (border != null && (border != next || next == Border.REFLECT)) {
      settleGeometry();
    }
    border = next;
  }

  private void settleGeometry() {
    if (image == null) {
      decode();
    }
    if (!geometry.isIdentity(image.rows(), image.cols())) {
      heap.flush(front, image.rows() * image.cols() * channels());
      int height = height();
      int width = width();
      Border outside = border == null ? Border.BLACK : border;
      resampler.resample(image, geometry, outside, back.create(height, width, image.type()));
      accept();
    }
    geometry.reset(image.rows(), image.cols());
    border = null;
  }

  private void decode() {
    double shrinkage = geometry.leastShrinkage();
    int reduction = shrinkage >= 8 ? 8 : shrinkage >= 4 ? 4 : shrinkage >= 2 ? 2 : 1;
    image = source.decode(reduction);
    boolean whole = image.rows() == source.height() && image.cols() == source.width();
    if (!whole) {
      if (image.rows() != reduced(source.height(), reduction)
          || image.cols() != reduced(source.width(), reduction)) {
        throw new IllegalStateException(
            "expected %d×%d pixels reduced %d times, got %d×%d"
                .formatted(source.height(), source.width(), reduction, image.rows(), image.cols()));
      }
      geometry.shrinkSource(reduction, reduction);
    }
  }

  private static int reduced(int length, int reduction) {
    return (length + reduction - 1) / reduction;
  }
}
