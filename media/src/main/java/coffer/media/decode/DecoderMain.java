package coffer.media.decode;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import javax.imageio.ImageIO;

/// The process that looks at pictures: reads one after the other from its input, a length and the bytes, and answers with a [Looked].
/// It ends with its input. It has no arguments and needs neither files nor network.
public final class DecoderMain {

    static final int FILE_MAX = 160 << 20;

    private DecoderMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err); // what a library prints is no answer
        ImageIO.setUseCache(false);
        serve(new DataInputStream(new BufferedInputStream(System.in, 64 << 10)),
                new DataOutputStream(new BufferedOutputStream(out, 64 << 10)));
    }

    static void serve(DataInputStream in, DataOutputStream out) throws IOException {
        Eye eye = Eye.here();
        while (true) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException e) {
                return;
            }
            if (length < 0 || length > FILE_MAX) {
                throw new IOException("too long");
            }
            byte[] file = new byte[length];
            in.readFully(file);
            eye.look(file).write(out);
            out.flush();
        }
    }
}
