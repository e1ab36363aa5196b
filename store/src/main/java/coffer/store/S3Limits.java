package coffer.store;

import java.time.Duration;

/// How long and how wide an S3 store waits for its provider.
///
/// @param connectTimeout    for one connection
/// @param answerTimeout     for the head of an answer, and for each further piece of its body
/// @param slowestPerSecond  bytes per second below which an upload is given up
/// @param concurrentMax     requests in flight at once; further ones wait for their turn
/// @param turnTimeout       how long they wait for it
/// @param retry             what is done about failures that may pass
public record S3Limits(
        Duration connectTimeout,
        Duration answerTimeout,
        long slowestPerSecond,
        int concurrentMax,
        Duration turnTimeout,
        RetryPolicy retry) {

    public static final S3Limits DEFAULT = new S3Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            32 << 10,
            64,
            Duration.ofMinutes(2),
            RetryPolicy.DEFAULT);

    public S3Limits {
        if (slowestPerSecond < 1 || concurrentMax < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    Duration uploadTimeout(long size) {
        return answerTimeout.plusSeconds(size / slowestPerSecond);
    }

    /// The same with another policy of repetition.
    public S3Limits with(RetryPolicy other) {
        return new S3Limits(connectTimeout, answerTimeout, slowestPerSecond, concurrentMax, turnTimeout, other);
    }
}
