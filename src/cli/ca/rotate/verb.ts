import { Command, InvalidArgumentError, Option } from 'commander';
import type { RotationReport } from './report';
import { printable, redacted } from '../../../findings/safe-text';
import { late } from '../../../modules/late';
import { unreadableSentence } from '../../input/read-text';
import { problemInWriting } from '../../output/numbered-folders';
import { printerFor } from '../../output/printer';
import { Terminal } from '../../output/terminal';
import { VerbContext } from '../../program/verb';

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
A PATH is what istio-mtls ca inspect reads: a folder with the files of a CA, a manifest with its Secret, or PEM. One of the two
may be - for standard input. The private key isn't needed, and is never printed. For istiod's own CA, in Secret istio-ca-secret,
use --from self-signed, which needs no input.

Exit code:
  0  there is a plan
  1  there is no plan: both are the same CA, a root doesn't belong to its chain, or istiod would not start with one of them
  2  some input could not be read, or --out isn't empty

Examples:
  $ istio-mtls ca rotate --from self-signed --to new-ca/
  $ kubectl get secret cacerts -n istio-system -o yaml | istio-mtls ca rotate --from - --to new-ca/ -o markdown
  $ istio-mtls ca rotate --from old-ca/ --to new-ca/ --out rotation/
`;

/** `istio-mtls ca rotate`: the stages from one CA to another, and what to wait for between them. */
export function caRotateVerb(ca: Command, context: VerbContext): void {
  ca.command('rotate')
    .summary('plan how to replace the CA without breaking a connection')
    .description('Prints the stages from one CA to another: what to apply, what to wait for, how to verify that it is safe to '
      + 'continue, and how to roll back.')
    .requiredOption('--from <path>', 'the current CA of istiod: a path, or self-signed if istiod generated it')
    .requiredOption('--to <path>', 'the new CA')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--out <folder>', 'write the stages, and how to roll back, as numbered folders; never a private key')
    .option('--multi-root-mesh', 'every istiod runs with ISTIO_MULTIROOT_MESH=true')
    .addOption(new Option('--certificate-hours <hours>', 'lifetime of workload certificates (SECRET_TTL of the proxies)').argParser(hours)
      .default(24))
    .addOption(new Option('--trust-domain <domain>',
      'the trust domain of all identities, which name constraints must allow; defaults to cluster.local').default('cluster.local', ''))
    .addOption(new Option('--istiod-namespace <name>', 'where istiod runs').default('istio-system'))
    .showHelpAfterError('(see istio-mtls ca rotate --help)')
    .addHelpText('after', HELP)
    .action((options: Options) => printRotation(options, context));
}

/** Prints the stages, and writes them if a folder is given. */
async function printRotation(options: Options, { terminal, finish }: VerbContext): Promise<void> {
  const { from, to, output, istiodNamespace, multiRootMesh = false, certificateHours, trustDomain, out } = options;
  if (!NAMESPACE.test(istiodNamespace)) {
    // The value isn't repeated: it may be anything, and would end up in commands to type.
    terminal.error(
      '--istiod-namespace is no namespace; expected at most 63 small letters, digits and dashes. Fix: name istiod\'s namespace.\n',
    );
    finish(2);
    return;
  }
  const { rotationReport } = late<typeof import('./report')>(() => require('./report'));
  const { rotationFiles } = late<typeof import('./folder')>(() => require('./folder'));
  const report = await rotationReport({ from, to, istiodNamespace, isMultiRootMesh: multiRootMesh, certificateHours, trustDomain },
    terminal);
  if ('problem' in report) {
    terminal.error(
      `${printable(redacted(`${report.problem.file}: ${unreadableSentence(report.problem)} [${report.problem.code}]`))}\n`,
    );
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
  await terminal.out(printed(report, output, terminal));
}

/** The report in a format, whose module is loaded only then. */
function printed(report: RotationReport, output: Options['output'], terminal: Terminal): string {
  if (output === 'markdown') return late<typeof import('./markdown')>(() => require('./markdown')).rotationMarkdown(report);
  return late<typeof import('./text')>(() => require('./text')).rotationText(report, printerFor(terminal));
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The largest value that MAX_WORKLOAD_CERT_TTL allows by default. */
const MOST_HOURS = 2160;

function hours(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_HOURS) return Number(text);
  throw new InvalidArgumentError(`It is a whole number of hours from 1 to ${MOST_HOURS}.`);
}
