/**
 * The completion script of zsh. It knows zsh's `_arguments`; what can be
 * completed it is told. Pure.
 *
 * @module
 */

import type {
  CommandPlan,
  CompletionPlan,
  OptionPlan,
  ValuePlan,
  WordPlan,
} from "./completion_plan.ts";
import { sharedFunctions } from "./completions_bash.ts";

/** A word for zsh that nothing in it is expanded. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A text inside a specification, where `[`, `]` and `:` have a meaning. */
const literal = (text: string) => text.replace(/[\[\]:\\]/g, "\\$&");

function action(value: ValuePlan): string {
  const offered = value.choices.length > 0
    ? `(${value.choices.map(literal).join(" ")})`
    : value.files === undefined
    ? " "
    : value.files === "file"
    ? "_files"
    : "_files -/";
  return `:${literal(value.name)}:${offered}`;
}

/** One specification for every spelling; a spelling excludes the others. */
function optionSpecs(option: OptionPlan): string[] {
  const { names, value, repeatable } = option;
  return names.map((name) => {
    const before = repeatable ? "*" : `(${names.join(" ")})`;
    const joins = value === undefined ? "" : name.startsWith("--") ? "=" : "+";
    const text = `[${literal(option.description)}]`;
    return quoted(
      before + name + joins + text + (value === undefined ? "" : action(value)),
    );
  });
}

function describe(name: string, words: readonly WordPlan[]): string {
  const rows = words.map(({ word, summary }) =>
    `    ${quoted(`${word.replaceAll(":", "\\:")}:${summary}`)}`
  );
  return `${name}() {
  local -a offered=(
${rows.join("\n")}
  )
  _describe command offered
}
`;
}

function branch(one: CommandPlan, plan: CompletionPlan): string {
  const taken = one.name === "" ? 0 : one.name.split(" ").length;
  const words = Array.from(
    { length: taken },
    (_, i) => quoted(`${i + 1}:command:( )`),
  );
  const family = plan.families.has(one.name);
  const positionals = one.positionals.map((value, i) => {
    const second = family && i === 0
      ? `:${literal(value.name)}:_${plan.program}_after_${one.name}`
      : action(value);
    return quoted((value.repeatable ? "*" : String(taken + i + 1)) + second);
  });
  const specs = [
    ...one.options.flatMap(optionSpecs),
    ...words,
    ...positionals,
  ];
  return `    ${quoted(one.name)})
      _arguments -s -S \\
        ${specs.join(" \\\n        ")}
      ;;`;
}

/** The branch of a first word that only begins commands. */
function familyBranch(first: string, plan: CompletionPlan): string {
  const globals = plan.commands[0]?.options.flatMap(optionSpecs) ?? [];
  return `    ${quoted(`${first} ?`)})
      _arguments -s -S \\
        ${
    [
      ...globals,
      quoted("1:command:( )"),
      quoted(`2:command:_${plan.program}_after_${first}`),
    ].join(" \\\n        ")
  }
      ;;`;
}

/**
 * Writes the script.
 *
 * @param plan What can be completed where.
 * @returns The script.
 */
export function zshScript(plan: CompletionPlan): string {
  const { program, commands, families } = plan;
  const start = commands[0]?.options ?? [];
  const lone = [...families.keys()].filter((first) =>
    !commands.some((one) => one.names.includes(first))
  );
  return `#compdef ${program}
# zsh completion for ${program}, written by \`${program} completions zsh\`

${sharedFunctions(plan)}
${describe(`_${program}_words`, plan.words)}
${
    [...families].map(([first, members]) =>
      describe(`_${program}_after_${first}`, members)
    ).join("\n")
  }
_${program}() {
  local command="" first="" word pending="" name
  integer i index=0
  for ((i = 2; i < CURRENT; i++)); do
    word="\${(Q)words[i]}"
    if [[ -n "$pending" ]]; then
      pending=""
    elif [[ "$word" == -* ]]; then
      [[ -n "$(_${program}_value "$command|$word")" ]] && pending="$word"
    elif [[ -z "$first" ]]; then
      first="$word"
      command="$(_${program}_command "$word")"
      [[ -z "$command" ]] && command="$word ?"
    else
      name=""
      ((index == 0)) && name="$(_${program}_command "$first $word")"
      if [[ -n "$name" ]]; then command="$name"; fi
      ((index++))
    fi
  done

  case "$command" in
    '')
      _arguments -s -S \\
        ${
    [
      ...start.flatMap(optionSpecs),
      quoted(`1:command:_${program}_words`),
    ].join(" \\\n        ")
  }
      ;;
${commands.slice(1).map((one) => branch(one, plan)).join("\n")}
${lone.map((first) => familyBranch(first, plan)).join("\n")}
  esac
}

if [[ "$funcstack[1]" == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}
