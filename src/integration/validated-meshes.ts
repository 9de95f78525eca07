import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AnalysisSettings, manifestFilesOf } from './analysis-modules';
import type { RefusalDetails } from '../findings/refusal';

/** A mesh that the plugin for cdk8s-cli judges by itself: all files of a synth, or those that a configuration file says. */
export interface ValidatedMesh {
  /** Undefined: the only one. */
  readonly name?: string;
  readonly settings: AnalysisSettings;
  readonly files: readonly string[];
}

/** A file of a synth, or a mesh, that isn't judged as it should be. */
interface UnjudgedPart {
  readonly details: RefusalDetails;
  readonly file: string;
}

/** The files of a synth by meshes. */
export interface ValidatedMeshes {
  readonly meshes: readonly ValidatedMesh[];
  /** Whether every mesh of the configuration file is judged. */
  readonly isEach: boolean;
  readonly refused: readonly UnjudgedPart[];
  readonly notes: readonly string[];
}

/** @param settings those of each mesh of a configuration file, or of the only one */
export function validatedMeshes(files: readonly string[], settings: readonly AnalysisSettings[]): ValidatedMeshes {
  const [first] = settings;
  if (!first.mesh) return { meshes: [{ settings: first, files }], isEach: true, refused: [], notes: [] };
  const byKey = new Map(files.map((file) => [keyOf(file), file]));
  const found = settings.map((one) => filesOfMesh(one, byKey));
  const named = new Set(found.flatMap((one) => one.files));
  const meshes = found.filter((one) => one.files.length > 0 && one.rendering.length === 0);
  return {
    meshes: meshes.map(({ mesh: { name }, settings: own, files: ofMesh }) => ({ name, settings: own, files: ofMesh })),
    isEach: meshes.length === settings.length,
    refused: [
      ...found.flatMap(({ rendering }) => rendering), ...meshes.flatMap(({ empty }) => empty),
      ...files.filter((file) => !named.has(file)).map((file) => inNoMesh(file, settings)),
    ],
    notes: found.flatMap(({ notes }) => notes),
  };
}

type MeshSources = NonNullable<AnalysisSettings['mesh']>;

interface FilesOfMesh {
  readonly settings: AnalysisSettings;
  readonly mesh: MeshSources;
  /** Those of the synth, and others that the mesh names one by one; none if the synth wrote none of the mesh. */
  readonly files: readonly string[];
  readonly rendering: readonly UnjudgedPart[];
  readonly empty: readonly UnjudgedPart[];
  readonly notes: readonly string[];
}

function filesOfMesh(settings: AnalysisSettings, ofSynth: ReadonlyMap<string, string>): FilesOfMesh {
  const mesh = settings.mesh!;
  const sources = mesh.paths.map((path) => ({ path, ...manifestFilesOf(path) }));
  const all = new Map(sources.flatMap((source) => source.files).map((file) => [keyOf(file), file]));
  const named = new Set(sources.filter(({ kind }) => kind === 'file').flatMap((source) => source.files).map(keyOf));
  const isOfSynth = [...all.keys()].some((key) => ofSynth.has(key));
  const unread = sources.filter((source) => source.files.length === 0 || source.unopened.length > 0);
  // Files of folders and patterns may be a renderer's input: only the command tells them apart.
  const isJudged = (key: string) => ofSynth.has(key) || (isOfSynth && named.has(key));
  const files = [...all].filter(([key]) => isJudged(key)).map(([key, file]) => ofSynth.get(key) ?? file);
  const others = [...all].filter(([key, file]) => !isJudged(key) && basename(file) !== METADATA).map(([, file]) => file);
  return {
    settings,
    mesh,
    files,
    rendering: mesh.rendered ? [renderedSources(mesh)] : [],
    empty: unread.map(({ path }) => withoutFiles(path, mesh)),
    notes: notesOn(mesh, files, others),
  };
}

/** The file of a synth in which cdk8s writes down the constructs of objects. */
const METADATA = 'construct-metadata.json';

function notesOn({ name, rendered }: MeshSources, files: readonly string[], others: readonly string[]): readonly string[] {
  if (rendered) return []; // refused
  if (files.length === 0) return [`mesh ${name} isn't judged: none of its files are of this synth`];
  if (others.length === 0) return [];
  const [first, ...more] = others;
  const which = more.length === 0 ? first : `${first} and ${more.length} more`;
  return [`mesh ${name} is judged without ${which}, which this synth didn't write: istio-mtls check --mesh ${name} reads all of its files`];
}

/** A path by which a file is found whatever it is called; links count as what they lead to. */
function keyOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file); // a link that leads nowhere
  }
}

function inNoMesh(file: string, settings: readonly AnalysisSettings[]): UnjudgedPart {
  const names = settings.map(({ mesh }) => mesh!.name);
  const { configFile } = settings[0].mesh!;
  const details = {
    code: 'API893',
    kind: file,
    field: 'the file',
    actual: 'in no mesh',
    expected: `a file of ${names.length === 1 ? names[0] : `one of the meshes ${names.join(', ')}`}`,
    because: `a file in none of the meshes of ${configFile} isn't judged`,
    fix: `add its path to the sources of the meshes that it belongs to in ${configFile}, relative to that file's folder`
      + '; synthesize without --stdout, which writes to another folder',
  };
  return { details, file };
}

function withoutFiles(path: string, { name, configFile }: MeshSources): UnjudgedPart {
  const details = {
    code: 'API893',
    kind: configFile,
    field: `meshes.${name}`,
    actual: `a mesh with the source ${path}, which holds no manifest, or none that can be read`,
    expected: 'sources that are there',
    because: 'a mesh that is judged in part could look sound',
    fix: 'correct the path',
  };
  return { details, file: configFile };
}

function renderedSources({ name, configFile, rendered = [] }: MeshSources): UnjudgedPart {
  const programs = [...new Set(rendered.map(({ program }) => program))].sort().join(' and ');
  const details = {
    code: 'API894',
    kind: configFile,
    field: `meshes.${name}`,
    actual: `a mesh with sources that ${programs} must render`,
    expected: 'a mesh whose sources are all paths',
    because: 'the plugin starts no programs, so it can\'t judge the mesh',
    fix: `run istio-mtls check --mesh ${name} --render after the synth, and let config name a file without this mesh`,
  };
  return { details, file: configFile };
}
