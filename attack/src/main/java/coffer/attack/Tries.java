package coffer.attack;

import coffer.core.ErrorCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a static method that takes a [World] as an attack.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Tries {

    /// Entries of the catalogue.
    String[] entry();

    /// One sentence.
    String what();

    /// Every one of these codes must be seen, and no other; empty where the attack must be without any effect.
    ErrorCode[] holds() default {};

    /// Codes that may be seen as well.
    ErrorCode[] also() default {};

    /// Whether an open device must go on saying ROLLBACK or FORK after a restart, the service being honest again.
    boolean stays() default true;
}
