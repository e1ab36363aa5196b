package coffer.service.placement;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one stored pack needs to be where it belongs. Writing comes first: nothing leaves before every copy that belongs is
/// held, and nothing leaves at all while the region has too few providers for the wanted number of copies.
///
/// @param write providers that are to get a copy
/// @param leave providers whose copy is one too many
public record Moves(Set<String> write, Set<String> leave) {

    public static final Moves NONE = new Moves(Set.of(), Set.of());

    public Moves {
        write = Set.copyOf(write);
        leave = Set.copyOf(leave);
    }

    /// @param desired where it belongs ([Placement#forHeld])
    /// @param copies  how many copies are wanted
    /// @param held    providers with a good copy
    /// @param other   providers with a copy that is damaged or was begun
    public static Moves of(List<String> desired, int copies, Collection<String> held, Collection<String> other) {
        Set<String> write = new LinkedHashSet<>(desired);
        write.removeAll(held);
        if (!write.isEmpty()) {
            return new Moves(write, Set.of());
        }
        if (desired.size() < copies) {
            return NONE;
        }
        Set<String> leave = new LinkedHashSet<>(held);
        leave.addAll(other);
        desired.forEach(leave::remove);
        return new Moves(Set.of(), leave);
    }

    public boolean isEmpty() {
        return write.isEmpty() && leave.isEmpty();
    }
}
