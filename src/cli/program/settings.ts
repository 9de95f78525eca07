import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { calendarDate, days, fileName, MeshOptionValues } from './options';
import { commandWith } from './verb';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION_NAME, findConfiguration } from '../../configuration/discovery';
import type { RenderedSources } from '../../configuration/rendered-source';
import { FailWords } from '../../findings/finding';
import { nearest } from '../../findings/nearest';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { statedBothWays } from '../../mesh/workloads/injection-facts';
import { late } from '../../modules/late';
import type { CheckReport } from '../findings/check';
import { fileOf, fileText } from '../findings/configuration-file';
import type { BrokenIn, UsedBaseline } from '../findings/configured-report';
import { Texts } from '../input/sources';
import { Terminal } from '../output/terminal';

/** The values of `configurationOptions`. */
export interface ConfigurationChoice {
  /** False: no configuration file, even if there is one. */
  readonly config?: string | false;
  /** The name of one of the file's meshes. */
  readonly mesh?: string;
  /** Whether the mesh's sources may be rendered. */
  readonly render?: boolean;
}

/** A command line merged with its configuration file. */
export interface Configured<T> {
  readonly paths: readonly string[];
  /** Undefined if nothing is to be rendered. */
  readonly rendered?: RenderedSources;
  readonly options: T;
  readonly configuration?: Configuration;
}

/** What a run judges, as its output names it: its paths, and the folders that are rendered. */
export function sourceNames({ paths, rendered }: Pick<Configured<unknown>, 'paths' | 'rendered'>): readonly string[] {
  return [...paths, ...rendered?.sources.map(({ folder }) => folder) ?? []];
}

export function configurationOptions(): Option[] {
  return [
    new Option('--config <file>',
      `the configuration file; defaults to ${CONFIGURATION_NAME} in this folder or the nearest one above`).argParser(fileName),
    new Option('--no-config', 'ignore configuration files'),
    new Option('--mesh <name>', 'a mesh of the configuration file: its facts, and its sources unless paths are named'),
    new Option('--render', 'let helm and kustomize render the mesh\'s sources that need it'),
  ];
}

/** @param checked the check that depends on the day */
export function dateOption(checked = 'whether acknowledgements have expired'): Option {
  return new Option('--date <YYYY-MM-DD>', `the day on which to check ${checked}; defaults to today`).argParser(calendarDate);
}

/** The horizon of MTLS703. */
export function caHorizonOption(): Option {
  return new Option('--ca-horizon <days>',
    'days for which the certificates of istiod\'s CA must remain valid; defaults to 90').argParser(days);
}

/** Facts add up: the file's facts about a cluster hold in every run. */
const LISTS: Readonly<Partial<Record<keyof Configuration, string>>> = {
  with: 'with',
  injectedNamespaces: 'injectedNamespace',
  uninjectedNamespaces: 'uninjectedNamespace',
  partialNamespaces: 'partialNamespace',
  installedRevisions: 'installedRevision',
  meshConfigs: 'meshConfig',
  acknowledgements: 'acknowledge',
};

/** Choices of the command line override those of the file. */
const CHOICES: Readonly<Partial<Record<keyof Configuration, string>>> = {
  namespace: 'namespace',
  istiodNamespace: 'istiodNamespace',
  rootNamespace: 'rootNamespace',
  meshMode: 'meshMode',
  trustDomain: 'trustDomain',
  clusterDomain: 'clusterDomain',
  istioVersion: 'istioVersion',
  failOn: 'failOn',
  baseline: 'baseline',
  caHorizon: 'caHorizon',
  allCalls: 'allCalls',
};

/**
 * The paths and options of a verb, from its command line and its configuration file.
 *
 * @throws SettingsError if the file can't be read
 * @throws CommanderError if neither names a path, if there is no such mesh, or if the file names several and the command line none
 */
export function configured<T extends object>(verb: Command, given: readonly string[], options: T & ConfigurationChoice): Configured<T> {
  const { configuration, meshes: [mesh, ...others] } = chosenMeshes(verb, given, options);
  if (others.length > 0) {
    const { file, meshes } = configuration!;
    const names = [...meshes!.keys()].join('|');
    verb.error(`error: ${printable(file)} names ${meshes!.size} meshes; expected one of them. Fix: pass --mesh ${names}`);
  }
  return configuredRun(verb, given, options, mesh === undefined ? configuration : ofMesh(configuration!, mesh));
}

/** The runs of a command line. */
export interface ConfiguredMeshes<T> {
  readonly runs: readonly [Configured<T>, ...Configured<T>[]];
  /** Whether these are all meshes of the configuration file, which may be only one. */
  readonly isEach: boolean;
}

/** The same, for each mesh of the configuration file if the command line names neither paths nor a mesh. */
export function configuredMeshes<T extends object>(
  verb: Command, given: readonly string[], options: T & ConfigurationChoice,
): ConfiguredMeshes<T> {
  const { configuration, meshes: [mesh, ...others], isEach } = chosenMeshes(verb, given, options);
  const runOf = (name: string) => configuredRun(verb, given, options, ofMesh(configuration!, name));
  if (mesh === undefined) return { runs: [configuredRun(verb, given, options, configuration)], isEach };
  return { runs: [runOf(mesh), ...others.map(runOf)], isEach };
}

/** The meshes that a command line selects; none if it names paths, or if the configuration file has no meshes. */
interface ChosenMeshes extends Pick<ConfiguredMeshes<unknown>, 'isEach'> {
  readonly configuration?: Configuration;
  readonly meshes: readonly string[];
}

function chosenMeshes(verb: Command, given: readonly string[], { config, mesh }: ConfigurationChoice): ChosenMeshes {
  const file = config === false ? undefined : config ?? findConfiguration('.');
  const configuration = file === undefined ? undefined : loaded(file);
  const names = [...configuration?.meshes?.keys() ?? []];
  if (mesh !== undefined && !names.includes(mesh)) verb.error(unknownMesh(mesh, names, configuration));
  if (mesh !== undefined) return { configuration, meshes: [mesh], isEach: false };
  const meshes = given.length === 0 ? names : [];
  return { configuration, meshes, isEach: meshes.length > 0 };
}

function unknownMesh(mesh: string, names: readonly string[], configuration: Configuration | undefined): string {
  const name = printable(mesh);
  if (!configuration) return `error: --mesh ${name} is given without a configuration file; expected one. Fix: pass --config FILE`;
  const file = printable(configuration.file);
  if (names.length === 0) return `error: ${file} names no meshes; expected meshes with ${name}. Fix: add it, or name paths instead`;
  const meant = nearest(mesh, names) ?? names.join('|');
  return `error: ${file} has no mesh '${name}'; expected one of ${names.join(', ')}. Fix: pass --mesh ${meant}`;
}

function ofMesh(configuration: Configuration, mesh: string): Configuration {
  return late<typeof import('../../configuration/meshes')>(() => require('../../configuration/meshes')).settingsOfMesh(configuration, mesh);
}

function configuredRun<T extends object>(
  verb: Command, given: readonly string[], options: T & ConfigurationChoice, configuration: Configuration | undefined,
): Configured<T> {
  const paths = given.length > 0 ? given : configuration?.paths ?? [];
  const rendered = given.length > 0 ? undefined : renderedSources(verb, options, configuration);
  if (paths.length === 0 && !rendered) verb.error('error: missing required argument \'path\'');
  const merged = configuration ? together(verb, options, configuration) : options;
  const { injectedNamespace, uninjectedNamespace } = merged as Partial<MeshOptionValues>;
  const twice = statedBothWays({ injectedNamespaces: injectedNamespace, uninjectedNamespaces: uninjectedNamespace });
  if (twice !== undefined) verb.error(`error: namespace '${twice}' is stated with injection and without; expected one of the two`);
  return { paths, rendered, options: merged, configuration };
}

/** The mesh's sources that are rendered: only if the command line says so, never because a file does. */
export function renderedSources(
  verb: Command, { render = false }: ConfigurationChoice, configuration: Configuration | undefined,
): RenderedSources | undefined {
  const { rendered: sources, mesh, file } = configuration ?? {};
  if (!sources) return undefined;
  if (!render) {
    const programs = [...new Set(sources.map(({ program }) => program))].sort().join(' and ');
    verb.error(`error: mesh ${mesh} has sources that ${programs} must render, and programs run only with --render. `
      + `Fix: add --render, as in ${commandWith('--render', verb)}`);
  }
  return { sources, within: repositoryOf(file) };
}

/** Loaded late: most runs have no such file. */
function loaded(file: string): Configuration {
  const { loadConfiguration } =
    late<typeof import('../../configuration/configuration')>(() => require('../../configuration/configuration'));
  return loadConfiguration(file);
}

function together<T extends object>(verb: Command, options: T, configuration: Configuration): T {
  const merged = { ...options } as Record<string, unknown>;
  const has = new Set(verb.options.map((option) => option.attributeName()));
  for (const [field, name] of Object.entries(LISTS) as [keyof Configuration, string][]) {
    const said = configuration[field] as readonly unknown[] | undefined;
    if (said && has.has(name)) merged[name] = [...said, ...(merged[name] ?? []) as unknown[]];
  }
  if (configuration.istiodEnv && has.has('istiodEnv')) merged.istiodEnv = { ...configuration.istiodEnv, ...merged.istiodEnv as object };
  for (const [field, name] of Object.entries(CHOICES) as [keyof Configuration, string][]) {
    const said = configuration[field];
    if (said !== undefined && has.has(name) && verb.getOptionValueSource(name) !== 'cli') merged[name] = said;
  }
  return merged as T;
}

/**
 * The texts without the run's own files, which a folder or pattern may include. No line of a file is quoted if a configuration
 * names a file outside the repository, or if a link in a folder leads there: its author may not be who runs the command.
 */
export function withoutFiles(
  { texts, ...found }: Texts, files: readonly (string | undefined)[], configuration: Configuration | undefined,
): Texts {
  const ofMeshes = [...configuration?.meshes?.values() ?? []].flatMap(({ baseline, meshConfigs = [] }) => [baseline, ...meshConfigs]);
  const own = new Set([...files, ...ofMeshes].filter((file) => file !== undefined).map((file) => resolve(file)));
  const ofFile = new Set([...configuration?.paths ?? [], ...configuration?.with ?? []]);
  const kept = own.size === 0 ? texts : texts.filter(({ name, isNamed }) => isNamed || !own.has(resolve(name)));
  const repository = repositoryOf(configuration?.file);
  return { ...found, texts: kept.map((text) => ({ ...text, quotedWithin: [repository, ...ofFile.has(text.given) ? [] : [text.given]] })) };
}

/** The nearest folder with `.git` above a file, or else the file's own folder. */
function repositoryOf(file = 'x'): string {
  const start = dirname(resolve(file));
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return start;
  }
}

/** Names the configuration file and its mesh on standard error, for formats that can't hold them. */
export function configurationNote(configuration: Configuration | undefined): string {
  return configuration ? `Configuration: ${printable(fileText(fileOf(configuration)!))}\n` : '';
}

/** The values of `baselineOptions`. */
export interface BaselineChoice {
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
}

export function baselineOptions(): Option[] {
  return [
    new Option('--baseline <file>', 'a file of known findings, which are counted but don\'t fail the run').argParser(fileName),
    new Option('--write-baseline', 'write all findings to the baseline and pass'),
  ];
}

/**
 * The baseline of a run, read before anything is judged, so that its faults are reported at once.
 *
 * @throws SettingsError if the baseline is faulty
 * @throws CommanderError if one is to be written without a path
 */
export function usedBaseline(
  verb: Command, { baseline: path, writeBaseline: isWritten = false }: BaselineChoice,
): UsedBaseline | undefined {
  if (path !== undefined) {
    const { loadBaseline, loadBaselineIfThere } = modules();
    return { path, baseline: isWritten ? loadBaselineIfThere(path) : loadBaseline(path) };
  }
  if (isWritten) {
    verb.error('error: --write-baseline has no file to write; expected --baseline <file>, or baseline in the configuration file');
  }
  return undefined;
}

/**
 * Writes all findings of a report into the baseline. Refuses if something could not
 * be read: the entries of its objects, and their reasons, would be lost.
 *
 * @throws SettingsError if it can't be written
 */
export function rewritten(
  report: CheckReport & BrokenIn, { path, baseline }: UsedBaseline, failOn: FailWords, terminal: Terminal,
): UsedBaseline {
  if (report.reading.unreadable.length > 0) {
    terminal.error(`${printable(path)} is unchanged: something could not be read, and its entries would be lost.\n`);
    return { path, baseline };
  }
  const { baselineOf, callsIn, keysIn, keyText, writeBaseline } = modules();
  const undecided = failOn.includes('undecided') || baseline.undecided ? report.connections.undecided : undefined;
  const written = baselineOf(report.findings, { keyOf: keysIn(report), callsOf: callsIn(report) }, baseline, undecided);
  writeBaseline(written, path);
  const [before, after] = [baseline, written].map(({ entries }) => new Set(entries.map(keyText)));
  const added = [...after].filter((key) => !before.has(key)).length;
  const dropped = [...before].filter((key) => !after.has(key)).length;
  terminal.error(`${printable(path)}: ${after.size === 1 ? '1 entry' : `${numeral(after.size)} entries`} written, ${numeral(added)} new, `
    + `${numeral(dropped)} dropped.\n`);
  return { path, baseline: written };
}

/** Loaded late: most runs have no baseline. */
function modules() {
  return {
    ...late<typeof import('../../baseline/baseline')>(() => require('../../baseline/baseline')),
    ...late<typeof import('../../baseline/baseline-file')>(() => require('../../baseline/baseline-file')),
    ...late<typeof import('../../baseline/key')>(() => require('../../baseline/key')),
    ...late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report')),
  };
}
