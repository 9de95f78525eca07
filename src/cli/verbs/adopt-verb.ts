import { Command, Option } from 'commander';
import { PATH_HELP, tellReading, VerbContext } from './verb';
import type { Adoption } from '../../adoption/adoption';
import { printable, redacted } from '../../findings/safe-text';
import { isDoneByChild } from '../child-process';
import { controlPlaneFacts, MeshFactOptionValues, meshFactOptions, namespaceOption } from '../options';
import { counted, printerFor } from '../printer';
import { readingOf } from '../reading';
import { configurationNote, configurationOptions, configured, withoutFiles } from '../settings';
import { readTexts } from '../sources';
import { unreadableText } from '../text-report';

interface Options extends MeshFactOptionValues {
  readonly namespace?: string;
  readonly listSkipped?: boolean;
  readonly output?: string;
}

const HELP = `${PATH_HELP}
Each object is in the synth of the program as it is in PATH, comments and the order of keys apart. Where a construct of this
library writes it so, the program has the construct; else an ApiObject, with a comment that says why if others of its kind
are adopted. That is tried before it is written. Secrets, what may hold a private key, and what an API server or istiod
would refuse are left out, and named in a comment and on standard error.

Exit code:
  0  the program has every object
  1  some were left out
  2  something could not be read, or the file can't be written; the program has the rest

Examples:
  $ istio-mtls adopt mesh/ -o main.ts
  $ kubectl get peerauthentications,destinationrules,virtualservices -A -o yaml | istio-mtls adopt - > main.ts
`;

/** `istio-mtls adopt`: manifests as a program of this library's constructs. */
export function adoptVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('adopt')
    .summary('write manifests as a TypeScript program of this library\'s constructs')
    .description('Writes a TypeScript program of CDK8s whose synth has the objects of manifests: by constructs of this library where they write the same object, and as ApiObjects else.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; unless told, the paths of the configuration file')
    .addOption(new Option('-o, --output <file>', 'where to write; unless told, to standard output'))
    .addOption(namespaceOption())
    .option('--list-skipped', 'list what was found in folders and isn\'t in the program, and why');
  for (const option of [...meshFactOptions(), ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(istio-mtls adopt --help tells more)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const { paths, options, configuration } = configured(verb, given, values);
      const { namespace, listSkipped = false, output, meshConfig } = options;
      const facts = controlPlaneFacts(options);
      const texts = withoutFiles(await readTexts({ judged: paths }, terminal), [configuration?.file, ...meshConfig]);
      if (await isDoneByChild(texts, context)) return;
      const adopt = loaded();
      if (!adopt) {
        terminal.error('adopt needs the packages cdk8s and constructs, which aren\'t installed beside this one. Fix: npm install cdk8s constructs.\n');
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
      // What names no namespace goes on to name none.
      await tellReading({ ...reading, notes: reading.notes.filter(({ about }) => about !== 'namespace') }, listSkipped, terminal, false);
    });
}

/** Loaded when it runs, since the other verbs do without cdk8s; undefined: it isn't installed. */
function loaded(): typeof import('../../adoption/adoption').adopt | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require('../../adoption/adoption') as typeof import('../../adoption/adoption')).adopt;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && /'(?:cdk8s|constructs)'/.test(message)) return undefined;
    throw error;
  }
}

function write(file: string, text: string): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { writeTextFile } = require('../../configuration/settings-file') as typeof import('../../configuration/settings-file');
  writeTextFile(file, text);
}

function summaryText({ constructs, raw, leftOut }: Adoption): string {
  const names = Object.entries(constructs).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(constructs).reduce((sum, count) => sum + count, 0);
  return [
    `${counted(total, 'object')} by constructs${names.length > 0 ? ` (${names.join(', ')})` : ''}, ${counted(raw, 'ApiObject')}, ${leftOut.length} left out.`,
    ...leftOut.map(({ object, why }) => `left out: ${object}: ${why}`),
  ].map((line) => `${printable(redacted(line))}\n`).join('');
}
