import { Command, InvalidArgumentError, Option } from 'commander';
import { VerbContext } from './verb';
import { printable, redacted } from '../../findings/safe-text';
import { problemInWriting } from '../numbered-folders';
import { printerFor } from '../printer';
import { unreadableSentence } from '../read-text';

const FORMATS = ['text', 'markdown'] as const;

interface Options {
  readonly output: typeof FORMATS[number];
  readonly from: string;
  readonly to: string;
  readonly istiodNamespace: string;
  readonly multiRootMesh?: boolean;
  readonly certificateHours: number;
  readonly trustDomain: string;
  readonly out?: string;
}

const HELP = `
A PATH is what istio-mtls ca inspect reads: a folder with the files of a CA, a manifest with its Secret, or PEM; - for one of the
two is standard input. The private key needn't be there, and is never printed. Of istiod's own CA, in Secret istio-ca-secret,
nothing needs to be shown: --from self-signed.

Exit code:
  0  there is a plan
  1  there is none: the two are one CA, a root isn't that of its chain, or istiod would not start with one of them
  2  something could not be read, or --out isn't empty

Examples:
  $ istio-mtls ca rotate --from self-signed --to new-ca/
  $ kubectl get secret cacerts -n istio-system -o yaml | istio-mtls ca rotate --from - --to new-ca/ -o markdown
  $ istio-mtls ca rotate --from old-ca/ --to new-ca/ --out rotation/
`;

/** `istio-mtls ca rotate`: the stages from one CA to another, and what to wait for between them. */
export function caRotateVerb(ca: Command, { terminal, finish }: VerbContext): void {
  ca.command('rotate')
    .summary('print how to replace the CA without a connection that breaks')
    .description('Prints the stages from one CA to another: what to apply, what to wait for, how to see that it is safe to go on, and how to go back.')
    .requiredOption('--from <path>', 'the CA that istiod signs with: a path, or self-signed for one that istiod made itself')
    .requiredOption('--to <path>', 'the CA that it shall sign with')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--out <folder>', 'write the stages as numbered folders, with the way back; never a private key')
    .option('--multi-root-mesh', 'every istiod has ISTIO_MULTIROOT_MESH=true in its environment')
    .addOption(new Option('--certificate-hours <hours>', 'how long a workload\'s certificate lasts (SECRET_TTL of the proxies)').argParser(hours).default(24))
    .addOption(new Option('--trust-domain <domain>', 'the first part of every identity, which name constraints must allow; cluster.local unless told').default('cluster.local', ''))
    .addOption(new Option('--istiod-namespace <name>', 'where istiod runs').default('istio-system'))
    .showHelpAfterError('(istio-mtls ca rotate --help tells more)')
    .addHelpText('after', HELP)
    .action(async ({ from, to, output, istiodNamespace, multiRootMesh = false, certificateHours, trustDomain, out }: Options) => {
      if (!NAMESPACE.test(istiodNamespace)) {
        // Not shown: it goes into commands to type, and may be anything.
        terminal.error('--istiod-namespace is no namespace; expected at most 63 small letters, digits and dashes. Fix: name istiod\'s namespace.\n');
        finish(2);
        return;
      }
      /* eslint-disable @typescript-eslint/no-require-imports */
      const { rotationReport } = require('../ca/rotation') as typeof import('../ca/rotation');
      const { rotationFiles } = require('../ca/rotation-folder') as typeof import('../ca/rotation-folder');
      const { rotationMarkdown, rotationText } = require('../ca/rotation-report') as typeof import('../ca/rotation-report');
      /* eslint-enable @typescript-eslint/no-require-imports */
      const report = await rotationReport({ from, to, istiodNamespace, isMultiRootMesh: multiRootMesh, certificateHours, trustDomain }, terminal);
      if ('problem' in report) {
        terminal.error(`${printable(redacted(`${report.problem.file}: ${unreadableSentence(report.problem)} [${report.problem.code}]`))}\n`);
        finish(2);
        return;
      }
      const { facts } = report;
      if (out !== undefined && !facts) terminal.error(`${printable(out)} isn't written, since there are no stages.\n`);
      const problem = out !== undefined && facts ? problemInWriting(rotationFiles({ ...report, facts }), out) : undefined;
      if (problem !== undefined) {
        terminal.error(`${printable(problem)}\n`);
        finish(2);
        return;
      }
      finish(report.faults.length > 0 ? 1 : 0);
      await terminal.out(output === 'markdown' ? rotationMarkdown(report) : rotationText(report, printerFor(terminal)));
    });
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What MAX_WORKLOAD_CERT_TTL allows unless it is set. */
const MOST_HOURS = 2160;

function hours(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_HOURS) return Number(text);
  throw new InvalidArgumentError(`It is a whole number of hours from 1 to ${MOST_HOURS}.`);
}
