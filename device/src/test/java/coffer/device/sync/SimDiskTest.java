package coffer.device.sync;

import coffer.core.CofferException;
import coffer.device.sync.SimFiles.Inode;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import java.util.Objects;

/// The disk of the simulation does what a real one does.
class SimDiskTest extends LocalFolderContract {

    private final SimDisk disk = new SimDisk(new SimWorld(1), Names.EXACT, "disk");

    @Override
    protected LocalFolder folder() {
        return disk;
    }

    @Override
    protected void write(String path, String content) {
        LocalPath to = path(path);
        for (int depth = 1; depth < to.names().size(); depth++) {
            LocalPath folder = new LocalPath(to.names().subList(0, depth));
            if (disk.find(folder) == null) {
                disk.make(folder, Kind.FOLDER, "");
            }
        }
        if (disk.find(to) == null) {
            disk.make(to, Kind.FILE, content);
        } else {
            disk.write(to, content);
        }
    }

    @Override
    protected String read(String path) {
        Inode file = Objects.requireNonNull(disk.find(path(path)));
        return file.content;
    }

    @Override
    protected ContentId stage(String content) throws CofferException {
        ContentId id = SimDisk.contentId(content);
        disk.stage(id);
        return id;
    }
}
