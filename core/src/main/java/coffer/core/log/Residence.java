package coffer.core.log;

import java.util.List;
import java.util.TreeSet;

/// Where the owner wants a vault's bytes to lie, and where they may still lie because it was so before.
///
/// @param region in which new bytes are written
/// @param since  sequence of the entry that chose it
/// @param former regions that the vault has left, in order of their names; bytes there are read until they are moved
public record Residence(String region, long since, List<String> former) {

    public Residence {
        former = List.copyOf(former);
    }

    /// After an entry that chose a region, perhaps the same again.
    Residence moved(String to, long at) {
        if (to.equals(region)) {
            return this;
        }
        TreeSet<String> left = new TreeSet<>(former);
        left.add(region);
        left.remove(to);
        return new Residence(to, at, List.copyOf(left));
    }
}
