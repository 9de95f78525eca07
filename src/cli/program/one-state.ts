import { isDoneByChild } from './child-process';
import { meshFacts, MeshOptionValues, SourceOptionValues } from './options';
import { configurationNote, Configured, withoutFiles } from './settings';
import { VerbContext, refusedNote, tellReading } from './verb';
import type { AdmissionContext } from '../../admission/admission';
import { printable } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import type { MeshOptions } from '../../mesh/mesh';
import { late } from '../../modules/late';
import { admitElsewhere, Admitted, admitted, objectedIn, refusedIn } from '../admission/admission';
import { unreadableText } from '../findings/text';
import { objectsOf, Reading, readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { printerFor } from '../output/printer';

/** What a verb that asks about calls of one mesh goes by. */
export interface OneState {
  readonly reading: Reading;
  /** What of it the API server and istiod's webhook would take. */
  readonly admitted: Admitted;
  /** How many of the objects to judge they wouldn't. */
  readonly refused: number;
  readonly known: AdmissionContext & MeshOptions;
}

/**
 * Reads a mesh; undefined: a process of its own does the rest.
 *
 * @param tells whether the configuration file that is used is told
 */
export async function readOneState(
  { terminal, ...context }: VerbContext, { paths, options, configuration }: Configured<MeshOptionValues & SourceOptionValues>,
  tells: boolean,
): Promise<OneState | undefined> {
  const facts = meshFacts(options);
  const ownFiles = [configuration?.file, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, facts: options.with }, terminal), ownFiles, configuration);
  if (await isDoneByChild(texts, { terminal, ...context })) return undefined;
  if (tells) terminal.error(configurationNote(configuration));
  const sources = { namespace: options.namespace, workloadKinds: configuration?.workloadKinds };
  const elsewhere = admitElsewhere(texts, sources, facts);
  const reading = readingOf(texts, sources, terminal.progress);
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const refused = refusedIn(await objectedIn(reading, facts, elsewhere));
  return {
    reading,
    admitted: admitted(reading, refused),
    refused: [...refused].filter((index) => index < reading.documents.length).length,
    known: { ...facts, workloadKinds: sources.workloadKinds, parseYaml: readYaml },
  };
}

/** Has an answer printed; false: a name of the question is none of the mesh's, which is told, and gives 2. */
export async function answers(print: () => Promise<void>, { terminal, finish }: VerbContext): Promise<boolean> {
  // Loaded when it runs: the other verbs don't wait for it.
  const { UnknownNameError } = late<typeof import('../../mesh/queries/selection')>(() => require('../../mesh/queries/selection'));
  try {
    await print();
    return true;
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error;
    terminal.progress.clear();
    terminal.error(`${printable(error.message)}\n`);
    finish(2);
    return false;
  }
}

/** Tells beside an answer what took no part in it. */
export async function tellState({ reading, refused }: OneState, listSkipped: boolean, terminal: VerbContext['terminal']): Promise<void> {
  terminal.error(refusedNote(refused));
  await tellReading(reading, listSkipped, terminal, false);
  if (reading.unreadable.length > 0) terminal.error(unreadableText(reading.unreadable, printerFor(terminal)));
}
