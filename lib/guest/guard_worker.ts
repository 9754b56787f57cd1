/**
 * Guards a Worker in which somebody else's code runs, so that what it does
 * beside its work is told: an exit, an error that nobody in it catches, what
 * it writes to standard output, which is the command's document. Imported in
 * that Worker, before the code; it knows nothing of what the code is.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { Console } from "node:console";
import process from "node:process";
import { Writable } from "node:stream";

/** Whom to tell. */
export interface GuestListener {
  /** What nobody in the code catches is its failure, whatever else goes well. */
  readonly onError: (thrown: unknown) => void;
  /** The code ends the Worker in the middle of itself. */
  readonly onEnd: () => void;
  /** The code writes through `console`, or to Node's standard output. */
  readonly onOutput: (chunk: string | Uint8Array) => void;
}

// The code may replace them.
const nextTurn = setTimeout;
const { stderr, stdout } = Deno;

/**
 * Waits until every rejection has had its event, which comes with the next
 * turn.
 */
export function turnEnds(): Promise<void> {
  return new Promise((resolve) => void nextTurn(resolve));
}

/**
 * Sets the guards.
 *
 * @param listener Whom to tell.
 */
export function guardWorker(listener: GuestListener): void {
  self.addEventListener("error", (event) => {
    event.preventDefault();
    listener.onError(event.error ?? event.message);
  });
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    listener.onError(event.reason);
  });
  tellOfExits(listener);
  keepStandardOutput(listener);
}

/** An exit here closes the Worker without a word. */
function tellOfExits({ onEnd }: GuestListener): void {
  const { exit } = Deno;
  const close = self.close.bind(self);
  Deno.exit = (code) => {
    onEnd();
    return exit(code);
  };
  self.close = () => {
    onEnd();
    close();
  };
}

function keepStandardOutput({ onOutput }: GuestListener): void {
  const said = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      onOutput(chunk);
      done();
    },
  });
  globalThis.console = new Console({ stdout: said, stderr: said });
  Object.defineProperty(process.stdout, "write", {
    value: said.write.bind(said),
  });
  // Bytes need be no text: they go to standard error as they are.
  Object.defineProperty(stdout, "write", { value: stderr.write.bind(stderr) });
  Object.defineProperty(stdout, "writeSync", {
    value: stderr.writeSync.bind(stderr),
  });
  Object.defineProperty(stdout, "writable", { get: () => stderr.writable });
}
