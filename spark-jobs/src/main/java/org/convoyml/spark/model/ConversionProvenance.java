package org.convoyml.spark.model;

/**
 * Where a converted model comes from.
 *
 * @param convertedFrom the file
 * @param sha256 of the file, in hexadecimal
 * @param model the network in the zoo
 * @param convoy version that converted it
 */
public record ConversionProvenance(
    String convertedFrom, String sha256, String model, String convoy) {}
