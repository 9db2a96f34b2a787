package org.convoyml.spark.train;

import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.spec.NetworkSpec;

/**
 * One training: what, on what, how, and where to.
 *
 * @param network what is trained
 * @param preprocessing what the network expects of an image
 * @param dataset the images; {@link Validation#split} says how many are kept from training
 * @param datasetName names them in messages and in the model's provenance
 * @param config how to train
 * @param output the model directory to write, on any Hadoop file system
 * @param overwrite whether it may replace what is there
 * @param resume whether to go on from the newest checkpoint, if there is one
 */
public record TrainingJob(
    NetworkSpec network,
    Preprocessing preprocessing,
    ImageDataset dataset,
    String datasetName,
    TrainingConfig config,
    String output,
    boolean overwrite,
    boolean resume) {}
