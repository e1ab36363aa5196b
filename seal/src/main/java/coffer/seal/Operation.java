package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import coffer.core.NodeId;

/// One change of a vault's tree. It states a node's new value, so that repeating it changes nothing.
public sealed interface Operation {

    /// The root folder of every vault: 16 zero bytes. It is there from the start and no operation names it as its node.
    NodeId ROOT = new NodeId(0, 0);

    NodeId node();

    void writeTo(CborWriter out);

    /// Gives a node this value, making it if it is not there and taking it out of the trash if it is.
    ///
    /// @param parent     a folder that is there, or the root
    /// @param name       see [Names]
    /// @param modifiedNs when the content was last modified, nanoseconds since 1970
    /// @param executable whether a file may be run
    record Put(NodeId node, NodeId parent, String name, long modifiedNs, boolean executable, Content content)
            implements Operation {
        public Put {
            if (!isPossible(node, parent, name)) {
                throw new IllegalArgumentException("no node can be so");
            }
        }

        private static boolean isPossible(NodeId node, NodeId parent, String name) {
            return !node.equals(ROOT) && !node.equals(parent) && Names.isAcceptable(name);
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(1 + FIELDS).integer(1);
            writeFields(out);
        }

        static final int FIELDS = 7;

        void writeFields(CborWriter out) {
            out.bytes(node.toArray())
                    .bytes(parent.toArray())
                    .text(name)
                    .integer(content.kind())
                    .integer(modifiedNs)
                    .integer(executable ? 1 : 0);
            content.writeTo(out);
        }

        static Put readFields(CborReader in) throws CborException {
            NodeId node = NodeId.of(in.bytesOf(NodeId.SIZE).toArray());
            NodeId parent = NodeId.of(in.bytesOf(NodeId.SIZE).toArray());
            String name = in.text(Limits.NAME_BYTES_MAX);
            long kind = in.integer(1, 3);
            long modifiedNs = in.integer();
            boolean executable = in.integer(0, 1) == 1;
            Content content = Content.readFrom(kind, in);
            if (!isPossible(node, parent, name)) {
                throw new CborException("no node can be so");
            }
            return new Put(node, parent, name, modifiedNs, executable, content);
        }
    }

    /// Moves a node to the trash, with everything below it.
    record Remove(NodeId node) implements Operation {
        public Remove {
            requireNotRoot(node);
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(2).integer(2).bytes(node.toArray());
        }
    }

    /// Forgets a node that is in the trash, with everything below it and all its versions.
    record Purge(NodeId node) implements Operation {
        public Purge {
            requireNotRoot(node);
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(2).integer(3).bytes(node.toArray());
        }
    }

    static Operation readFrom(CborReader in) throws CborException {
        int size = in.array(1 + Put.FIELDS);
        long code = in.integer(1, 3);
        if (size != (code == 1 ? 1 + Put.FIELDS : 2)) {
            throw new CborException("operation of another length");
        }
        if (code == 1) {
            return Put.readFields(in);
        }
        NodeId node = NodeId.of(in.bytesOf(NodeId.SIZE).toArray());
        if (node.equals(ROOT)) {
            throw new CborException("the root cannot be removed");
        }
        return code == 2 ? new Remove(node) : new Purge(node);
    }

    private static void requireNotRoot(NodeId node) {
        if (node.equals(ROOT)) {
            throw new IllegalArgumentException("the root cannot be removed");
        }
    }
}
