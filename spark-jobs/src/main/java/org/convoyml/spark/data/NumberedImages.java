package org.convoyml.spark.data;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageInspector;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.FeistelPermutation;
import org.convoyml.spark.driver.Jobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A data set whose images are sorted by id and numbered from 0, once; kept encoded in executors'
 * memory, and on their disks where that is too small. Close it to free them.
 */
public final class NumberedImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NumberedImages.class);
  private static final long FREEING_MILLIS = 10_000;

  private final JavaRDD<EncodedImage> sorted;
  private final long[] firstNumbers;
  private final long fingerprint;
  private boolean finished;

  private NumberedImages(JavaRDD<EncodedImage> sorted, long[] firstNumbers, long fingerprint) {
    this.fingerprint = fingerprint;
    this.sorted = sorted;
    this.firstNumbers = firstNumbers;
  }

  /**
   * Reads, sorts, inspects and counts the images.
   *
   * @param name of the data set, for messages
   * @param limits of what it may hold; images that only decoding shows to be corrupt come on top
   * @throws ConvoyException if there is none, two have the same id, or too many are corrupt
   */
  public static NumberedImages of(ImageDataset dataset, String name, ImageLimits limits) {
    int partitions = Math.max(1, dataset.rows().javaRDD().getNumPartitions());
    JavaRDD<EncodedImage> sorted =
        sorted(dataset, partitions).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<PartitionCount> counts = Jobs.run(() -> count(sorted, limits.maxPixels()));
      long fingerprint = counts.stream().mapToLong(PartitionCount::fingerprint).sum();
      NumberedImages images = new NumberedImages(sorted, firstNumbers(counts, name), fingerprint);
      CorruptReasons corrupt = new CorruptReasons();
      counts.forEach(count -> Stream.of(count.corrupt()).forEach(corrupt::add));
      corrupt.check(limits, images.size(), name);
      return images;
    } catch (RuntimeException | Error e) {
      free(sorted, false);
      throw e;
    }
  }

  /**
   * Images in the order of their ids, cut into partitions of equal ranges of ids. A task throws
   * {@link ConvoyException} if two have the same id.
   */
  public static JavaRDD<EncodedImage> sorted(ImageDataset dataset, int partitions) {
    return dataset
        .rows()
        .javaRDD()
        .mapToPair(NumberedImages::decodeRow)
        .repartitionAndSortWithinPartitions(new IdRangePartitioner(partitions))
        .mapPartitions(DistinctIds::new);
  }

  private static Tuple2<Long, EncodedImage> decodeRow(Row row) {
    long id = row.getLong(0);
    return new Tuple2<>(
        id, new EncodedImage(id, row.getString(1), row.getInt(2), row.<byte[]>getAs(3)));
  }

  /**
   * What a partition holds.
   *
   * @param images how many
   * @param fingerprint the sum of a hash of each image: the same in any order
   * @param corrupt what is wrong with some, as far as their files show it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record PartitionCount(long images, long fingerprint, CorruptReason[] corrupt)
      implements Serializable {
    static PartitionCount of(Iterator<EncodedImage> images, long maxPixels) {
      long count = 0;
      long fingerprint = 0;
      ImageInspector inspector = new ImageInspector(maxPixels);
      CorruptReasons corrupt = new CorruptReasons();
      while (images.hasNext()) {
        EncodedImage image = images.next();
        count++;
        fingerprint += image.fingerprint();
        try {
          inspector.inspect(image.origin(), image.content());
        } catch (CorruptImageException e) {
          corrupt.add(image.id(), image.origin(), e.reason());
        }
      }
      return new PartitionCount(count, fingerprint, corrupt.toArray());
    }
  }

  private static List<PartitionCount> count(JavaRDD<EncodedImage> sorted, long maxPixels) {
    return sorted
        .mapPartitions(images -> List.of(PartitionCount.of(images, maxPixels)).iterator())
        .collect();
  }

  private static long[] firstNumbers(List<PartitionCount> counts, String name) {
    long[] first = new long[counts.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      first[i + 1] = first[i] + counts.get(i).images();
    }
    if (first[counts.size()] == 0) {
      throw new ConvoyException(name + ": expected images, found none");
    }
    return first;
  }

  /** How many images there are. */
  public long size() {
    return firstNumbers[firstNumbers.length - 1];
  }

  /** The sum of a hash of each image's id and label, the same however the data set is packed. */
  public long fingerprint() {
    return fingerprint;
  }

  /** How many partitions the images lie in. */
  public int partitions() {
    return sorted.getNumPartitions();
  }

  /**
   * Deals the images by one shuffle: each partition receives its micro-batches in order, each keyed
   * by {@link BatchKey}.
   *
   * @param plan of the micro-batches, for {@link #size()} images
   * @param orderKey key of the permutation that gives each number its place; empty leaves them in
   *     order
   * @param partitioner says which partition gets which micro-batch
   */
  public JavaPairRDD<Long, EncodedImage> deal(
      BatchPlan plan, long[] orderKey, Partitioner partitioner) {
    return deal(plan, 0, plan.batches(), orderKey, partitioner);
  }

  /**
   * The same for micro-batches {@code [firstBatch, endBatch)} only. Other images are left out
   * before the shuffle.
   */
  public JavaPairRDD<Long, EncodedImage> deal(
      BatchPlan plan, long firstBatch, long endBatch, long[] orderKey, Partitioner partitioner) {
    return sorted
        .mapPartitionsWithIndex(
            new Placing(plan, firstBatch, endBatch, orderKey, firstNumbers), true)
        .mapToPair(placed -> placed)
        .repartitionAndSortWithinPartitions(partitioner);
  }

  /**
   * Says that no task can need them any more, as after a job that succeeded. Only then may what
   * they were sorted by be deleted: a task that asks for it would get no answer for two minutes.
   */
  public void finished() {
    finished = true;
  }

  /** Frees the executors' memory; their disks too if they are {@link #finished}. */
  @Override
  public void close() {
    free(sorted, finished);
  }

  private static void free(JavaRDD<EncodedImage> sorted, boolean finished) {
    // Waits for the executors: if their answers found a Spark that is stopping, Scala would print
    // stack traces to standard error, past all log settings. But not for long, since one may stand
    // still, and on a thread of its own, since this one may have been interrupted.
    Thread freeing =
        new Thread(
            () -> {
              unpersist(sorted);
              if (finished) {
                sorted.rdd().cleanShuffleDependencies(false);
              }
            },
            "convoy-unpersist");
    freeing.setDaemon(true);
    freeing.setUncaughtExceptionHandler(
        (thread, e) -> LOG.debug("an executor did not say that its images are freed", e));
    freeing.start();
    boolean interrupted = Thread.interrupted();
    try {
      freeing.join(FREEING_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unpersist(JavaRDD<EncodedImage> sorted) {
    try {
      sorted.unpersist(true);
    } catch (Exception e) { // Spark's Scala throws checked exceptions that nothing declares
      LOG.debug("an executor did not say that its images are freed", e);
      // Without waiting Spark forgets them in any case.
      sorted.unpersist(false);
    }
  }

  /** Gives each image its place in the epoch. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Placing(
      BatchPlan plan, long firstBatch, long endBatch, long[] orderKey, long[] firstNumbers)
      implements Function2<Integer, Iterator<EncodedImage>, Iterator<Tuple2<Long, EncodedImage>>> {
    @Override
    public Iterator<Tuple2<Long, EncodedImage>> call(
        Integer partition, Iterator<EncodedImage> images) {
      FeistelPermutation order =
          orderKey.length == 0 ? null : new FeistelPermutation(plan.images(), orderKey);
      return new Iterator<>() {
        private long number = firstNumbers[partition];
        private Tuple2<Long, EncodedImage> next;

        @Override
        public boolean hasNext() {
          while (next == null && images.hasNext()) {
            EncodedImage image = images.next();
            if (number >= plan.images()) {
              throw new ConvoyException(
                  "%s: there were %,d images, and this is one more, so the data set has changed meanwhile"
                      .formatted(image.origin(), plan.images()));
            }
            long place = order == null ? number : order.apply(number);
            number++;
            long batch = plan.batchOf(place);
            if (batch >= firstBatch && batch < endBatch) {
              int position = (int) (place - plan.firstOf(batch));
              next = new Tuple2<>(BatchKey.of(batch, position), image);
            }
          }
          return next != null;
        }

        @Override
        public Tuple2<Long, EncodedImage> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          Tuple2<Long, EncodedImage> placed = next;
          next = null;
          return placed;
        }
      };
    }
  }

  /**
   * Passes images on and refuses a second one with the same id, which sorting has put next to the
   * first.
   */
  private static final class DistinctIds implements Iterator<EncodedImage> {
    private final Iterator<Tuple2<Long, EncodedImage>> sorted;
    private EncodedImage last;

    private DistinctIds(Iterator<Tuple2<Long, EncodedImage>> sorted) {
      this.sorted = sorted;
    }

    @Override
    public boolean hasNext() {
      return sorted.hasNext();
    }

    @Override
    public EncodedImage next() {
      EncodedImage image = sorted.next()._2();
      if (last != null && last.id() == image.id()) {
        throw new ConvoyException(
            "%s and %s have the same path within the data set, or the same hash of it: rename one"
                .formatted(last.origin(), image.origin()));
      }
      last = image;
      return image;
    }
  }
}
