/**
 * Opens a socket to a server: TCP or Unix, with TLS negotiated as PostgreSQL
 * wants it. Knows the first bytes of the protocol and nothing after them.
 *
 * @module
 */

import { createPrivateKey } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  type ConnectionOptions,
  type TLSSocket,
} from "node:tls";
import { type SslSettings, verifies } from "./ssl.ts";
import { TlsError } from "./tls_errors.ts";

/** Where exactly to connect to. */
export type SocketTarget =
  | { readonly kind: "unix"; readonly path: string }
  | {
    readonly kind: "tcp";
    /** The name that the certificate is checked against. */
    readonly host: string;
    /** The IP address. */
    readonly address: string;
    readonly port: number;
  };

/** Whether to encrypt: never, if the server can, or else fail. */
export type Encryption = "never" | "try" | "must";

/** How to open a socket. */
export interface SocketOptions {
  /** Whether to encrypt. */
  readonly encryption: Encryption;
  /** How, where it is done. */
  readonly ssl: SslSettings;
  /** Milliseconds until the first TCP keepalive, null for none. */
  readonly keepaliveIdleMs: number | null;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
  /**
   * A name that the server's certificate is valid for, from
   * {@linkcode nameInCertificate}, where the host's is not and need not be.
   */
  readonly certificateName?: string | undefined;
}

/** An open socket. */
export interface OpenSocket {
  /** The socket to speak the protocol over. */
  readonly socket: Socket;
  /** The TLS socket, when it is one. */
  readonly tls: TLSSocket | undefined;
}

const SSL_REQUEST = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Opens a socket and negotiates TLS.
 *
 * The handshake of older runtimes ends after this function does: their
 * certificate errors come from the socket's `error` event instead, always
 * before anything that is written goes out.
 *
 * @param target Where to.
 * @param options Encryption, keepalives, and a signal that ends it.
 * @returns The socket; the caller closes it.
 * @throws {TlsError} When TLS is needed and cannot be had.
 * @throws {Error} When there is no connection.
 */
export async function openSocket(
  target: SocketTarget,
  options: SocketOptions,
): Promise<OpenSocket> {
  const { encryption, ssl, signal } = options;
  signal.throwIfAborted();
  const raw = await connected(target, signal);
  try {
    raw.setNoDelay(true);
    if (target.kind === "unix") return { socket: raw, tls: undefined };
    if (options.keepaliveIdleMs !== null) {
      raw.setKeepAlive(true, options.keepaliveIdleMs);
    }
    if (encryption === "never") return { socket: raw, tls: undefined };
    const start = ssl.direct
      ? startTls(raw, target.host, options)
      : await negotiated(raw, target.host, options);
    if (start === undefined) {
      if (encryption === "try") return { socket: raw, tls: undefined };
      throw new TlsError("the server does not support TLS");
    }
    await start.secured;
    return { socket: start.tls, tls: start.tls };
  } catch (error) {
    raw.destroy();
    throw error;
  }
}

/**
 * The DER bytes of the server's certificate, which channel binding needs.
 *
 * @param tls An open TLS socket.
 * @returns Undefined where the runtime does not give them away.
 */
export function peerCertificate(
  tls: TLSSocket | undefined,
): Uint8Array | undefined {
  const raw: unknown = tls?.getPeerCertificate()?.raw;
  return raw instanceof Uint8Array ? raw : undefined;
}

function connected(target: SocketTarget, signal: AbortSignal): Promise<Socket> {
  const socket = target.kind === "unix"
    ? connect({ path: target.path })
    : connect({ host: target.address, port: target.port });
  return settled(
    socket,
    signal,
    (done) => socket.once("connect", () => done(socket)),
  );
}

/**
 * Sends SSLRequest; the server answers with one byte. The TLS socket is made in
 * the very handler that gets it: the plain one would read on, and older
 * runtimes lose what it reads.
 */
function negotiated(
  raw: Socket,
  host: string,
  options: SocketOptions,
): Promise<TlsStart | undefined> {
  return settled<TlsStart | undefined>(raw, options.signal, (done, fail) => {
    raw.once("data", (data: Uint8Array) => {
      // More than one byte was not sent by an honest server: whoever sits
      // between would smuggle plain text into the encrypted session.
      if (data.length !== 1) {
        fail(new TlsError("the answer to SSLRequest is no PostgreSQL's"));
      } else if (data[0] === 0x4e) {
        done(undefined);
      } else if (data[0] !== 0x53) {
        // An error message here comes from an unknown party: it is not shown.
        fail(new TlsError("the server refused to negotiate TLS"));
      } else {
        try {
          done(startTls(raw, host, options));
        } catch (error) {
          fail(error);
        }
      }
    });
    raw.write(SSL_REQUEST);
  });
}

interface TlsStart {
  readonly tls: TLSSocket;
  /** Resolves when the handshake is done as far as the runtime tells. */
  readonly secured: Promise<void>;
}

function startTls(raw: Socket, host: string, options: SocketOptions): TlsStart {
  const seen = { identity: false };
  try {
    const tls = connectTls(tlsOptions(raw, host, options, () => {
      seen.identity = true;
    }));
    // Listening must begin here: runtimes differ in how soon it is over.
    const secured = handshake(tls, seen, options);
    secured.catch(ignore);
    return { tls, secured };
  } catch (cause) {
    throw cause instanceof TlsError
      ? cause
      : new TlsError(reasonOf(cause), { cause });
  }
}

function handshake(
  tls: TLSSocket,
  seen: { readonly identity: boolean },
  options: SocketOptions,
): Promise<void> {
  const { ssl, signal } = options;
  return settled<void>(tls, signal, (done, fail) => {
    tls.once("secureConnect", () => {
      const objection = protocolObjection(tls, ssl) ??
        // Without SNI an older runtime has no name to check.
        (ssl.mode === "verify-full" && !ssl.sni && !seen.identity
          ? "this runtime cannot check the server's name with sslsni=0"
          : undefined);
      if (objection === undefined) done();
      else fail(new TlsError(objection));
    });
  }).catch((cause) => {
    tls.destroy();
    throw cause instanceof TlsError || signal.aborted
      ? cause
      : new TlsError(reasonOf(cause), { cause });
  });
}

function tlsOptions(
  raw: Socket,
  host: string,
  options: SocketOptions,
  identified: () => void,
): ConnectionOptions {
  const { ssl } = options;
  const named = options.certificateName ?? host;
  return {
    socket: raw,
    // Older runtimes check this name by themselves, and no other way.
    host: named,
    // An IP address is no server name (RFC 6066): it must not even be given.
    ...(isIP(named) !== 0 ? {} : { servername: ssl.sni ? named : "" }),
    rejectUnauthorized: verifies(ssl.mode),
    // Who it is matters to verify-full only; libpq checks the name as it was
    // given, not what the server was reached by.
    checkServerIdentity: (_name, certificate) => {
      identified();
      return ssl.mode === "verify-full"
        ? checkServerIdentity(host, certificate)
        : undefined;
    },
    minVersion: ssl.minVersion,
    ...(ssl.maxVersion === undefined ? {} : { maxVersion: ssl.maxVersion }),
    ...(ssl.roots === undefined ? {} : { ca: ssl.roots }),
    ...(ssl.certificate === undefined
      ? {}
      : { cert: ssl.certificate, key: plainKey(ssl) }),
    ...(ssl.direct ? { ALPNProtocols: ["postgresql"] } : {}),
  };
}

/** The runtime ignores passphrases, so the key is opened here. */
function plainKey(ssl: SslSettings): string {
  const key = ssl.key ?? "";
  if (!key.includes("ENCRYPTED")) return key;
  if (ssl.passphrase === undefined) {
    throw new TlsError(
      "the private key (sslkey) needs its passphrase: set sslpassword",
    );
  }
  try {
    return createPrivateKey({ key, format: "pem", passphrase: ssl.passphrase })
      .export({ type: "pkcs8", format: "pem" }).toString();
  } catch (cause) {
    throw new TlsError(
      "the private key (sslkey) does not open with sslpassword",
      { cause },
    );
  }
}

/** Older runtimes ignore the bounds on the version: what they made is looked at. */
function protocolObjection(
  tls: TLSSocket,
  ssl: SslSettings,
): string | undefined {
  if (
    ssl.minVersion !== "TLSv1.3" && (ssl.maxVersion ?? "TLSv1.3") === "TLSv1.3"
  ) {
    return undefined;
  }
  const version: unknown = tls.getProtocol?.();
  if (typeof version !== "string") {
    return "this runtime cannot bound the TLS version (ssl_min_protocol_version, ssl_max_protocol_version)";
  }
  return version < ssl.minVersion || version > (ssl.maxVersion ?? "TLSv1.3")
    ? `the server speaks ${version}, which the connection's parameters exclude`
    : undefined;
}

/** Waits for an event of a socket, its error, its end or the signal. */
function settled<T>(
  socket: Socket,
  signal: AbortSignal,
  start: (done: (value: T) => void, fail: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (finish: () => void) => {
      socket.off("error", onError);
      socket.off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      // An error that comes later must find a listener.
      socket.on("error", ignore);
      finish();
    };
    const onError = (error: Error) => leave(() => reject(error));
    const onClose = () =>
      leave(() => reject(new Error("the server closed the connection")));
    const onAbort = () =>
      leave(() => {
        socket.destroy();
        reject(signal.reason);
      });
    socket.on("error", onError);
    socket.on("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
    start(
      (value) => leave(() => resolve(value)),
      (error) => leave(() => reject(error)),
    );
  });
}

function ignore(): void {}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
