/**
 * All-reduce between executors on Spark's own network layer. {@link
 * org.convoyml.spark.collective.transport.TransportAllReduce} is what a member does, {@code
 * TransportReduction} its part in a sum, {@code Inbox} what has come for it, {@code Link} the way
 * to another member, {@code Transport} what members of one executor share: a port, and Spark's
 * authentication and encryption. Before that the tasks of a barrier stage, {@code BarrierTask},
 * meet at the driver's {@code MeetingPoint}. Depends on {@code collective} and {@code nn}.
 */
package org.convoyml.spark.collective.transport;
