/**
 * The command line: {@code convoy train}, {@code convoy evaluate}. Here words become a
 * configuration, progress becomes lines on a screen, and exceptions become one line and an exit
 * code; nothing is trained here.
 */
package org.convoyml.spark.cli;
