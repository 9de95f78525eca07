import { isDoneByChild } from './child-process';
import { meshFacts, MeshOptionValues, SourceOptionValues } from './options';
import { configurationNote, Configured, withoutFiles } from './settings';
import { VerbContext, refusedNote, tellReading } from './verb';
import type { AdmissionContext } from '../../admission/admission';
import { printable } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import type { MeshOptions } from '../../mesh/mesh';
import { late } from '../../modules/late';
import { AdmissionThread, Admitted, admitted, objectedIn, refusedIn } from '../admission/admission';
import { unreadableText } from '../findings/text';
import { objectsOf, Reading, readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { printerFor } from '../output/printer';

/** The input of a verb that asks about calls of one mesh. */
export interface OneState {
  readonly reading: Reading;
  /** The objects that the API server and istiod's webhook accept. */
  readonly admitted: Admitted;
  /** The number of judged objects that they refuse. */
  readonly refused: number;
  readonly known: AdmissionContext & MeshOptions;
}

/**
 * Reads a mesh; undefined if a child process takes over.
 *
 * @param tells whether to report the configuration file on standard error
 */
export async function readOneState(
  { terminal, ...context }: VerbContext, { paths, rendered, options, configuration }: Configured<MeshOptionValues & SourceOptionValues>,
  tells: boolean,
): Promise<OneState | undefined> {
  const facts = meshFacts(options);
  const ownFiles = [configuration?.file, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, rendered, facts: options.with }, terminal), ownFiles, configuration);
  if (await isDoneByChild(texts, { terminal, ...context })) return undefined;
  if (tells) terminal.error(configurationNote(configuration));
  const sources = { namespace: options.namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts, facts);
  const reading = readingOf(texts, sources, terminal.progress);
  const elsewhere = thread?.admit(objectsOf(reading));
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const refused = refusedIn(await objectedIn(reading, facts, elsewhere));
  return {
    reading,
    admitted: admitted(reading, refused),
    refused: [...refused].filter((index) => index < reading.documents.length).length,
    known: { ...facts, workloadKinds: sources.workloadKinds, parseYaml: readYaml },
  };
}

/** Prints the answer; an unknown name is reported with exit code 2, and false is returned. */
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

/** Reports on standard error what isn't part of the mesh. */
export async function tellState({ reading, refused }: OneState, listSkipped: boolean, terminal: VerbContext['terminal']): Promise<void> {
  terminal.error(refusedNote(refused));
  await tellReading(reading, listSkipped, terminal, false);
  if (reading.unreadable.length > 0) terminal.error(unreadableText(reading.unreadable, printerFor(terminal)));
}
