import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { calendarDate, fileName } from './arguments';
import { Texts } from './texts';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION_NAME, findConfiguration } from '../configuration/discovery';
import { printable } from '../findings/safe-text';

/** What `configurationOptions` give. */
export interface ConfigurationChoice {
  /** false: none, whatever there is. */
  readonly config?: string | false;
}

/** What a command line and its configuration file say together. */
export interface Configured<T> {
  readonly paths: readonly string[];
  readonly options: T;
  readonly configuration?: Configuration;
}

export function configurationOptions(): Option[] {
  return [
    new Option('--config <file>', `the configuration file; unless told, ${CONFIGURATION_NAME} here or in the nearest folder above`).argParser(fileName),
    new Option('--no-config', 'read no configuration file'),
  ];
}

export function dateOption(): Option {
  return new Option('--date <YYYY-MM-DD>', 'the day on which acknowledgements are held to their last one; today unless told').argParser(calendarDate);
}

/** Facts add up: what the file says of a cluster is true of it whatever a run says besides. */
const LISTS: Readonly<Partial<Record<keyof Configuration, string>>> = {
  with: 'with',
  injectedNamespaces: 'injectedNamespace',
  partialNamespaces: 'partialNamespace',
  installedRevisions: 'installedRevision',
  meshConfigs: 'meshConfig',
  acknowledgements: 'acknowledge',
};

/** Choices: a run's takes the place of the file's. */
const CHOICES: Readonly<Partial<Record<keyof Configuration, string>>> = {
  namespace: 'namespace',
  istiodNamespace: 'istiodNamespace',
  rootNamespace: 'rootNamespace',
  trustDomain: 'trustDomain',
  clusterDomain: 'clusterDomain',
  istioVersion: 'istioVersion',
  failOn: 'failOn',
  baseline: 'baseline',
};

/**
 * The paths and options of a run of a verb, by its command line and the configuration file that counts.
 *
 * @throws SettingsError if there is such a file and it can't be read
 * @throws CommanderError if neither names a path
 */
export function configured<T extends object>(verb: Command, given: readonly string[], options: T & ConfigurationChoice): Configured<T> {
  const { config } = options;
  const file = config === false ? undefined : config ?? findConfiguration('.');
  const configuration = file === undefined ? undefined : loaded(file);
  const paths = given.length > 0 ? given : configuration?.paths ?? [];
  if (paths.length === 0) verb.error('error: missing required argument \'path\'');
  return { paths, options: configuration ? together(verb, options, configuration) : options, configuration };
}

/** Loaded when there is a file: most runs have none. */
function loaded(file: string): Configuration {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { loadConfiguration } = require('../configuration/configuration') as typeof import('../configuration/configuration');
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

/** What was read without the run's own files, where a folder or a pattern has brought them along. */
export function withoutFiles(texts: Texts, files: readonly (string | undefined)[]): Texts {
  const own = new Set(files.filter((file) => file !== undefined).map((file) => resolve(file)));
  return own.size === 0 ? texts : { ...texts, texts: texts.texts.filter(({ name, isNamed }) => isNamed || !own.has(resolve(name))) };
}

/** Names the configuration file where what is printed has no place for it. */
export function configurationNote(configuration: Configuration | undefined): string {
  return configuration ? `Configuration: ${printable(configuration.file)}\n` : '';
}
