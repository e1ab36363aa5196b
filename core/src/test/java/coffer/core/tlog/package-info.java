/// Tests of the logs, and what others need to test against them.
@NullMarked
package coffer.core.tlog;

import org.jspecify.annotations.NullMarked;
