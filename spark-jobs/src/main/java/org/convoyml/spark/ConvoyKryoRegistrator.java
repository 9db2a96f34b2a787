package org.convoyml.spark;

import com.esotericsoftware.kryo.Kryo;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.BatchPicture;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.CorruptReason;
import org.convoyml.spark.data.EncodedImage;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.dataset.ImageCounts;
import org.convoyml.spark.eval.BatchScore;
import org.convoyml.spark.preflight.ExecutorReport;
import org.convoyml.spark.preflight.Finding;
import org.convoyml.spark.train.WorkerResult;

/**
 * Names every class of ours that passes through Spark's serializer, in shuffles, caches and
 * results, so that {@code spark.kryo.registrationRequired=true} holds. Order is part of the format
 * between driver and executors.
 */
public final class ConvoyKryoRegistrator implements KryoRegistrator {
  /** Spark reads the schema of Parquet files in a task, and sends it through its serializer. */
  private static final List<DataType> COLUMN_TYPES =
      List.of(
          DataTypes.BinaryType,
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType,
          DataTypes.StringType,
          DataTypes.DateType,
          DataTypes.TimestampType,
          DataTypes.TimestampNTZType,
          DataTypes.NullType);

  private static final List<Class<?>> COMPLEX_TYPES =
      List.of(
          ArrayType.class,
          MapType.class,
          DecimalType.class,
          StructType.class,
          StructField.class,
          StructField[].class,
          Metadata.class,
          String[].class,
          String[][].class,
          Metadata[].class);

  @Override
  public void registerClasses(Kryo kryo) {
    record(kryo, EncodedImage.class);
    record(kryo, CorruptImage.class);
    record(kryo, CorruptReason.class);
    record(kryo, NumberedImages.PartitionCount.class);
    record(kryo, Totals.class);
    record(kryo, Ledger.class);
    record(kryo, StatePart.class);
    record(kryo, WorkerResult.class);
    record(kryo, BatchScore.class);
    record(kryo, ImageCounts.class);
    record(kryo, ExecutorReport.class);
    record(kryo, Finding.class);
    kryo.register(Finding.Outcome.class);
    record(kryo, BatchPicture.class);
    COLUMN_TYPES.forEach(type -> kryo.register(type.getClass()));
    COMPLEX_TYPES.forEach(kryo::register);
  }

  private static <T extends Record> void record(Kryo kryo, Class<T> type) {
    kryo.register(type, new RecordSerializer<>(type));
    // Spark collects results in arrays.
    kryo.register(type.arrayType());
  }
}
