import { fileText } from './configuration-file';
import { Report, SaidByFile } from './report';
import type { Configuration } from '../../configuration/configuration';
import { MESH_FACT_FIELDS } from '../../configuration/mesh-facts';
import { numeral } from '../../findings/numeral';

export function saidBy(configuration: Configuration | undefined): SaidByFile | undefined {
  if (!configuration) return undefined;
  const facts = MESH_FACT_FIELDS.filter((field) => configuration[field] !== undefined)
    .map((field) => `${field} ${valueText(configuration[field])}`);
  return { file: configuration.file, mesh: configuration.mesh, facts };
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((item) => (typeof item === 'string' ? item : kindText(item))).join(' ');
  }
  return Object.entries(value).map(([name, text]) => `${name}=${String(text)}`).join(' ');
}

/** An item of `workloadKinds`. */
function kindText({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return `${kind}.${group}`;
}

/** `Configuration: istio-mtls.yaml, mesh prod; it states: with base`. */
export function configurationText({ file, mesh, facts }: SaidByFile): string {
  return `Configuration: ${fileText({ path: file, mesh })}${facts.length === 0 ? '' : `; it states: ${facts.join(', ')}`}`;
}

/** What the configuration file and baseline leave out of the report beyond its findings; empty if nothing. */
export function settingsTexts({ configured, acknowledged }: Pick<Report, 'configured' | 'acknowledged'>): string[] {
  if (!configured) return [];
  const { said, failOn, off, lowered = 0, baseline } = configured;
  const inFile = acknowledged.filter(({ saidIn }) => saidIn !== undefined).length;
  const silenced = [...off > 0 ? [`turns off ${findings(off)}`] : [], ...lowered > 0 ? [`lowers ${findings(lowered)}`] : [],
    ...inFile > 0 ? [`acknowledges ${findings(inFile)}`] : []];
  return [
    ...said ? [[configurationText(said), ...failOn ? [`failOn ${failOn.join(',')}`] : [],
      ...silenced.length > 0 ? [`it ${silenced.join(', ')}`] : []].join('; ')] : [],
    ...baseline ? [`Baseline: ${baseline.path}, which excludes ${findings(baseline.held.size)}`] : [],
  ];
}

function findings(count: number): string {
  return `${numeral(count)} finding${count === 1 ? '' : 's'}`;
}
