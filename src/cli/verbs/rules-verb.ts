import { Command } from 'commander';
import { coloursFor } from '../colours';
import { pageOf } from '../package';
import { VerbContext } from './verb';
import { nearest } from '../../findings/nearest';

const HELP = `
Exit code:
  0  printed
  2  no rule has this code

Examples:
  $ istio-mtls rules
  $ istio-mtls rules MTLS101
`;

/** `istio-mtls rules`: what `check` looks for, and what a code means. */
export function rulesVerb(program: Command, { terminal, packaged, finish }: VerbContext): void {
  program.command('rules')
    .summary('list the rules of check, or tell what one of them means')
    .description('Lists the rules of check, or tells what one of them means, with an example and how to mend it.')
    .argument('[code]', 'the code of a finding, such as MTLS101')
    .showHelpAfterError('(istio-mtls rules --help tells more)')
    .addHelpText('after', HELP)
    .action(async (code: string | undefined) => {
      /* eslint-disable @typescript-eslint/no-require-imports */
      const { CATALOGUE } = require('../../analysis/analysis') as typeof import('../../analysis/analysis');
      /* eslint-enable @typescript-eslint/no-require-imports */
      const colours = coloursFor(terminal.isTerminal, terminal.env);
      if (code === undefined) {
        await terminal.out(CATALOGUE.map((rule) => `${colours.bold(rule.code)}  ${rule.severity.padEnd('warning'.length)}  ${rule.title}\n`).join(''));
        finish(0);
        return;
      }
      const found = CATALOGUE.find((rule) => rule.code === code.toUpperCase());
      if (found) await terminal.out(pageOf(found, packaged));
      else terminal.error(`${unknownCode(code, CATALOGUE.map((rule) => rule.code))}\n`);
      finish(found ? 0 : 2);
    });
}

function unknownCode(code: string, codes: readonly string[]): string {
  if (/^ADMIT\d{3}$/i.test(code)) return `'${code}' is a code of admission; expected one of the analysis. Fix: look into docs/admission.md.`;
  const meant = nearest(code, codes);
  return `'${code}' is no rule's code; expected one that istio-mtls rules lists. Fix: ${meant ? `write ${meant}` : 'look at the list'}.`;
}
