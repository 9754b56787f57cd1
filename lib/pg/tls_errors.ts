/**
 * What goes wrong with TLS, told in the same words whichever runtime reports
 * it. Pure.
 *
 * @module
 */

/** TLS could not be established, or the server is not who it must be. */
export class TlsError extends Error {
  /** The error's class. */
  override readonly name = "TlsError";
}

/**
 * Whether an error that a TLS socket reported after the handshake
 * seemed done is about TLS: older runtimes verify certificates that late.
 *
 * @param error The error.
 * @returns True for an error of the handshake.
 */
export function isTlsFailure(error: unknown): boolean {
  return error instanceof TlsError ||
    /invalid peer certificate|received fatal alert|handshake/i
      .test(reasonOf(error));
}

/**
 * A name that the certificate is valid for, when it is not valid for the host.
 * Older runtimes cannot verify a certificate's chain without a name; verify-ca
 * does not care for the name, so it is tried again with the certificate's own.
 *
 * @param error What the runtime reported.
 * @returns Undefined when the error is another.
 */
export function nameInCertificate(error: unknown): string | undefined {
  const match = /only valid for (?:DnsName\("([^"]+)"\)|IpAddress\(([^)]+)\))/
    .exec(reasonOf(error));
  return match?.[2] ?? match?.[1]?.replace(/^\*/, "any");
}

/** What an error of TLS means. */
export interface TlsExplanation {
  /** Why, without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * Explains an error of TLS.
 *
 * @param error What the runtime reported.
 * @param rootsFrom The file of the root certificates, for the message.
 * @returns The reason and a hint.
 */
export function explainTls(error: unknown, rootsFrom: string): TlsExplanation {
  const said = reasonOf(error);
  const known = EXPLANATIONS.find(({ when }) => when.test(said));
  return known === undefined ? { reason: `TLS failed: ${said}` } : {
    reason: `TLS failed: ${known.reason.replace("{roots}", rootsFrom)}`,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
  };
}

interface Known {
  readonly when: RegExp;
  readonly reason: string;
  readonly hint?: string;
}

const NEWER_RUNTIME =
  "give the server a version 3 certificate that another one has issued, or run pawl with a newer Deno";

const EXPLANATIONS: readonly Known[] = [
  {
    when:
      /UnknownIssuer|unable to verify|self-signed certificate|unable to get (?:local )?issuer/i,
    reason:
      "the server's certificate is of an authority that is not in {roots}",
    hint: "name the right root certificate with sslrootcert=FILE",
  },
  {
    when: /not valid for name|does not match certificate|altnames/i,
    reason: "the server's certificate is not for this host name",
    hint:
      "connect by a name that the certificate has, or use sslmode=verify-ca where the name does not matter",
  },
  {
    when: /certificate.*expired|CERT_HAS_EXPIRED|: Expired/i,
    reason: "the server's certificate has expired",
  },
  {
    when: /not yet valid|NotValidYet/i,
    reason: "the server's certificate is not valid yet",
  },
  {
    when: /CaUsedAsEndEntity/,
    reason:
      "the server's certificate is an authority's own (self-signed), which this runtime does not verify",
    hint: NEWER_RUNTIME,
  },
  {
    when: /UnsupportedCertVersion/,
    reason:
      "the server's certificate is of X.509 version 1, which this runtime does not verify",
    hint: NEWER_RUNTIME,
  },
];

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
