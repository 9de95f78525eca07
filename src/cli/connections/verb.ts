import { Command, Option } from 'commander';
import { CONNECTION_FORMATS, ConnectionFormat, JSON_FORMATS, JsonFormat } from './formats';
import { printable } from '../../findings/safe-text';
import { Outcome, OUTCOMES } from '../../mesh/model/transport';
import { late } from '../../modules/late';
import { fileOf } from '../findings/configuration-file';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { answers, readOneState, tellState } from '../program/one-state';
import { allCallsOption, meshModeOption, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../program/options';
import { configurationOptions, configured } from '../program/settings';
import { PATH_HELP, VerbContext } from '../program/verb';

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: ConnectionFormat;
  readonly format?: JsonFormat;
  readonly client?: string;
  readonly service?: string;
  readonly outcome?: Outcome;
  readonly allCalls?: boolean;
}

/** How many lines are written at once. */
const BATCH = 500;

const HELP = `${PATH_HELP}
Exit code:
  0  the connections are printed
  2  some input could not be read, or the mesh has no such client or service

Examples:
  $ istio-mtls connections dist/ --outcome broken
  $ istio-mtls connections dist/ --client shop/web
  $ istio-mtls connections dist/ --service shop/ratings:9080 -o json
  $ istio-mtls connections dist/ -o json --format 2
  $ istio-mtls connections dist/ -o csv > connections.csv
`;

/** `istio-mtls connections`: the outcome of each connection, and the objects that decide it. */
export function connectionsVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('connections')
    .summary('list the outcome of each connection and why')
    .description('Lists the outcome of each connection, by client workload, service port and server, and the objects that decide it.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(CONNECTION_FORMATS).default('table'))
    .addOption(new Option('--format <number>',
      'JSON format: 1, an array (default), or 2, an object with each connection hop by hop').choices(JSON_FORMATS))
    .option('--client <name>', 'only connections from this workload: namespace/name, or a name, label or construct path that means one')
    .option('--service <name>',
      'only connections to this service: namespace/name, a host, a cluster IP or another name of it, optionally with :port')
    .addOption(new Option('--outcome <outcome>', 'only connections with this outcome').choices(OUTCOMES));
  const ofMesh = [...meshOptions(), meshModeOption(), allCallsOption()];
  for (const option of [...sourceOptions(), ...ofMesh, ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls connections --help)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const used = configured(verb, given, values);
      const { output, client, service, outcome, namespace, allCalls, listSkipped = false } = used.options;
      const hasEnvelope = isFormat2(verb, used.options);
      const state = await readOneState(context, used, !hasEnvelope);
      if (!state) return;
      const { reading, refused, known } = state;
      const envelope = hasEnvelope ? { reading, refused, configuration: fileOf(used.configuration) } : undefined;
      const isAnswered = await answers(async () => {
        // Loaded when it runs: the other verbs don't wait for it.
        const { printedConnections } = late<typeof import('./lines')>(() => require('./lines'));
        const query = { client, service, outcome, namespace, ...known, onlyDeclaredCalls: !allCalls };
        const { lines, notes } = printedConnections(state.admitted, query, output, printerFor(terminal), envelope);
        terminal.error(notes.map((text) => `${printable(text)}\n`).join(''));
        await printLines(lines, terminal);
      }, context);
      if (!isAnswered) return;
      if (!envelope) await tellState(state, listSkipped, terminal);
      finish(reading.unreadable.length > 0 ? 2 : 0);
    });
}

/** Whether JSON is printed in format 2, which contains the notes that other formats leave to standard error. */
function isFormat2(verb: Command, { output, format }: Options): boolean {
  if (format !== undefined && output !== 'json') verb.error(`error: option '--format <number>' is for -o json only, and not for ${output}`);
  return format === '2';
}

/** Writes lines at the reader's pace. */
async function printLines(lines: Iterable<string>, terminal: Terminal): Promise<void> {
  let batch: string[] = [];
  let printed = 0;
  const print = async () => {
    terminal.progress.clear();
    await terminal.out(batch.map((line) => `${line}\n`).join(''));
    printed += batch.length;
    batch = [];
    if (!terminal.isTerminal) terminal.progress.show(() => `${printed} lines printed …`);
  };
  for (const line of lines) {
    if (batch.push(line) === BATCH) await print();
  }
  await print();
  terminal.progress.clear();
}
