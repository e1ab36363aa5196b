package coffer.agent;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a folder as a zip archive while it is read: nothing of it is kept, whatever its size. Symbolic links are left out,
/// because an archive could lead a program that unpacks it elsewhere by them.
final class PageZip {

    private PageZip() {}

    /// `out` stays open; without the archive's end if something fails, so that no program takes it for whole.
    static void write(Device device, NodeInfo top, OutputStream out) throws CofferException, IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        zip.setLevel(Deflater.NO_COMPRESSION); // what is worth it was compressed when it was stored, and the way is short
        String prefix = top.path().equals("/") ? "" : PageContent.name(top.path());
        if (top.kind() == NodeKind.FOLDER) {
            folder(device, top.path(), prefix, zip);
        } else {
            file(device, top, prefix, zip);
        }
        zip.finish();
    }

    private static void folder(Device device, String path, String prefix, ZipOutputStream zip)
            throws CofferException, IOException {
        List<NodeInfo> nodes = device.list(path, false);
        if (nodes.isEmpty() && !prefix.isEmpty()) {
            zip.putNextEntry(new ZipEntry(prefix + "/"));
            zip.closeEntry();
        }
        for (NodeInfo node : nodes) {
            String name = (prefix.isEmpty() ? "" : prefix + "/") + PageContent.name(node.path());
            switch (node.kind()) {
                case FOLDER -> folder(device, node.path(), name, zip);
                case FILE -> file(device, node, name, zip);
                case SYMLINK -> {}
            }
        }
    }

    private static void file(Device device, NodeInfo node, String name, ZipOutputStream zip)
            throws CofferException, IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(node.modified().toEpochMilli());
        zip.putNextEntry(entry);
        device.read(node.path(), zip);
        zip.closeEntry();
    }
}
