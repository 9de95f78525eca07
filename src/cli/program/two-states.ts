import { Command, Option } from 'commander';
import { isDoneByChild } from './child-process';
import { meshFacts, meshOptions, MeshOptionValues, sourceOptions } from './options';
import { configurationOptions, ConfigurationChoice, Configured, renderedSources, withoutFiles } from './settings';
import { tellReading, VerbContext } from './verb';
import type { AdmissionContext } from '../../admission/admission';
import { printable } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import type { MeshOptions } from '../../mesh/mesh';
import { late } from '../../modules/late';
import { AdmissionElsewhere, AdmissionThread } from '../admission/admission';
import type { Note } from '../input/raw-sources';
import { objectsOf, Reading } from '../input/reading';
import type { StatePaths, StateObjects } from '../input/states';
import { Terminal } from '../output/terminal';

/** The options of a verb that reads two states of a mesh. */
export interface TwoStatesOptions extends MeshOptionValues, ConfigurationChoice {
  readonly onto: readonly string[];
  readonly namespace?: string;
  readonly listSkipped?: boolean;
}

export function twoStatesOptions(): readonly Option[] {
  const onto = new Option('--onto <path>', 'manifests of objects already in the cluster before either is applied; may be repeated')
    .argParser((path: string, paths: readonly string[]) => [...paths, path]).default([], 'none');
  return [onto, ...sourceOptions().filter(({ long }) => long !== '--with'), ...meshOptions(), ...configurationOptions()];
}

/** Both states, and the facts by which they are judged. */
export interface TwoStates {
  readonly states: StateObjects;
  readonly known: AdmissionContext & MeshOptions;
  readonly elsewhere?: AdmissionElsewhere;
}

/** OLD and NEW of the command line; or NEW alone if the cluster is the state before. NEW defaults to the sources of `--mesh`. */
export function pathsOf(
  verb: Command, given: readonly string[], { options, configuration }: Pick<Configured<TwoStatesOptions>, 'options' | 'configuration'>,
): StatePaths {
  const onto = [...configuration?.with ?? [], ...options.onto];
  const [first, second] = given;
  if (given.length > 2) verb.error(`error: ${given.length} paths; expected OLD and NEW`);
  if (configuration?.mesh !== undefined) {
    const sources = () => ({ paths: configuration.paths ?? [], rendered: renderedSources(verb, options, configuration) });
    const { statePathOf } = late<typeof import('../input/states')>(() => require('../input/states'));
    if (first === undefined && onto.length === 0) verb.error('error: missing argument \'old\'; expected OLD, such as git:main, or --onto');
    const [before, after] = [first, second].map((path) => (path === undefined ? undefined : statePathOf(path, sources)));
    return { before, after: after ?? sources(), onto };
  }
  if (first === undefined) verb.error('error: missing required argument \'path\'');
  if (second !== undefined) return { before: first, after: second, onto };
  if (onto.length === 0) {
    verb.error('error: missing argument \'new\'; expected OLD and NEW, NEW alone with --onto, or OLD alone with --mesh');
  }
  return { after: first, onto };
}

/**
 * Reads both states; undefined if git can't provide one, which is reported, or if a child process takes over.
 *
 * @param notManifests files to leave out if they lie among the manifests
 */
export async function readTwoStates(
  verb: Command, context: VerbContext, paths: StatePaths, options: Omit<TwoStatesOptions, 'onto'>,
  configuration: Configured<object>['configuration'], notManifests: readonly string[] = [],
): Promise<TwoStates | undefined> {
  const { terminal, finish } = context;
  const { allTexts, readsInputTwice, readStates, statesOf } = late<typeof import('../input/states')>(() => require('../input/states'));
  const { GitError } = late<typeof import('../input/git-program')>(() => require('../input/git-program'));
  if (readsInputTwice(paths)) verb.error('error: standard input is named twice; expected - once');
  const facts = meshFacts(options);
  const settings = [...configuration ? [configuration.file] : [], ...options.meshConfig];
  const read = await readStates(paths, terminal, settings).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error;
    terminal.error(`${printable(error.message)}\n`);
    finish(2);
  });
  if (!read) return undefined;
  const ownFiles = [configuration?.file, ...options.meshConfig, ...notManifests];
  const before = read.before && withoutFiles(read.before, ownFiles, configuration);
  const texts = { before, after: withoutFiles(read.after, ownFiles, configuration) };
  if (await isDoneByChild({ ...texts.after, ...allTexts(texts) }, context)) return undefined;
  const sources = { namespace: options.namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts.after, facts);
  const states = statesOf(texts, sources, terminal);
  const elsewhere = thread?.admit(objectsOf(states.after));
  return { states, known: { ...facts, workloadKinds: sources.workloadKinds, parseYaml: readYaml }, elsewhere };
}

/** Reports notes on how both states were read. */
export async function tellStates(
  { before, after, notes }: { before: Reading; after: Reading; notes: readonly Note[] }, listSkipped: boolean, terminal: Terminal,
  isReport: boolean,
): Promise<void> {
  await tellReading({ ...after, notes, skipped: [...before.skipped, ...after.skipped] }, listSkipped, terminal, isReport);
}
