// A page that tells readers what to write and what to type, as steps that a test takes.

/** A fence, with the last words before it. */
const FENCE = /(?:^|\n)(?<before>[^\n]+)\n\n```(?<language>\w+)\n(?<inside>[^]*?)```\n/g;

/**
 * The steps of a section, in their order: files to write, which a sentence before their fence names last, and commands with what
 * they print.
 *
 * @param {string} page in Markdown
 * @param {string} heading such as `## With YAML`
 * @returns {({ file: string, text: string } | { command: string, printed: string })[]}
 */
function stepsOf(page, heading) {
  const [, section] = page.split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`there is no '${heading}'; expected one with steps`);
  return [...section.split(/\n## /)[0].matchAll(FENCE)].flatMap(({ groups: { before, language, inside } }) => {
    if (language === 'console') return inside.split(/^\$ /m).slice(1).map(commandOf);
    if (language === 'sh') return inside.trimEnd().split('\n').map((command) => ({ command, printed: undefined }));
    const named = [...before.matchAll(/`([\w./-]+\.(?:ts|yaml))`/g)].at(-1);
    if (!named) throw new Error(`no file is named before the fence with ${JSON.stringify(inside.slice(0, 40))}; expected a sentence that says where it goes`);
    return [{ file: named[1], text: inside }];
  });
}

function commandOf(text) {
  const end = text.indexOf('\n');
  return { command: text.slice(0, end), printed: text.slice(end + 1) };
}

module.exports = { stepsOf };
