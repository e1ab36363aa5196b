package coffer.cli;

import java.util.List;

/// What `coffer` alone says: enough to begin, on one screen.
final class Guide {

    private Guide() {}

    static List<String> lines() {
        return """
                Coffer: a personal cloud that its storage providers cannot read.

                See the whole story on this machine    coffer demo
                Run a cloud of your own                coffer up

                Begin                                  coffer account create --service http://cloud.example:8443
                Add a device    on the first one       coffer device code
                                on the new one         coffer device join CODE --service http://cloud.example:8443
                Lost everything                        coffer recover --service http://cloud.example:8443

                Keep something                         coffer put ~/Pictures ~/letter.pdf /
                Look                                   coffer open           coffer ls -l /
                Get it back                            coffer get /Pictures ~/restored
                Undo                                   coffer trash          coffer history /letter.pdf
                Trust nobody                           coffer verify --full  coffer who

                `coffer --help` lists every command, `coffer COMMAND --help` explains one.
                """.lines().toList();
    }
}
