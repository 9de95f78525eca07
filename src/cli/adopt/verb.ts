import { Command, Option } from 'commander';
import type { Adoption } from '../../adoption/adoption';
import { printable, redacted } from '../../findings/safe-text';
import { late } from '../../modules/late';
import { unreadableText } from '../findings/text';
import { readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { counted, printerFor } from '../output/printer';
import { isDoneByChild } from '../program/child-process';
import { controlPlaneFacts, MeshFactOptionValues, meshFactOptions, namespaceOption } from '../program/options';
import { configurationNote, configurationOptions, configured, withoutFiles } from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

interface Options extends MeshFactOptionValues {
  readonly namespace?: string;
  readonly listSkipped?: boolean;
  readonly output?: string;
}

const HELP = `${PATH_HELP}
The program synthesizes each object as it is in PATH, except for comments, the order of keys, what a cluster wrote into
the object, such as status and uid, and old versions of Istio's API, which become v1. It uses this library's \
construct where that emits the same object, and otherwise
an ApiObject, with a comment that says why if other objects of the kind use a construct. The result is verified before it
is written. Secrets, anything that may hold a private key, and objects that the API server or istiod would reject are left
out, and listed in a comment and on standard error.

Exit code:
  0  the program has every object
  1  some objects are left out
  2  some input could not be read, or the file can't be written; the program has the rest

Examples:
  $ istio-mtls adopt mesh/ -o main.ts
  $ kubectl get peerauthentications,destinationrules,virtualservices -A -o yaml | istio-mtls adopt - > main.ts
`;

/** `istio-mtls adopt`: manifests as a program of this library's constructs. */
export function adoptVerb(program: Command, context: VerbContext): void {
  const verb = program.command('adopt')
    .summary('convert manifests to a TypeScript program that uses this library\'s constructs')
    .description('Writes a CDK8s program in TypeScript that synthesizes the objects of the manifests: '
      + 'with this library\'s constructs where they emit the same object, and as ApiObjects otherwise.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <file>', 'the file to write; defaults to standard output'))
    .addOption(namespaceOption())
    .option('--list-skipped', 'list documents found in folders that aren\'t in the program, and why');
  for (const option of [...meshFactOptions(), ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls adopt --help)')
    .addHelpText('after', HELP)
    .action((given: string[], values: Options) => writeProgram(verb, context, given, values));
}

/** Writes the program, and reports what it doesn't contain. */
async function writeProgram(verb: Command, context: VerbContext, given: string[], values: Options): Promise<void> {
  const { terminal, finish } = context;
  const { paths, rendered, options, configuration } = configured(verb, given, values);
  const { namespace, listSkipped = false, output, meshConfig } = options;
  const facts = controlPlaneFacts(options);
  const texts = withoutFiles(await readTexts({ judged: paths, rendered }, terminal), [configuration?.file, ...meshConfig], configuration);
  if (await isDoneByChild(texts, context)) return;
  const adopt = loaded();
  if (!adopt) {
    terminal.error(
      'adopt needs the packages cdk8s and constructs, which aren\'t installed beside this one. Fix: npm install cdk8s constructs.\n',
    );
    finish(2);
    return;
  }
  const reading = readingOf(texts, { namespace, workloadKinds: configuration?.workloadKinds }, terminal.progress);
  terminal.progress.show(() => `Trying constructs for ${reading.documents.length} objects …`);
  const adoption = adopt(reading.documents.map(({ object }) => object), facts);
  terminal.progress.clear();
  finish(reading.unreadable.length > 0 ? 2 : adoption.leftOut.length > 0 ? 1 : 0);
  if (reading.documents.length > 0) {
    if (output === undefined) await terminal.out(adoption.program);
    else write(output, adoption.program);
    terminal.error(summaryText(adoption));
  }
  terminal.error(configurationNote(configuration));
  if (reading.unreadable.length > 0) terminal.error(unreadableText(reading.unreadable, printerFor(terminal)));
  // Notes on missing namespaces are dropped: the written program leaves the namespace out as well.
  await tellReading({ ...reading, notes: reading.notes.filter(({ about }) => about !== 'namespace') }, listSkipped, terminal, false);
}

/** Loaded late, since the other verbs work without cdk8s; undefined if cdk8s isn't installed. */
function loaded(): typeof import('../../adoption/adoption').adopt | undefined {
  try {
    return late<typeof import('../../adoption/adoption')>(() => require('../../adoption/adoption')).adopt;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && /'(?:cdk8s|constructs)'/.test(message)) return undefined;
    throw error;
  }
}

function write(file: string, text: string): void {
  const { writeTextFile } = late<typeof import('../../configuration/settings-file')>(() => require('../../configuration/settings-file'));
  writeTextFile(file, text);
}

function summaryText({ constructs, raw, leftOut, renewed, withoutNamespace }: Adoption): string {
  const names = Object.entries(constructs).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(constructs).reduce((sum, count) => sum + count, 0);
  return [
    `${counted(total, 'object')} by constructs${names.length > 0 ? ` (${names.join(', ')})` : ''}, ${counted(raw, 'ApiObject')}, `
      + `${leftOut.length} left out.`,
    ...renewed > 0
      ? [`${counted(renewed, 'object')} of an old API version: written in v1, which is the same object for the API server.`]
      : [],
    ...withoutNamespace > 0
      ? [`${counted(withoutNamespace, 'object')} without a namespace: no construct writes ${withoutNamespace === 1 ? 'it' : 'them'}. Fix: `
        + `pass -n with the namespace that ${withoutNamespace === 1 ? 'it is' : 'they are'} applied to.`]
      : [],
    ...leftOut.map(({ object, why }) => `left out: ${object}: ${why}`),
  ].map((line) => `${printable(redacted(line))}\n`).join('');
}
