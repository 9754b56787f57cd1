/**
 * Where a test process keeps its servers, and who cleans up after it. It knows
 * processes; it starts no server.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAsServerAccount } from "./postgres_files.ts";

// $1 is the process to wait for, $2 the directory of its servers. SIGQUIT is
// an immediate shutdown: nobody will need the data.
const WATCHDOG = `
tail --pid="$1" -s 0.5 -f /dev/null
for pidfile in "$2"/*/data/postmaster.pid; do
  [ -f "$pidfile" ] || continue
  pid=$(head -n 1 "$pidfile")
  kill -QUIT "$pid" && tail --pid="$pid" -s 0.1 -f /dev/null
done
rm -rf "$2"
`;

// $1 is the process, $2 what its directory's name begins with. A process id
// comes again; with the time of its start (field 22) it does not. Only whoever
// makes the directory starts the watchdog; \`setsid\` keeps a Ctrl-C in the
// terminal, which is for the tests, from it.
const LAUNCH = `
started=$(sed "s/.*) //" "/proc/$1/stat" | cut -d " " -f 20) || exit 1
directory="$2-$1-$started"
printf %s "$directory"
mkdir -m 700 "$directory" 2>/dev/null || exit 0
setsid sh -c "$3" watchdog "$1" "$directory" >/dev/null 2>&1 </dev/null &
`;

let directoryOfProcess: Promise<string> | undefined;

/**
 * This process's directory of servers, which a watchdog removes when the
 * process has ended, with every server below it (`<any>/data`) stopped.
 *
 * @returns Its path; the same in every isolate of the process.
 */
export function processDirectory(): Promise<string> {
  return directoryOfProcess ??= runAsServerAccount("sh", [
    "-c",
    LAUNCH,
    "launch",
    String(Deno.pid),
    join(tmpdir(), "pawl-test-servers"),
    WATCHDOG,
  ]);
}
