package org.convoyml.spark.train;

import org.convoyml.spark.data.LanePlan;

/**
 * What a training will do, known before it begins.
 *
 * @param network its name
 * @param parameters how many numbers are trained
 * @param classes how many classes are told apart
 * @param lanes how an epoch is cut
 * @param epochs how many
 * @param workers how many tasks train
 * @param threadsPerWorker compute threads of each
 * @param engine name of the engine
 * @param nativeBytesPerWorker memory outside the Java heap that each worker's network takes
 */
public record TrainingPlan(
    String network,
    int parameters,
    int classes,
    LanePlan lanes,
    int epochs,
    int workers,
    int threadsPerWorker,
    String engine,
    long nativeBytesPerWorker) {}
