import { Command, Option } from 'commander';
import { printable, redacted } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { admitElsewhere, admitted, objectedIn, refusedIn } from '../admission';
import { isDoneByChild } from '../child-process';
import { EXPLAIN_FORMATS, ExplainFormat } from '../formats';
import { meshFacts, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../options';
import { printerFor } from '../printer';
import { objectsOf, readingOf } from '../reading';
import { configurationNote, configurationOptions, configured, withoutFiles } from '../settings';
import { readTexts } from '../sources';
import { unreadableText } from '../text-report';
import { PATH_HELP, refusedNote, tellReading, VerbContext } from './verb';

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: ExplainFormat;
}

const HELP = `${PATH_HELP}
Names stand for what manifests don't hold: <clusterIP> and <podIP> in the names of listeners.

Exit code:
  0  explained, whatever comes of the call
  2  something could not be read, or the mesh has no such client or service

Examples:
  $ istio-mtls explain shop/web shop/ratings:9080 dist/
  $ istio-mtls explain cronjob/shop/report ratings.shop.svc.cluster.local dist/
  $ istio-mtls explain shop/web shop/ratings:9080 dist/ -o json
`;

/** `istio-mtls explain`: one call step by step, from its name to what its caller sees. */
export function explainVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('explain')
    .summary('tell one call step by step, and what mends it')
    .description('Tells step by step what becomes of one client\'s calls to a service: what the name resolves to, which listener, route and cluster take it, which DestinationRule and PeerAuthentication count and which don\'t, both halves of the TLS, and, where it is broken or in plaintext, what the caller sees and what mends it.')
    .argument('<client>', 'a workload: namespace/name, or kind/namespace/name')
    .argument('<service>', 'a service: namespace/name or a host, with :port or without')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; unless told, the paths of the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(EXPLAIN_FORMATS).default('text'));
  for (const option of [...sourceOptions(), ...meshOptions(), ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(istio-mtls explain --help tells more)')
    .addHelpText('after', HELP)
    .action(async (client: string, service: string, given: string[], values: Options) => {
      const { paths, options, configuration } = configured(verb, given, values);
      const { output, namespace, with: facts, listSkipped = false } = options;
      const known = meshFacts(options);
      const texts = withoutFiles(await readTexts({ judged: paths, facts }, terminal), [configuration?.file, ...options.meshConfig]);
      if (await isDoneByChild(texts, context)) return;
      if (output === 'text') terminal.error(configurationNote(configuration));
      const sources = { namespace, workloadKinds: configuration?.workloadKinds };
      const elsewhere = admitElsewhere(texts, sources, known);
      // Loaded when it runs: the other verbs don't wait for it.
      /* eslint-disable @typescript-eslint/no-require-imports */
      const { explained } = require('../explain/explain') as typeof import('../explain/explain');
      const { UnknownNameError } = require('../../mesh/calls/selection') as typeof import('../../mesh/calls/selection');
      /* eslint-enable @typescript-eslint/no-require-imports */
      const reading = readingOf(texts, sources, terminal.progress);
      terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
      const refused = refusedIn(await objectedIn(reading, known, elsewhere));
      const ofJudged = [...refused].filter((index) => index < reading.documents.length).length;
      const printer = printerFor(terminal);
      try {
        const meshKnown = { ...known, workloadKinds: sources.workloadKinds, parseYaml: readYaml };
        const report = explained(admitted(reading, refused), meshKnown, { client, service });
        terminal.progress.clear();
        if (output === 'json') {
          // eslint-disable-next-line @typescript-eslint/no-require-imports
          const { explainJson } = require('../explain/explain-json') as typeof import('../explain/explain-json');
          await terminal.out(explainJson(report, reading, ofJudged, configuration?.file));
        } else {
          // eslint-disable-next-line @typescript-eslint/no-require-imports
          const { explainText } = require('../explain/explain-text') as typeof import('../explain/explain-text');
          terminal.error(report.notes.map((text) => `${printable(redacted(text))}\n`).join(''));
          await terminal.out(explainText(report, printer));
        }
      } catch (error) {
        if (!(error instanceof UnknownNameError)) throw error;
        terminal.progress.clear();
        terminal.error(`${printable(error.message)}\n`);
        finish(2);
        return;
      }
      if (output === 'text') {
        terminal.error(refusedNote(ofJudged));
        await tellReading(reading, listSkipped, terminal, false);
        if (reading.unreadable.length > 0) terminal.error(unreadableText(reading.unreadable, printer));
      }
      finish(reading.unreadable.length > 0 ? 2 : 0);
    });
}
