package coffer.device.sync.plan;

/// What the file system says of an item without reading it. As long as it stays equal, the content is taken for unchanged.
///
/// @param fileId    the item's own number in the file system (inode, mixed with its time of birth where there is one): stays
///                  with it through renames, and is not soon given to another
/// @param size      of a file's content; 0 for others, so that what happens inside a folder does not change its stamp
/// @param mtimeNs   when the content was last modified; 0 for folders
/// @param changeNs  ctime, where nobody can set it back and renaming leaves it alone; else 0; 0 for folders
public record Stamp(long fileId, long size, long mtimeNs, long changeNs) {}
