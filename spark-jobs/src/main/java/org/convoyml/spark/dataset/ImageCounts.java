package org.convoyml.spark.dataset;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.spark.data.EncodedImage;

/**
 * What some images amount to.
 *
 * @param images how many
 * @param bytes of their contents
 * @param unreadable how many of them could not be read
 * @param fingerprint the sum of the images'
 */
public record ImageCounts(long images, long bytes, long unreadable, long fingerprint)
    implements Serializable {

  static ImageCounts of(Iterator<EncodedImage> images) {
    long count = 0;
    long bytes = 0;
    long unreadable = 0;
    long fingerprint = 0;
    while (images.hasNext()) {
      EncodedImage image = images.next();
      count++;
      bytes += image.content().length;
      unreadable += UnreadableImage.reason(image.content()).isPresent() ? 1 : 0;
      fingerprint += image.fingerprint();
    }
    return new ImageCounts(count, bytes, unreadable, fingerprint);
  }

  static ImageCounts sum(List<ImageCounts> parts) {
    return parts.stream()
        .reduce(
            new ImageCounts(0, 0, 0, 0),
            (a, b) ->
                new ImageCounts(
                    a.images + b.images,
                    a.bytes + b.bytes,
                    a.unreadable + b.unreadable,
                    a.fingerprint + b.fingerprint));
  }
}
