import { MESH_FACT_FIELDS, ConfiguredFacts, PATH, readMeshFacts } from './mesh-facts';
import { MeshSources, readSources } from './rendered-source';
import { Faults, SettingsFields } from './settings-file';
import { isMapping } from '../manifests/mapping';

/** A mesh of a configuration file: its manifests, and what differs from the facts that the file states for all. */
export interface MeshSettings extends ConfiguredFacts, MeshSources {
  /** The mesh's own: a baseline of several would lose entries. */
  readonly baseline?: string;
}

/** The meshes of a configuration file, by name. */
export type NamedMeshes = ReadonlyMap<string, MeshSettings>;

const MESH_FIELDS = ['sources', ...MESH_FACT_FIELDS, 'baseline'];

const NAME = /^[a-z0-9](?:[-._a-z0-9]{0,61}[a-z0-9])?$/i;

/**
 * Reads `meshes`: by name a list of paths, or a mapping with `sources`.
 *
 * @param here makes a path of the file relative to the working directory
 */
export function readMeshes(fields: SettingsFields, faults: Faults, here: (path: string) => string): NamedMeshes | undefined {
  const meshes = fields.mapping('meshes');
  if (!meshes) return undefined;
  const read = new Map<string, MeshSettings>();
  if (meshes.names.length === 0) {
    const fix = 'write "NAME: [PATH]", or delete it';
    faults.fault(meshes.path, { code: 'API092', actual: 'an empty mapping', expected: 'at least one mesh', fix });
  }
  for (const name of meshes.names) {
    if (!NAME.test(name)) {
      const expected = 'at most 63 letters, digits, \'-\', \'_\' and \'.\', the first and last no sign';
      faults.fault([...meshes.path, name], { code: 'API092', actual: 'not the name of a mesh', expected, fix: 'rename it' });
      continue;
    }
    read.set(name, readMesh(meshes, name, faults, here));
  }
  return read;
}

function readMesh(meshes: SettingsFields, name: string, faults: Faults, here: (path: string) => string): MeshSettings {
  const value = meshes.value(name);
  if (!isMapping(value)) return sourcesIn(meshes, name, faults, here);
  const fields = new SettingsFields(faults, value, [...meshes.path, name], MESH_FIELDS);
  const baseline = fields.text('baseline', PATH);
  return {
    ...readMeshFacts(fields, faults, here),
    ...sourcesIn(fields, 'sources', faults, here),
    baseline: baseline === undefined ? undefined : here(baseline),
  };
}

function sourcesIn(fields: SettingsFields, name: string, faults: Faults, here: (path: string) => string): MeshSources {
  const list = fields.value(name);
  const sources = readSources(fields, name, faults, here);
  const isMissing = list === undefined;
  if (isMissing || (Array.isArray(list) && list.length === 0)) {
    faults.fault([...fields.path, name], {
      code: 'API092', actual: isMissing ? 'missing' : 'an empty list', expected: 'at least one path', fix: 'write "- PATH"',
    });
  }
  return sources;
}

/** What a configuration states for one of its meshes: the mesh's own facts replace those of the file. */
export function settingsOfMesh<C extends { readonly meshes?: NamedMeshes }>(
  configuration: C, mesh: string,
): C & MeshSettings & { readonly mesh: string } {
  const { baseline, ...settings } = configuration.meshes!.get(mesh)!;
  const stated = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return { ...configuration, ...stated as Omit<MeshSettings, 'baseline'>, baseline, mesh };
}

