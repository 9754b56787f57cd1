import assert from "@std/assert";
import type { PawlError } from "../errors.ts";
import {
  type ConninfoContext,
  describeConninfo,
  type FileContent,
  parseConninfo,
  resolveConninfo,
  type ResolvedConninfo,
} from "./conninfo.ts";
import { PARAMETERS } from "./conninfo_parameters.ts";
import { refused } from "../../tests/support/refused.ts";

function parsed(text: string): Record<string, string> {
  return Object.fromEntries(parseConninfo(text).parameters);
}

function context(
  env: Record<string, string> = {},
  files: Record<string, string | FileContent> = {},
  sockets: readonly string[] = [],
): ConninfoContext {
  return {
    env,
    readFile: (path) => {
      const file = files[path];
      return typeof file === "string" ? { text: file, mode: 0o600 } : file;
    },
    exists: (path) => sockets.includes(path) || path in files,
    homeDir: "/home/ann",
    osUser: "ann",
    random: () => 0,
  };
}

function resolved(
  text: string,
  ...rest: Parameters<typeof context>
): ResolvedConninfo {
  return resolveConninfo(parseConninfo(text), context(...rest));
}

function refusal(action: () => unknown): PawlError {
  const error = refused(action);
  assert.equal(error.code, "conninfo-invalid");
  assert.equal(error.exitCode, 2);
  return error;
}

Deno.test("parseConninfo() reads URLs as libpq does [P4]", () => {
  assert.deepEqual(parsed("postgresql://"), {});
  assert.deepEqual(parsed("postgres:///app"), { dbname: "app" });
  assert.deepEqual(
    parsed("postgresql://ann:p%40ss%2F%3A@db:5433/my%20app?application_name=x"),
    {
      user: "ann",
      password: "p@ss/:",
      host: "db",
      port: "5433",
      dbname: "my app",
      application_name: "x",
    },
  );
  assert.deepEqual(parsed("postgres://h1:1,h2,[::1]:3/d"), {
    host: "h1,h2,::1",
    port: "1,,3",
    dbname: "d",
  });
  assert.deepEqual(parsed("postgres://%2Ftmp%2Fsock:5433/d"), {
    host: "/tmp/sock",
    port: "5433",
    dbname: "d",
  });
  assert.deepEqual(parsed("postgres:///d?host=/tmp/sock&user=a@b"), {
    dbname: "d",
    host: "/tmp/sock",
    user: "a@b",
  });
  assert.deepEqual(parsed("postgres://db?ssl=true"), {
    host: "db",
    sslmode: "require",
  });
  assert.deepEqual(parsed("postgres://:pw@db"), { password: "pw", host: "db" });
  assert.deepEqual(parsed("postgres://u@/d"), { user: "u", dbname: "d" });
});

Deno.test("parseConninfo() reads key=value pairs as libpq does", () => {
  assert.deepEqual(parsed(""), {});
  assert.deepEqual(parsed("   "), {});
  assert.deepEqual(parsed("host=db1 port = 5433  dbname='my app'"), {
    host: "db1",
    port: "5433",
    dbname: "my app",
  });
  assert.deepEqual(parsed("password='it''s' user=x".replace("''", "\\'")), {
    password: "it's",
    user: "x",
  });
  assert.deepEqual(parsed("password=a\\ b\\\\c user=''"), {
    password: "a b\\c",
    user: "",
  });
  assert.deepEqual(parsed("dbname=a=b\nuser=x"), { dbname: "a=b", user: "x" });
  assert.deepEqual(parsed("user="), { user: "" });
});

Deno.test("parseConninfo() refuses broken strings and never shows a password", () => {
  for (
    const text of [
      "postgres://ann:s3cret/x@db/app",
      "postgres://ann:99999s3cret@x@db/app",
      "postgres://ann:12/s3cret@db/app",
      "postgres://ann:s3cret%zz@db",
      "postgres://ann:s3cret%00@db",
      "postgres://ann:s3cret%ff@db",
      "postgres://ann:s3cret@[::1/app",
      "postgres://ann:s3cret@[]/app",
      "postgres://ann:s3cret@[::1]x/app",
      "postgres://db?password=s3cret&x",
      "postgres://db?password=s3cret=s3cret",
      "host=db password=mine s3cret",
      "host=db password=mine s3cret=4",
      "host=db password='s3cret",
      "s3cret",
      "mysql://ann:s3cret@db/app",
      "host=db\0password=s3cret",
    ]
  ) {
    const error = refusal(() => parseConninfo(text));
    const shown = [error.message, error.hint, ...error.details].join("\n");
    assert.ok(!/s3cret|99999|12\b/.test(shown), `${text}: ${shown}`);
  }
});

Deno.test("parseConninfo() names an unknown parameter and the nearest known one", () => {
  const error = refusal(() => parseConninfo("postgres://db?sslmod=require"));
  assert.match(error.message, /unknown connection parameter "sslmod"/);
  assert.match(error.hint ?? "", /did you mean "sslmode"/);
  assert.match(
    refusal(() => parseConninfo("database=x")).hint ?? "",
    /"dbname"/,
  );
  // Object.prototype is no source of parameters.
  refusal(() => parseConninfo("constructor=x"));
  refusal(() => parseConninfo("__proto__=x"));
});

Deno.test("resolveConninfo() prefers the string to the service to the environment", () => {
  const files = {
    "/home/ann/.pg_service.conf":
      "# mine\n[other]\nhost=no\n[app]\nhost=service\nport=1\ndbname=sdb\n",
  };
  const env = { PGSERVICE: "app", PGHOST: "env", PGPORT: "2", PGUSER: "eve" };
  const all = resolved("host=string", env, files);
  assert.deepEqual(all.endpoints, [{
    kind: "tcp",
    host: "string",
    address: undefined,
    port: 1,
    password: undefined,
  }]);
  assert.equal(all.user, "eve");
  assert.equal(all.database, "sdb");
  const missing = refusal(() => resolved("service=nope", {}, files));
  assert.match(missing.message, /no service file defines the service "nope"/);
});

Deno.test("resolveConninfo() fills in libpq's defaults", () => {
  const plain = resolved("");
  assert.deepEqual(plain.endpoints, [{
    kind: "unix",
    directory: "/tmp",
    port: 5432,
    password: undefined,
  }]);
  assert.equal(plain.user, "ann");
  assert.equal(plain.database, "ann");
  assert.equal(plain.applicationName, undefined);
  assert.deepEqual(plain.settings, {});
  assert.equal(plain.connectTimeoutMs, undefined);
  assert.equal(plain.ssl.mode, "disable");
  assert.equal(resolved("host=db").ssl.mode, "prefer");
  assert.equal(resolved("user=bob").database, "bob");
  assert.equal(resolved("dbname=", { PGDATABASE: "x" }).database, "ann");
  const sockets = ["/var/run/postgresql"];
  assert.equal(
    describeConninfo(resolved("", {}, {}, sockets)),
    "/var/run/postgresql:5432/ann",
  );
  assert.equal(
    describeConninfo(resolved("", {}, {}, [...sockets, "/tmp/.s.PGSQL.5432"])),
    "/tmp:5432/ann",
  );
});

Deno.test("resolveConninfo() pairs hosts, addresses and ports", () => {
  assert.equal(
    describeConninfo(resolved("postgres://a,b:2,[::1]/d")),
    "a:5432,b:2,[::1]:5432/d",
  );
  assert.equal(
    describeConninfo(resolved("host=a,b port=7 dbname=d")),
    "a:7,b:7/d",
  );
  const [endpoint] = resolved("host=a hostaddr=10.0.0.1").endpoints;
  assert.equal(endpoint?.kind === "tcp" && endpoint.address, "10.0.0.1");
  assert.match(
    refusal(() => resolved("host=a,b port=1,2,3")).message,
    /3 ports for 2 hosts/,
  );
  assert.match(
    refusal(() => resolved("host=a,b hostaddr=::1")).message,
    /2 hosts for 1/,
  );
  for (const port of ["0", "65536", "x", "-1", "1.5"]) {
    assert.match(
      refusal(() => resolved(`host=a port=${port}`)).message,
      /no number from 1/,
    );
  }
  assert.match(
    refusal(() => resolved("hostaddr=300.1.1.1")).message,
    /no IP address/,
  );
  refusal(() => resolved("host=@abstract"));
});

Deno.test("resolveConninfo() tries hosts in random order only when asked", () => {
  const hosts = (text: string) =>
    resolved(text).endpoints.map((each) =>
      each.kind === "tcp" ? each.host : ""
    );
  assert.deepEqual(hosts("host=a,b,c"), ["a", "b", "c"]);
  const last = { ...context(), random: () => 0.99 };
  assert.deepEqual(
    resolveConninfo(parseConninfo("host=a,b,c load_balance_hosts=random"), last)
      .endpoints.map((each) => each.kind === "tcp" ? each.host : ""),
    ["c", "b", "a"],
  );
});

Deno.test("resolveConninfo() takes passwords from the password file by host", () => {
  const pgpass =
    "a:5432:*:ann:pa\nb:*:d:*:pb\nlocalhost:5432:*:ann:sock\n/s:*:*:*:dir\n";
  const files = { "/home/ann/.pgpass": pgpass };
  const passwords = (text: string) =>
    resolved(text, {}, files).endpoints.map((each) => each.password);
  assert.deepEqual(passwords("host=a,b,c dbname=d"), ["pa", "pb", undefined]);
  assert.deepEqual(passwords("host=a password=mine"), ["mine"]);
  assert.deepEqual(passwords("host=/tmp"), ["sock"]);
  assert.deepEqual(passwords("host=/s"), ["dir"]);
  assert.deepEqual(resolved("host=a", {}, files).secrets, ["pa"]);
  const open = { "/home/ann/.pgpass": { text: pgpass, mode: 0o644 } };
  const ignored = resolved("host=a", {}, open);
  assert.equal(ignored.endpoints[0]?.password, undefined);
  assert.match(ignored.warnings[0] ?? "", /group or others have access/);
  assert.equal(ignored.warnings.length, 1);
});

Deno.test("resolveConninfo() sends only the settings that the user gave", () => {
  const env = {
    PGTZ: "UTC",
    PGDATESTYLE: "ISO",
    PGOPTIONS: "-c a.b=1",
    PGAPPNAME: "mine",
  };
  const given = resolved("host=db fallback_application_name=x", env);
  assert.deepEqual(given.settings, {
    timezone: "UTC",
    datestyle: "ISO",
    options: "-c a.b=1",
  });
  assert.equal(given.applicationName, "mine");
  assert.equal(resolved("fallback_application_name=x").applicationName, "x");
});

Deno.test("resolveConninfo() refuses what it cannot honour, and says why", () => {
  for (
    const text of [
      "gssencmode=require",
      "replication=database",
      "replication=on",
      "sslcrl=/x",
      "sslcrldir=/x",
      "sslkeylogfile=/x",
      "sslcertmode=require",
      "min_protocol_version=3.2",
      "oauth_issuer=https://x",
      "scram_client_key=x",
      "client_encoding=latin1",
      "ssl_max_protocol_version=TLSv1",
      "requirepeer=postgres",
      "require_auth=gss",
      "require_auth=md5,!password",
      "require_auth=md5,md5",
      "require_auth=magic",
      "sslmode=yes",
      "channel_binding=maybe",
      "target_session_attrs=write",
      "connect_timeout=soon",
      "keepalives=x",
      "host=db sslnegotiation=direct",
      "host=db sslmode=prefer sslrootcert=system",
      "host=db sslmode=verify-full",
      "host=db sslcert=/nope",
      "host=db ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
    ]
  ) {
    assert.match(
      refusal(() => resolved(text)).message,
      /^Cannot \S.*[^.]$/,
      text,
    );
  }
  const shown = refusal(() => resolved("scram_client_key=s3cret")).message;
  assert.ok(!shown.includes("s3cret"));
  assert.match(
    refusal(() => resolved("", { PGSSLMODE: "on" })).message,
    /sslmode \(from PGSSLMODE\) is "on"/,
  );
});

Deno.test("resolveConninfo() accepts every parameter of libpq with a harmless value", () => {
  const harmless: Record<string, string> = {
    client_encoding: "UTF8",
    connect_timeout: "5",
    keepalives: "1",
    keepalives_idle: "60",
    keepalives_interval: "10",
    keepalives_count: "3",
    tcp_user_timeout: "0",
    hostaddr: "127.0.0.1",
    host: "db",
    port: "5432",
    require_auth: "scram-sha-256,md5",
    options: "-c geqo=off",
    sslcert: "/crt",
    sslkey: "/key",
    sslrootcert: "/root",
    service: "app",
    channel_binding: "prefer",
  };
  const never = [
    "sslcrl",
    "sslcrldir",
    "sslkeylogfile",
    "oauth_issuer",
    "oauth_client_id",
  ]
    .concat(
      "oauth_client_secret",
      "oauth_scope",
      "scram_client_key",
      "scram_server_key",
    );
  const parameters = Object.entries(PARAMETERS)
    .filter(([name]) => !never.includes(name))
    .map(([name, rule]): [string, string] => [
      name,
      harmless[name] ?? rule.harmless?.at(0) ?? rule.values?.at(0) ?? "x",
    ]);
  const conninfo = { parameters: new Map(parameters) };
  const files = {
    "/home/ann/.pg_service.conf": "[app]\n",
    "/crt": "c",
    "/key": "k",
    "/root": "r",
  };
  const all = resolveConninfo(conninfo, context({}, files));
  assert.equal(all.connectTimeoutMs, 5000);
  assert.equal(all.keepaliveIdleMs, 60_000);
  assert.deepEqual(all.warnings.map((text) => text.split(" ")[0]), [
    "keepalives_interval",
    "keepalives_count",
  ]);
});

Deno.test("resolveConninfo() knows libpq's keepalives and time-outs", () => {
  assert.equal(resolved("host=db").keepaliveIdleMs, 0);
  assert.equal(resolved("host=db keepalives=0").keepaliveIdleMs, null);
  assert.equal(resolved("connect_timeout=0").connectTimeoutMs, undefined);
  assert.equal(resolved("connect_timeout=-3").connectTimeoutMs, undefined);
  assert.equal(
    resolved("", { PGCONNECT_TIMEOUT: " 7 " }).connectTimeoutMs,
    7000,
  );
});

Deno.test("resolveConninfo() narrows authentication with require_auth", () => {
  assert.deepEqual(resolved("require_auth=scram-sha-256").auth.methods, [
    "scram-sha-256",
  ]);
  assert.deepEqual(resolved("require_auth=!password,!md5").auth.methods, [
    "none",
    "scram-sha-256",
  ]);
  assert.equal(
    resolved("channel_binding=require").auth.channelBinding,
    "require",
  );
});

Deno.test("describeConninfo() shows no secret", () => {
  assert.equal(
    describeConninfo(resolved("postgres://ann:s3cret@[fe80::1]:5433,b/app")),
    "[fe80::1]:5433,b:5432/app",
  );
});
