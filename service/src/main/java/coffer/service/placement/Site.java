package coffer.service.placement;

/// A provider as placement sees it.
///
/// @param owner     who answers for it in law: two copies with one owner are one copy
/// @param weight    how much of its region it gets, relative to the others; 0 for nothing
/// @param accepting whether it gets new packs; one that is suspended keeps its place and gets none
public record Site(String id, String owner, String region, long weight, boolean accepting) {
    public Site {
        if (weight < 0) {
            throw new IllegalArgumentException("negative weight");
        }
    }
}
