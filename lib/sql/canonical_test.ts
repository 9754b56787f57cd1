import assert from "@std/assert";
import { lexedTokenForm, tokenForm } from "./canonical_tokens.ts";
import {
  type CanonicalSql,
  canonicalSql,
  loadSqlParser,
  needsParser,
  type SqlForm,
} from "./canonical.ts";
import { Lexer } from "./lexer.ts";

const parse = await loadSqlParser();

function canonical(sql: string, form: SqlForm): CanonicalSql {
  return canonicalSql(sql, form, parse);
}

/** What servers say of one and the same stored object. */
const SAME: readonly (readonly [SqlForm, string, string])[] = [
  // 15 and 16.
  [
    "query",
    " SELECT t.a\n   FROM public.t\n  WHERE (t.a > 1);",
    " SELECT a\n   FROM public.t\n  WHERE (a > 1);",
  ],
  [
    "query",
    "SELECT x.a FROM public.t x ORDER BY x.a",
    "SELECT a FROM public.t x ORDER BY a",
  ],
  [
    "query",
    "SELECT s.n FROM ( SELECT t.n FROM public.t) s",
    "SELECT n FROM ( SELECT t.n FROM public.t) s",
  ],
  [
    "query",
    "SELECT g.g FROM generate_series(1, 3) g(g)",
    "SELECT g FROM generate_series(1, 3) g(g)",
  ],
  [
    "query",
    "SELECT t.a FROM public.t TABLESAMPLE system (1)",
    "SELECT a FROM public.t TABLESAMPLE system (1)",
  ],
  [
    "query",
    "WITH c AS ( SELECT 1 AS n) SELECT c.n FROM c",
    "WITH c AS ( SELECT 1 AS n) SELECT n FROM c",
  ],
  [
    "query",
    "SELECT (t.cc).x, t.v[1] FROM public.t WHERE (EXISTS ( SELECT 1 FROM public.u WHERE (u.a = t.a)))",
    "SELECT (cc).x, v[1] FROM public.t WHERE (EXISTS ( SELECT 1 FROM public.u WHERE (u.a = t.a)))",
  ],
  // 14 and 15.
  [
    "query",
    "SELECT a FROM t WHERE ( SELECT true AS bool)",
    "SELECT a FROM t WHERE ( SELECT true)",
  ],
  [
    "query",
    "SELECT s.a FROM ( SELECT true AS bool, t.a FROM t) s",
    'SELECT s.a FROM ( SELECT true AS "?column?", t.a FROM t) s',
  ],
  [
    "query",
    "SELECT a FROM t UNION SELECT false AS bool",
    "SELECT a FROM t UNION SELECT false",
  ],
  [
    "statement",
    "RETURN (EXISTS (SELECT true AS bool FROM t))",
    "RETURN (EXISTS (SELECT true FROM t))",
  ],
  // Before and after a dump is loaded.
  [
    "expression",
    "((c)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
    "((c)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))",
  ],
  [
    "statement",
    "CHECK (((c)::text <> ALL ((ARRAY['x'::character varying(20)])::text[])))",
    "CHECK (((c)::text <> ALL (ARRAY[('x'::character varying(20))::text])))",
  ],
  ["expression", "(f > (- 1.5))", "(f > '-1.5'::numeric)"],
  ["expression", "'-1'::integer", "-1"],
  ["expression", "'-10000000000'::bigint", "-10000000000"],
  [
    "expression",
    "ARRAY( SELECT 'x'::text UNION SELECT u.x FROM u)",
    "ARRAY( SELECT 'x'::text AS text UNION SELECT u.x FROM u)",
  ],
  // 15 and 16, of relations that are called as those of a rule.
  [
    "query",
    "SELECT old_1.a FROM public.old old_1",
    "SELECT a FROM public.old",
  ],
  [
    "query",
    "SELECT old_1.b, ( SELECT max(new_1.b) AS max FROM new new_1 WHERE (new_1.a = old_1.a)) AS m FROM old old_1",
    "SELECT b, ( SELECT max(new.b) AS max FROM new WHERE (new.a = old.a)) AS m FROM old",
  ],
  [
    "query",
    "SELECT old_1.*::old AS x, old_1_1.b FROM (old old_1 JOIN t old_1_1 ON ((old_1.a = old_1_1.a))) FOR UPDATE OF old_1_1",
    "SELECT old.*::old AS x, old_1.b FROM (old JOIN t old_1 ON ((old.a = old_1.a))) FOR UPDATE OF old_1",
  ],
  [
    "query",
    "WITH old AS ( SELECT new_1.a FROM new new_1) SELECT old_1.a FROM old old_1 UNION SELECT old_1.a FROM generate_series(1, 3) old_1(a)",
    "WITH old AS ( SELECT new.a FROM new) SELECT old.a FROM old UNION SELECT old.a FROM generate_series(1, 3) old(a)",
  ],
  [
    "query",
    "SELECT old_2.a FROM ((old old_1 JOIN new new_1 USING (a)) old_2 CROSS JOIN LATERAL ( SELECT t.b FROM t WHERE (t.a = old_2.a)) s)",
    "SELECT old_1.a FROM ((old JOIN new USING (a)) old_1 CROSS JOIN LATERAL ( SELECT t.b FROM t WHERE (t.a = old_1.a)) s)",
  ],
  // A person's parentheses.
  [
    "query",
    "SELECT a FROM t WHERE (a AND (b AND c))",
    "SELECT a FROM t WHERE ((a) AND b AND (c))",
  ],
  ["expression", "((a > 0))", "(a > 0)"],
  ["expression", "now( )", "now()"],
];

/** What is not the same, though nearly. */
const DIFFERENT: readonly (readonly [SqlForm, string, string])[] = [
  [
    "query",
    "SELECT t.a FROM t, u WHERE (t.b = u.b)",
    "SELECT u.a FROM t, u WHERE (t.b = u.b)",
  ],
  [
    "query",
    "SELECT t.a FROM t JOIN u ON (true)",
    "SELECT a FROM t JOIN u ON (true)",
  ],
  [
    "query",
    "SELECT a FROM t WHERE (EXISTS ( SELECT 1 FROM u WHERE (u.a = t.a)))",
    "SELECT a FROM t WHERE (EXISTS ( SELECT 1 FROM u WHERE (u.a = u.a)))",
  ],
  ["query", "SELECT t.* FROM t", "SELECT t.t FROM t"],
  ["query", "SELECT a AS x FROM t", "SELECT a AS y FROM t"],
  ["query", "SELECT true AS bool", 'SELECT true AS "?column?"'],
  [
    "query",
    "SELECT s.x FROM ( SELECT 1 AS x, 2 AS y) s",
    "SELECT s.x FROM ( SELECT 1 AS y, 2 AS x) s",
  ],
  ["query", "SELECT a, b FROM t", "SELECT b, a FROM t"],
  ["query", "SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a DESC"],
  [
    "query",
    "SELECT a FROM t UNION SELECT a FROM u",
    "SELECT a FROM t UNION ALL SELECT a FROM u",
  ],
  ["query", "SELECT a FROM t", "SELECT a FROM ONLY t"],
  [
    "query",
    "SELECT a FROM t LEFT JOIN u USING (a)",
    "SELECT a FROM t RIGHT JOIN u USING (a)",
  ],
  [
    "query",
    "SELECT a FROM t WHERE (a AND (b OR c))",
    "SELECT a FROM t WHERE ((a AND b) OR c)",
  ],
  // Relations that are called as those of a rule.
  [
    "query",
    "SELECT old_1.a FROM old old_1",
    "SELECT a FROM old_1",
  ],
  [
    "query",
    "SELECT a FROM old",
    "SELECT a FROM new",
  ],
  [
    "query",
    "SELECT a FROM public.old",
    "SELECT a FROM audit.old",
  ],
  [
    "query",
    "SELECT old.a FROM (old JOIN t old_1 ON (true))",
    "SELECT old_1.a FROM (old JOIN t old_1 ON (true))",
  ],
  [
    "query",
    "SELECT old.a FROM (old JOIN t old_1 ON (true)) FOR UPDATE OF old",
    "SELECT old.a FROM (old JOIN t old_1 ON (true)) FOR UPDATE OF old_1",
  ],
  [
    "query",
    "SELECT a FROM t old WHERE (EXISTS ( SELECT 1 FROM t old_1 WHERE (old_1.a = old.a)))",
    "SELECT a FROM t old WHERE (EXISTS ( SELECT 1 FROM t old_1 WHERE (old_1.a = old_1.a)))",
  ],
  [
    "query",
    "SELECT a FROM t old WHERE (EXISTS ( SELECT 1 FROM u old WHERE (old.a = 1)))",
    "SELECT a FROM t old WHERE (EXISTS ( SELECT 1 FROM u old_1 WHERE (old.a = 1)))",
  ],
  [
    "query",
    "WITH old AS ( SELECT 1 AS a) SELECT a FROM old",
    "WITH new AS ( SELECT 1 AS a) SELECT a FROM old",
  ],
  [
    "query",
    "SELECT a FROM old(1) old(a)",
    "SELECT a FROM old(1) old(b)",
  ],
  [
    "query",
    "SELECT a AS old FROM t",
    "SELECT a AS new FROM t",
  ],
  ["expression", "((a + b) * c)", "(a + (b * c))"],
  ["expression", "(a = ANY (ARRAY[1, 2]))", "(a = ANY (ARRAY[2, 1]))"],
  [
    "expression",
    "(a = ANY (ARRAY['1'::text]))",
    "(a = ANY (ARRAY['1'::bpchar]))",
  ],
  ["expression", "'-1'::integer", "'-1'::bigint"],
  ["expression", "'-1'::integer", "'-1'::text"],
  ["expression", "'-1.5'::numeric", "'-1.5'::numeric(5,2)"],
  ["expression", "'-1.5'::numeric", "'-1.50'::numeric"],
  ["expression", "f(ROW(a, b))", "f(a, b)"],
  ["expression", "f((a, b))", "f(a, b)"],
  ["expression", "'a  b'::text", "'a b'::text"],
  ["expression", "(a)::text", "(a)::character varying"],
  [
    "statement",
    "FOREIGN KEY (a, b) REFERENCES t(a, b)",
    "FOREIGN KEY (b, a) REFERENCES t(a, b)",
  ],
  [
    "statement",
    "CREATE INDEX i ON t USING btree (a, b)",
    "CREATE UNIQUE INDEX i ON t USING btree (a, b)",
  ],
];

Deno.test("canonicalSql() is the same for what servers write of one stored object", () => {
  for (const [form, a, b] of SAME) {
    assert.deepEqual(canonical(a, form), canonical(b, form), `${a}\n${b}`);
  }
});

Deno.test("canonicalSql() is not the same for SQL that means something else", () => {
  for (const [form, a, b] of DIFFERENT) {
    assert.notDeepEqual(canonical(a, form), canonical(b, form), `${a}\n${b}`);
  }
});

/** As servers write them; in none of them does a name say nothing. */
const TEXTS: readonly (readonly [SqlForm, string])[] = [
  ["expression", "nextval('public.t_id_seq'::regclass)"],
  ["expression", "((price >= (0)::numeric) AND ((name)::text <> ''::text))"],
  ["expression", "(upper((name)::text) || COALESCE(suffix, 'x'::text))"],
  ["expression", "(status = ANY (ARRAY['a'::text, 'b'::text]))"],
  ["expression", "(amount > '-1.5'::numeric)"],
  ["expression", "FOR VALUES FROM ('-1', 2) TO (3, MAXVALUE)"],
  [
    "expression",
    "(EXISTS ( SELECT r.x FROM r WHERE ((r.a = t.a) AND (r.b <> 5))))",
  ],
  [
    "statement",
    "CREATE INDEX i ON public.t USING gist (a, lower(b) text_ops DESC) WHERE (c > 3)",
  ],
  ["statement", "CHECK (((a >= 1) AND (b = ANY (ARRAY[1, 2]))))"],
  ["statement", "FOREIGN KEY (a) REFERENCES public.t(b) ON DELETE CASCADE"],
  [
    "statement",
    "CREATE TRIGGER g BEFORE UPDATE OF a ON public.t FOR EACH ROW WHEN ((old.a <> new.a)) EXECUTE FUNCTION public.f('x')",
  ],
  [
    "query",
    "SELECT t.a AS q, sum(u.b) AS s FROM public.t JOIN public.u ON (t.c = u.c) WHERE (t.d > 7) GROUP BY t.a HAVING (count(u.e) < 9)",
  ],
  [
    "query",
    "SELECT a, b AS q FROM public.t WHERE ((c)::text ~~ 'x%'::text) ORDER BY d DESC LIMIT 5",
  ],
  [
    "query",
    "WITH w AS ( SELECT t.a FROM t) SELECT w.a, v.b FROM w, v WHERE (w.a = v.a)",
  ],
];

function tokens(sql: string): string[] {
  const lexer = new Lexer(sql);
  const found: string[] = [];
  while (lexer.next()) found.push(sql.slice(lexer.start, lexer.end));
  return found;
}

Deno.test("canonicalSql() is the same however SQL is laid out", () => {
  for (const [form, sql] of TEXTS) {
    const parts = tokens(sql);
    for (const space of [" ", "\n", "\t  ", " \r\n "]) {
      const other = parts.join(space);
      assert.deepEqual(canonical(other, form), canonical(sql, form), other);
    }
  }
});

Deno.test("canonicalSql() is the same with parentheses around parentheses", () => {
  let different = 0;
  for (const [form, sql] of TEXTS) {
    const other = doubled(sql);
    if (other !== tokens(sql).join(" ")) different++;
    assert.deepEqual(canonical(other, form), canonical(sql, form), other);
  }
  assert.ok(different > 5);
});

/** Doubles every pair of parentheses that holds a whole condition. */
function doubled(sql: string): string {
  const parts = tokens(sql);
  const stack: number[] = [];
  for (const [i, part] of [...parts].entries()) {
    if (part === "(") stack.push(i);
    const open = part === ")" ? stack.pop() : undefined;
    if (
      open !== undefined &&
      /^(\(|AND|WHERE|ON|CHECK|HAVING)$/.test(parts[open - 1] ?? "(")
    ) {
      const inside = parts.slice(open + 1, i);
      if (inside.includes(",") || inside[0] === "SELECT") continue;
      parts[open] = "( (";
      parts[i] = ") )";
    }
  }
  return parts.join(" ");
}

Deno.test("canonicalSql() changes with every token", () => {
  for (const [form, sql] of TEXTS) {
    const parts = tokens(sql);
    for (const [i, part] of parts.entries()) {
      const other = changed(part);
      if (other === undefined) continue;
      const mutant = parts.with(i, other).join(" ");
      assert.notDeepEqual(
        canonical(mutant, form),
        canonical(sql, form),
        mutant,
      );
    }
  }
});

/** Another token of its kind; undefined for what only holds the others together. */
function changed(token: string): string | undefined {
  if (/^\d/.test(token)) return `${token}1`;
  if (token.startsWith("'")) return `'1${token.slice(1)}`;
  if (/^(AS|ROW|FOR|EACH|ASC)$/.test(token)) return undefined;
  if (/^\w/.test(token)) return `${token}x`;
  switch (token) {
    case "=":
    case "<>":
      return "<";
    case "<":
    case ">":
    case ">=":
      return "<>";
    case "||":
    case "~~":
      return "~";
    default:
      return undefined;
  }
}

Deno.test("needsParser() says the same of every way in which servers write an expression", () => {
  for (const [form, a, b] of SAME) {
    assert.equal(needsParser(a, form), needsParser(b, form), a);
  }
});

Deno.test("needsParser() leaves what most tables have to tokens", () => {
  for (
    const sql of [
      "nextval('public.t_id_seq'::regclass)",
      "'2020-01-01'::date",
      "FOR VALUES IN ('a', 'b')",
      "CREATE INDEX i ON public.t USING btree (lower(a), b DESC) WHERE (c IS NOT NULL)",
      "PRIMARY KEY (id)",
    ]
  ) assert.equal(needsParser(sql, "statement"), false, sql);
});

Deno.test("the short way to the token form says what the lexer says", () => {
  const pieces = [
    "a",
    "B_1",
    "12",
    "1.5",
    "'x'",
    "'it''s'",
    "'-- (('",
    "E'x'",
    '"q r"',
    "::",
    ":",
    "=",
    "<>",
    ">=",
    "=>",
    "||",
    "-",
    "-- c\n",
    "/* c */",
    "(",
    "( (",
    ")",
    ",",
    ".",
    "[",
    "]",
    "$1",
    "$$x$$",
    "é",
    " ",
    "  ",
    "\n",
  ];
  // A generator of its own, so that a failure can be repeated.
  let state = 7;
  const below = (n: number): number => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  let short = 0;
  for (let round = 0; round < 20_000; round++) {
    let sql = "";
    for (let i = below(9); i >= 0; i--) {
      const piece = pieces[below(pieces.length)] ?? "";
      sql += below(2) === 0 ? piece : ` ${piece} `;
    }
    assert.equal(tokenForm(sql), lexedTokenForm(sql), sql);
    if (/^[\w ()=',:.]*$/.test(sql)) short++;
  }
  assert.ok(short > 500);
  for (
    const sql of [
      "CREATE INDEX i ON app.t USING btree (made_at DESC) WHERE (state = 'new'::text)",
      "CREATE UNIQUE INDEX i ON app.t USING btree (name, state) INCLUDE (amount)",
      "FOREIGN KEY (a, b) REFERENCES app.t(id, x) ON DELETE CASCADE",
      "CHECK ((amount >= (0)::numeric))",
    ]
  ) assert.equal(tokenForm(sql), lexedTokenForm(sql));
});
