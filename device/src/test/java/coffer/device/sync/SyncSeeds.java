package coffer.device.sync;

import coffer.core.CofferException;

/// Runs many seeds of the simulation, one after the other, and prints those that fail: `SyncSeeds FIRST COUNT`.
final class SyncSeeds {

    private static final int TEXT_MAX = 600;

    private SyncSeeds() {}

    public static void main(String[] args) throws CofferException {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        long failed = 0;
        for (long run = 1; run <= count; run++) {
            failed += passes(first + run - 1) ? 0 : 1;
            if (run % 1_000 == 0 || run == count) {
                System.out.println(run + " run, " + failed + " failed");
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static boolean passes(long seed) throws CofferException {
        try {
            SyncSimulationTest.run(seed, false);
            return true;
        } catch (AssertionError | RuntimeException e) {
            String text = String.valueOf(e).replace('\n', ' ');
            System.out.println("-Dcoffer.seed=" + seed + ": " + text.substring(0, Math.min(TEXT_MAX, text.length())));
            return false;
        }
    }
}
