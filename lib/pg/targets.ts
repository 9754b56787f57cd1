/**
 * From a named endpoint to the addresses that a socket can be opened to.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import process from "node:process";
import { type Endpoint, shuffle } from "./endpoints.ts";
import type { SocketTarget } from "./socket.ts";

/** How to find addresses. */
export interface TargetOptions {
  /** Gives up when it aborts. */
  readonly signal: AbortSignal | undefined;
  /** Numbers from 0 up to 1, to shuffle them; undefined for the order found. */
  readonly random: (() => number) | undefined;
}

/**
 * Finds every address of an endpoint.
 *
 * @param endpoint Where a server may be.
 * @param options Signal and order.
 * @returns The targets, in the order to try them.
 * @throws {Error} When the host cannot be looked up.
 */
export async function findTargets(
  endpoint: Endpoint,
  options: TargetOptions,
): Promise<readonly SocketTarget[]> {
  const { port } = endpoint;
  if (endpoint.kind === "unix") {
    return [{ kind: "unix", path: `${endpoint.directory}/.s.PGSQL.${port}` }];
  }
  const { host } = endpoint;
  const known = endpoint.address ?? (isIP(host) === 0 ? undefined : host);
  const addresses = known === undefined
    ? await interruptible(lookUp(host), options.signal)
    : [known];
  const targets = [...new Set(addresses)].map((address): SocketTarget => ({
    kind: "tcp",
    host,
    address,
    port,
  }));
  return shuffle(targets, options.random);
}

async function lookUp(host: string): Promise<readonly string[]> {
  // Older runtimes print a deprecation of their own (punycode) on stderr when
  // they are called; it is no matter of the user's.
  const before: unknown = Reflect.get(process, "noDeprecation");
  Reflect.set(process, "noDeprecation", true);
  const work = lookup(host, { all: true });
  Reflect.set(process, "noDeprecation", before);
  return (await work).map(({ address }) => address);
}

/** A look-up cannot be stopped, but nobody needs to wait for it. */
function interruptible<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
