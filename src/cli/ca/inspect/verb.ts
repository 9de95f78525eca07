import { Command, Option } from 'commander';
import { CalendarDate } from '../../../findings/acknowledgement';
import { FailWords, failsOn, SEVERITIES } from '../../../findings/finding';
import { printable } from '../../../findings/safe-text';
import { late } from '../../../modules/late';
import type { InspectionContext } from '../../certificates/inspection';
import { unreadableSentence } from '../../input/read-text';
import { printerFor } from '../../output/printer';
import { calendarDate, days, failOnOption } from '../../program/options';
import { VerbContext } from '../../program/verb';

const FORMATS = ['text', 'json'] as const;

interface Options {
  readonly output: typeof FORMATS[number];
  readonly failOn: FailWords;
  readonly horizon: number;
  readonly date?: CalendarDate;
  readonly trustDomain?: string;
  readonly istiodNamespace: string;
}

const HELP = `
PATH is a folder with the files of a CA (ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem; or tls.crt, tls.key,
ca.crt), or a file, or - for standard input: manifests with Secrets or ConfigMaps, PEM, the output of
istioctl proxy-config secret -o json, or that of openssl s_client -showcerts. No private key is printed.

Exit code:
  0  no condition of --fail-on is met
  1  a condition is met, or a chain fails a check
  2  some input could not be read

Examples:
  $ istio-mtls ca inspect ca/
  $ kubectl get secret cacerts -n istio-system -o yaml | istio-mtls ca inspect -
  $ istioctl proxy-config secret deploy/web -n shop -o json | istio-mtls ca inspect -
  $ kubectl get configmap istio-ca-root-cert -n shop -o yaml | istio-mtls ca inspect -
  $ istio-mtls ca inspect ca/ --horizon 365 --fail-on warning
`;

/** `istio-mtls ca inspect`: what certificates say, and how istiod and proxies would check them. */
export function caInspectVerb(ca: Command, { terminal, finish }: VerbContext): void {
  ca.command('inspect')
    .summary('print certificates and their problems')
    .description('Prints the contents and validity of certificates, and checks them as istiod and proxies would.')
    .argument('<path>', 'a folder, a file, or - for standard input')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('text'))
    .addOption(failOnOption([...SEVERITIES, 'never']))
    .addOption(new Option('--horizon <days>', 'days for which a CA must remain valid').argParser(days).default(90))
    .addOption(new Option('--date <YYYY-MM-DD>', 'check validity at the end of this day; defaults to now').argParser(calendarDate))
    .addOption(new Option('--trust-domain <domain>',
      'the trust domain of all identities, which name constraints must allow; defaults to cluster.local').default('cluster.local', ''))
    .addOption(new Option('--istiod-namespace <name>', 'where istiod runs').default('istio-system'))
    .showHelpAfterError('(see istio-mtls ca inspect --help)')
    .addHelpText('after', HELP)
    .action(async (path: string, { output, failOn, horizon: horizonDays, date, trustDomain, istiodNamespace }: Options) => {
      // Loaded when it runs: the other verbs don't wait for it.
      const { holdersAt } =
        late<typeof import('../../certificates/certificate-holders')>(() => require('../../certificates/certificate-holders'));
      const { inspect } = late<typeof import('../../certificates/inspection')>(() => require('../../certificates/inspection'));
      const held = await holdersAt(path, terminal);
      if ('problem' in held) {
        terminal.error(`${printable(`${held.problem.file}: ${unreadableSentence(held.problem)} [${held.problem.code}]`)}\n`);
        finish(2);
        return;
      }
      const inspectionContext: InspectionContext = {
        now: date === undefined ? terminal.now() : new Date(`${date}T23:59:59Z`), horizonDays, trustDomain, istiodNamespace,
      };
      const inspections = held.holders.map((holder) => inspect(holder, inspectionContext));
      const isBad = inspections.some(({ holder: { kind }, checks, findings }) =>
        findings.some((finding) => failsOn(finding, failOn))
          || (kind !== 'ca' && !failOn.includes('never') && checks.some(({ holds }) => holds === false)));
      const isRead = inspections.every(({ texts }) => !texts.some(({ isPart }) => isPart));
      finish(isRead ? isBad ? 1 : 0 : 2);
      const text = output === 'json' ? late<typeof import('./json')>(() => require('./json')).inspectionJson(inspections, inspectionContext)
        : late<typeof import('./text')>(() => require('./text')).inspectionText(inspections, inspectionContext, printerFor(terminal));
      await terminal.out(text);
    });
}
