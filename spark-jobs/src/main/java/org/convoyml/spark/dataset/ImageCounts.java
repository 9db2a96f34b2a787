package org.convoyml.spark.dataset;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageInspector;
import org.convoyml.spark.data.CorruptReason;
import org.convoyml.spark.data.CorruptReasons;
import org.convoyml.spark.data.EncodedImage;

/**
 * What some images amount to.
 *
 * @param images how many
 * @param bytes of their contents
 * @param fingerprint the sum of the images'
 * @param corrupt what is wrong with some, as far as their files show it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ImageCounts(long images, long bytes, long fingerprint, CorruptReason[] corrupt)
    implements Serializable {

  static ImageCounts of(Iterator<EncodedImage> images, long maxPixels) {
    long count = 0;
    long bytes = 0;
    long fingerprint = 0;
    ImageInspector inspector = new ImageInspector(maxPixels);
    CorruptReasons corrupt = new CorruptReasons();
    while (images.hasNext()) {
      EncodedImage image = images.next();
      count++;
      bytes += image.content().length;
      fingerprint += image.fingerprint();
      try {
        inspector.inspect(image.origin(), image.content());
      } catch (CorruptImageException e) {
        corrupt.add(image.id(), image.origin(), e.reason());
      }
    }
    return new ImageCounts(count, bytes, fingerprint, corrupt.toArray());
  }

  static ImageCounts sum(List<ImageCounts> parts) {
    CorruptReasons corrupt = new CorruptReasons();
    parts.forEach(part -> Stream.of(part.corrupt).forEach(corrupt::add));
    return new ImageCounts(
        parts.stream().mapToLong(ImageCounts::images).sum(),
        parts.stream().mapToLong(ImageCounts::bytes).sum(),
        parts.stream().mapToLong(ImageCounts::fingerprint).sum(),
        corrupt.toArray());
  }

  CorruptReasons reasons() {
    CorruptReasons reasons = new CorruptReasons();
    Stream.of(corrupt).forEach(reasons::add);
    return reasons;
  }
}
