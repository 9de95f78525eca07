import { Command } from 'commander';
import type { AdmissionCode } from '../../admission/code-section';
import { nearest } from '../../findings/nearest';
import { printable } from '../../findings/safe-text';
import { late } from '../../modules/late';
import type { Refused } from '../output/package';
import { coloursFor } from '../output/printer';
import { VerbContext } from '../program/verb';

const HELP = `
Exit code:
  0  printed
  2  nothing has this code

Examples:
  $ istio-mtls rules
  $ istio-mtls rules MTLS101
  $ istio-mtls rules ADMIT201
  $ istio-mtls rules API001
`;

/** `istio-mtls rules`: what `check` looks for in a mesh, and what each code means, including admission's. */
export function rulesVerb(program: Command, { terminal, packaged, finish }: VerbContext): void {
  program.command('rules')
    .summary('list the rules of check, or explain any code')
    .description('Lists the rules of check, or explains a code: a rule with an example and how to fix it, a rejected object, '
      + 'or what a construct or a configuration file refuses.')
    .argument('[code]', 'a code that is printed anywhere, such as MTLS101')
    .showHelpAfterError('(see istio-mtls rules --help)')
    .addHelpText('after', HELP)
    .action(async (code: string | undefined) => {
      // Loaded when it runs: the other verbs don't wait for it.
      const { pageOf, refusalsOf } = late<typeof import('../output/package')>(() => require('../output/package'));
      const { ADMISSION_CODES } = late<typeof import('../../admission/catalogue')>(() => require('../../admission/catalogue'));
      const { CATALOGUE } = late<typeof import('../../analysis/analysis')>(() => require('../../analysis/analysis'));
      const colours = coloursFor(terminal.isTerminal, terminal.env);
      if (code === undefined) {
        await terminal.out(
          CATALOGUE.map((rule) => `${colours.bold(rule.code)}  ${rule.severity.padEnd('warning'.length)}  ${rule.title}\n`).join(''),
        );
        finish(0);
        return;
      }
      const rule = CATALOGUE.find((one) => one.code === code.toUpperCase());
      const objection = ADMISSION_CODES.find((one) => one.code === code.toUpperCase());
      const refusals = rule || objection ? [] : refusalsOf(packaged);
      const refusal = refusals.find((one) => one.code === code.toUpperCase());
      const page = rule ? pageOf(rule, packaged) : objection ? admissionText(objection) : refusal && refusalText(refusal);
      if (page === undefined) {
        terminal.error(`${printable(unknownCode(code, [...CATALOGUE, ...ADMISSION_CODES, ...refusals].map((one) => one.code)))}\n`);
      } else {
        await terminal.out(page);
      }
      finish(page === undefined ? 2 : 0);
    });
}

/** The text about a code of admission, without a fix: each finding states its own. */
function admissionText({ code, severity, what, why }: AdmissionCode): string {
  return `# ${code}: ${what}\n\n${DONE[severity]}: ${why}.\n`;
}

/** The text about a refusal, without a fix: the refusal itself states what it expects and how to fix it. */
function refusalText({ code, what, why, where }: Refused): string {
  return `# ${code}: ${what}\n\nRefused (${where}): ${why}.\n`;
}

const DONE = {
  error: 'Refused by an API server or istiod',
  warning: 'Warned about by an API server or istiod',
  info: 'Good to know, and admitted',
} as const;

function unknownCode(code: string, codes: readonly string[]): string {
  const meant = nearest(code, codes);
  return `'${code}' is no code; expected one that istio-mtls prints. Fix: ${meant ? `write ${meant}` : 'look at the list'}.`;
}
