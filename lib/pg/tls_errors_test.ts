import assert from "@std/assert";
import { explainTls, isTlsFailure, nameInCertificate } from "./tls_errors.ts";

const RUSTLS_NAME =
  'invalid peer certificate: certificate not valid for name "a"; certificate is only valid for ';

Deno.test("explainTls() says the same in the words of every runtime", () => {
  const reason = (text: string) =>
    explainTls(new Error(text), "/root.crt").reason;
  assert.equal(
    reason("invalid peer certificate: UnknownIssuer"),
    reason("unable to verify the first certificate"),
  );
  assert.match(reason("self-signed certificate"), /not in \/root\.crt/);
  assert.equal(
    reason(`${RUSTLS_NAME}DnsName("b")`),
    reason("Hostname/IP does not match certificate's altnames: Host: a."),
  );
  assert.match(
    reason("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"),
    /self-signed/,
  );
  assert.equal(reason("something else"), "TLS failed: something else");
});

Deno.test("nameInCertificate() reads the first name that would do", () => {
  const name = (names: string) =>
    nameInCertificate(new Error(RUSTLS_NAME + names));
  assert.equal(name('DnsName("b.c") or IpAddress(10.0.0.1)'), "b.c");
  assert.equal(name('DnsName("*.b.c")'), "any.b.c");
  assert.equal(name("IpAddress(10.0.0.1)"), "10.0.0.1");
  assert.equal(nameInCertificate(new Error("UnknownIssuer")), undefined);
});

Deno.test("isTlsFailure() tells TLS from the network", () => {
  assert.ok(isTlsFailure(new Error("invalid peer certificate: Expired")));
  assert.ok(isTlsFailure(new Error("received fatal alert: BadCertificate")));
  assert.ok(!isTlsFailure(new Error("connect ECONNREFUSED 127.0.0.1:1")));
});
