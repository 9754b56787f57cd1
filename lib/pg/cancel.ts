/**
 * Asks a server to cancel what another connection of ours runs: PostgreSQL
 * takes that request over a connection of its own, with the key that it gave to
 * the other one.
 *
 * @module
 */

import { openSocket, type SocketTarget } from "./socket.ts";
import type { SslSettings } from "./ssl.ts";

/** Milliseconds that a request may take. */
const PATIENCE_MS = 5000;

/** Which connection to cancel, and how to reach its server. */
export interface CancelTarget {
  /** The very address that the connection was made to. */
  readonly target: SocketTarget;
  /** Whether the connection is encrypted: then the request must be too. */
  readonly encrypted: boolean;
  /** How to encrypt. */
  readonly ssl: SslSettings;
  /** The certificate's own name, where the connection needed it. */
  readonly certificateName?: string | undefined;
  /** The pid of BackendKeyData. */
  readonly processId: number;
  /** The key of BackendKeyData. */
  readonly secretKey: number;
}

/**
 * Sends a CancelRequest and waits until the server has taken it. The server
 * does not say whether there was anything to cancel.
 *
 * @param cancel Which connection.
 * @throws {Error} When the server cannot be reached, or takes longer than 5 s.
 */
export async function requestCancel(cancel: CancelTarget): Promise<void> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Error("the server did not answer in time")),
    PATIENCE_MS,
  );
  try {
    const { socket } = await openSocket(cancel.target, {
      encryption: cancel.encrypted ? "must" : "never",
      ssl: cancel.ssl,
      certificateName: cancel.certificateName,
      keepaliveIdleMs: null,
      signal: patience.signal,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        // The server closes the connection when it has sent the signal.
        socket.once("close", () => resolve());
        socket.once("end", () => resolve());
        socket.once("error", reject);
        patience.signal.addEventListener(
          "abort",
          () => reject(patience.signal.reason),
          { once: true },
        );
        socket.resume();
        socket.write(cancelRequest(cancel.processId, cancel.secretKey));
      });
    } finally {
      socket.destroy();
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The sixteen bytes of a CancelRequest.
 *
 * @param processId The pid of BackendKeyData.
 * @param secretKey Its key, a signed 32-bit number.
 * @returns The message.
 */
export function cancelRequest(
  processId: number,
  secretKey: number,
): Uint8Array {
  const message = new DataView(new ArrayBuffer(16));
  message.setInt32(0, 16);
  message.setInt16(4, 1234);
  message.setInt16(6, 5678);
  message.setInt32(8, processId);
  message.setInt32(12, secretKey);
  return new Uint8Array(message.buffer);
}
