@NullMarked
package coffer.service;

import org.jspecify.annotations.NullMarked;
