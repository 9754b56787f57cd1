/**
 * The completion script of bash (3.2 and newer, without the bash-completion
 * package). It knows bash; what can be completed it is told. Pure.
 *
 * @module
 */

import type {
  CompletionPlan,
  OptionPlan,
  ValuePlan,
} from "./completion_plan.ts";

/** What `_NAME_offer` is told of a value. */
function offer(value: ValuePlan | undefined): string {
  if (value === undefined) return "flag";
  return value.choices.length > 0
    ? `words ${value.choices.join(" ")}`
    : value.files ?? "text";
}

/** `case` branches, or none: an empty `case` is a syntax error in no shell. */
function branches(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([pattern, action]) => `    ${pattern}) ${action} ;;`)
    .join("\n");
}

const echo = (text: string) => `echo '${text}'`;

/** The options of a command that take a value, by what their value is. */
function valueRows(
  command: string,
  options: readonly OptionPlan[],
): [string, string][] {
  return options.flatMap(({ names, value }) =>
    value === undefined ? [] : names.map((name): [string, string] => [
      `'${command}|${name}'`,
      echo(offer(value)),
    ])
  );
}

/**
 * Functions that bash and zsh understand alike: the command of a name, and
 * what the value of an option is.
 *
 * @param plan What can be completed where.
 * @returns The functions.
 */
export function sharedFunctions(plan: CompletionPlan): string {
  const { program, commands } = plan;
  const names = commands.filter((one) => one.name !== "").map((
    one,
  ): [string, string] => [
    one.names.map((name) => `'${name}'`).join("|"),
    echo(one.name),
  ]);
  const values = commands.flatMap((one) => valueRows(one.name, one.options));
  return `# The command of a name or alias; nothing where there is none.
_${program}_command() {
  case "$1" in
${branches(names)}
  esac
}

# What the value of an option is; nothing for a flag. COMMAND|OPTION
_${program}_value() {
  case "$1" in
${branches(values)}
  esac
}
`;
}

/**
 * Writes the script.
 *
 * @param plan What can be completed where.
 * @returns The script.
 */
export function bashScript(plan: CompletionPlan): string {
  const { program, commands, words, families } = plan;
  const options = commands.map((one): [string, string] => [
    `'${one.name}'`,
    echo(one.options.flatMap(({ names }) => names).join(" ")),
  ]);
  const seconds = [...families].map(([first, members]): [string, string] => [
    `'${first}'`,
    echo(members.map(({ word }) => word).join(" ")),
  ]);
  const positionals = commands.flatMap((one) =>
    one.positionals.map((value, i): [string, string] => [
      value.repeatable ? `'${one.name}|'*` : `'${one.name}|${i}'`,
      echo(offer(value)),
    ])
  );
  return `# bash completion for ${program}, written by \`${program} completions bash\`

${sharedFunctions(plan)}
_${program}_options() {
  case "$1" in
${branches(options)}
  esac
}

# The words that may follow a first word.
_${program}_seconds() {
  case "$1" in
${branches(seconds)}
  esac
}

# What a positional is. COMMAND|INDEX
_${program}_positional() {
  case "$1" in
${branches(positionals)}
  esac
}

# Fills COMPREPLY: KIND [WORD...], and what is typed already.
_${program}_offer() {
  local kind="\${1%% *}" typed="$2" IFS=$' \\t\\n' line
  COMPREPLY=()
  case "$kind" in
    words)
      while IFS= read -r line; do COMPREPLY+=("$line"); done \\
        < <(compgen -W "\${1#words }" -- "$typed")
      ;;
    file|directory)
      local what=-f
      [ "$kind" = directory ] && what=-d
      while IFS= read -r line; do COMPREPLY+=("$line"); done \\
        < <(compgen $what -- "$typed")
      compopt -o filenames 2>/dev/null
      ;;
  esac
}

_${program}() {
  local words=() i word last
  # Bash cuts --option=value at the equals sign: put it together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    last=$((\${#words[@]} - 1))
    if ((last >= 0)) && [[ "$word" == "=" && "\${words[last]}" == --* && "\${words[last]}" != *=* ]]; then
      words[last]+="="
    elif ((last >= 0)) && [[ "\${words[last]}" == --*= && "\${COMP_WORDS[i - 1]}" == "=" ]]; then
      words[last]+="$word"
    else
      words+=("$word")
    fi
  done
  last=$((\${#words[@]} - 1))
  local typed="\${words[last]}" command="" first="" index=0 ended="" pending="" name

  for ((i = 0; i < last; i++)); do
    word="\${words[i]}"
    if [[ -n "$pending" ]]; then
      pending=""
    elif [[ -z "$ended" && "$word" == "--" ]]; then
      ended=yes
    elif [[ -z "$ended" && "$word" == --*=* ]]; then
      :
    elif [[ -z "$ended" && "$word" == -?* ]]; then
      [[ -n "$(_${program}_value "$command|$word")" ]] && pending="$word"
    elif [[ -z "$first" ]]; then
      first="$word"
      command="$(_${program}_command "$word")"
    else
      name=""
      ((index == 0)) && name="$(_${program}_command "$first $word")"
      if [[ -n "$name" ]]; then
        command="$name"
        first="$first $word"
      else
        index=$((index + 1))
      fi
    fi
  done

  if [[ -n "$pending" ]]; then
    _${program}_offer "$(_${program}_value "$command|$pending")" "$typed"
  elif [[ -z "$ended" && "$typed" == --*=* ]]; then
    name="\${typed%%=*}"
    _${program}_offer "$(_${program}_value "$command|$name")" "\${typed#*=}"
    if [[ "$COMP_WORDBREAKS" != *=* ]]; then
      for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]="$name=\${COMPREPLY[i]}"; done
    fi
  elif [[ -z "$ended" && "$typed" == -* ]]; then
    _${program}_offer "words $(_${program}_options "$command")" "$typed"
  elif [[ -z "$first" ]]; then
    _${program}_offer 'words ${
    words.map(({ word }) => word).join(" ")
  }' "$typed"
  else
    local seconds="" kind
    ((index == 0)) && seconds="$(_${program}_seconds "$first")"
    kind="$(_${program}_positional "$command|$index")"
    if [[ -n "$seconds" && "$kind" == "words "* ]]; then
      seconds="$seconds \${kind#words }"
    fi
    if [[ -n "$seconds" ]]; then
      _${program}_offer "words $seconds" "$typed"
    else
      _${program}_offer "$kind" "$typed"
    fi
  fi
}

complete -F _${program} ${program}
`;
}
