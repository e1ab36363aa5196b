@NullMarked
package coffer.agent;

import org.jspecify.annotations.NullMarked;
