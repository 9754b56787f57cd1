/**
 * The completion script of fish. It knows fish's `complete`; what can be
 * completed it is told. Pure.
 *
 * @module
 */

import type {
  CommandPlan,
  CompletionPlan,
  OptionPlan,
  ValuePlan,
} from "./completion_plan.ts";

/** A word for fish that nothing in it is expanded. */
const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;

/** What is offered for a value. */
function offered(value: ValuePlan): string {
  if (value.choices.length > 0) return ` -a ${quoted(value.choices.join(" "))}`;
  return value.files === "file"
    ? " -F"
    : value.files === "directory"
    ? ` -a ${quoted("(__fish_complete_directories)")}`
    : "";
}

function optionLine(program: string, when: string, option: OptionPlan): string {
  const names = option.names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
  ).join(" ");
  // -x: a value is needed and is no file; -r: it is needed.
  const value = option.value === undefined
    ? ""
    : (option.value.files === "file" ? " -r" : " -x") + offered(option.value);
  return `complete -c ${program} -n ${when} ${names}${value} -d ${
    quoted(option.description)
  }`;
}

function commandLines(one: CommandPlan, plan: CompletionPlan): string[] {
  const { program } = plan;
  const when = quoted(`__${program}_is ${quoted(one.name)}`);
  const words = one.positionals.flatMap((value, i) => {
    const offers = offered(value);
    const at = value.repeatable
      ? when
      : quoted(`__${program}_is ${quoted(one.name)} ${i}`);
    return offers === "" ? [] : [`complete -c ${program} -n ${at}${offers}`];
  });
  return [
    ...one.options.map((option) => optionLine(program, when, option)),
    ...words,
  ];
}

/**
 * Writes the script.
 *
 * @param plan What can be completed where.
 * @returns The script.
 */
export function fishScript(plan: CompletionPlan): string {
  const { program, commands, words, families } = plan;
  const names = commands.filter((one) => one.name !== "").map((one) =>
    `        case ${one.names.map(quoted).join(" ")}
            echo ${quoted(one.name)}`
  ).join("\n");
  const takers = commands.map((one) => {
    const taking = one.options.filter(({ value }) => value !== undefined)
      .flatMap((option) => option.names);
    return `        case ${quoted(one.name)}
            contains -- $argv[2] ${taking.join(" ")}`;
  }).join("\n");
  const offer = (first: string, word: string, summary: string) =>
    `complete -c ${program} -n ${
      quoted(`__${program}_after ${quoted(first)}`)
    } -a ${quoted(word)} -d ${quoted(summary)}`;
  return `# fish completion for ${program}, written by \`${program} completions fish\`

# The command of a name or alias; nothing where there is none.
function __${program}_command
    switch "$argv[1]"
${names}
    end
end

# Whether an option of a command takes a value.
function __${program}_takes
    switch "$argv[1]"
${takers}
        case '*'
            return 1
    end
end

# The command on the line, the words that name it, and how many words follow.
function __${program}_line
    set -l name ''
    set -l first ''
    set -l index 0
    set -l pending ''
    for word in (commandline -opc)[2..-1]
        if test -n "$pending"
            set pending ''
        else if string match -q -- '-*' $word
            __${program}_takes "$name" $word; and set pending $word
        else if test -z "$first"
            set first $word
            set name (__${program}_command $word)
        else
            set -l two ''
            test $index -eq 0; and set two (__${program}_command "$first $word")
            if test -n "$two"
                set name $two
                set first "$first $word"
            else
                set index (math $index + 1)
            end
        end
    end
    echo "$name"
    echo "$first"
    echo $index
end

# Whether the line has this command, and so many words after it.
function __${program}_is
    set -l line (__${program}_line)
    test "$line[1]" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    test "$line[3]" = "$argv[2]"
end

# Whether this first word, or none, stands alone on the line.
function __${program}_after
    set -l line (__${program}_line)
    test "$line[2]" = "$argv[1]" -a "$line[3]" = 0
end

complete -c ${program} -f
${words.map(({ word, summary }) => offer("", word, summary)).join("\n")}
${
    [...families].flatMap(([first, members]) =>
      members.map(({ word, summary }) => offer(first, word, summary))
    ).join("\n")
  }
${commands.flatMap((one) => commandLines(one, plan)).join("\n")}
`;
}
