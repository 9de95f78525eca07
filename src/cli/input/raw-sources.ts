import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Kustomizations } from './kustomizations';
import { Unreadable } from './read-text';
import { Position } from '../../manifests/source-text';

/** A note for the user on how the manifests were read: not a finding, but it limits what the report covers. */
export interface Note {
  readonly about:
    'namespace' | 'control plane' | 'calls' | 'chart' | 'kustomization' | 'submodule' | 'fact' | 'refused' | 'rendered';
  readonly path?: string;
  readonly text: string;
}

/** A document or file of a folder or pattern that isn't checked. */
export interface Skipped {
  readonly file: string;
  /** Undefined for the whole file. */
  readonly position?: Position;
  readonly why: string;
}

/** The files that are plain manifests, and how the others are handled. */
export interface RawSources {
  readonly manifests: readonly string[];
  readonly skipped: readonly Skipped[];
  /** What to render or build before checking. */
  readonly notes: readonly Note[];
  readonly problems: readonly Unreadable[];
}

/** Separates manifests from the sources of Helm and kustomize. A file that the command line names itself is always judged. */
export function rawSourcesOf(files: readonly string[]): RawSources {
  const charts = new Charts();
  const kustomizations = new Kustomizations(files.map((file) => resolve(file)));
  const skipped: Skipped[] = [];
  const notes = new Map<string, Note>();
  for (const file of files) {
    const raw = ofChart(file, charts) ?? ofKustomization(file, kustomizations);
    if (raw) skipped.push({ file, why: raw.why });
    for (const note of raw?.notes ?? []) notes.set(note.text, note);
  }
  const isSkipped = new Set(skipped.map(({ file }) => file));
  return {
    manifests: files.filter((file) => !isSkipped.has(file)), skipped, notes: [...notes.values()], problems: kustomizations.problems,
  };
}

/** Why a file isn't a manifest, and what to do with the chart or kustomization that it belongs to. */
interface RawFile {
  readonly why: string;
  readonly notes: readonly Note[];
}

function ofChart(file: string, charts: Charts): RawFile | undefined {
  const found = charts.of(resolve(file));
  if (!found) return undefined;
  const chart = shownAs(found.chart, file);
  if (found.isSetting) return { why: `a setting of chart ${chart}`, notes: [] };
  return { why: `a part of chart ${chart}, which isn't rendered`, notes: [chartNote(chart)] };
}

function ofKustomization(file: string, kustomizations: Kustomizations): RawFile | undefined {
  const found = kustomizations.of(resolve(file));
  return found && {
    why: WHY[found.why](shownAs(found.by, file)), notes: found.roots.map((root) => kustomizationNote(shownAs(root, file))),
  };
}

const WHY = {
  kustomization: () => 'an input of kustomize',
  input: (folder: string) => `an input of kustomization ${folder}, not an object of its own`,
  patch: (folder: string) => `named as a patch of kustomization ${folder}, which doesn't list it`,
  resource: (folder: string) => `a resource of kustomization ${folder}, which isn't built`,
};

function chartNote(chart: string): Note {
  return {
    about: 'chart',
    path: chart,
    text: `${chart} is a chart, and its templates are left out: helm template ${word(chart)} -n NAMESPACE | `
      + 'istio-mtls check -n NAMESPACE -',
  };
}

function kustomizationNote(folder: string): Note {
  return {
    about: 'kustomization',
    path: folder,
    text: `${folder} is a kustomization, and its output isn't checked: kustomize build ${word(folder)} | istio-mtls check -`,
  };
}

/** A folder in the style in which the user wrote the file's path. */
function shownAs(folder: string, file: string): string {
  return isAbsolute(file) ? folder : relative(process.cwd(), folder) || '.';
}

/** Quoted so that a shell reads it as one word. */
function word(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll('\'', '\'\\\'\'')}'`;
}

/** Folders of a chart whose files aren't objects before Helm renders them. */
const RENDERED = new Set(['templates', 'charts', 'files']);

/** The folder whose files Helm installs unchanged. */
const AS_IS = 'crds';

/** Files beside the templates that hold a chart's settings. */
const SETTINGS = /^(?:Chart|requirements|values.*)\.(?:ya?ml|json)$/;

/** A file's role in a chart. */
interface ChartFile {
  /** The folder of the chart; for a subchart, that of the outermost chart. */
  readonly chart: string;
  readonly isSetting: boolean;
}

/** Finds the charts of Helm that files belong to. Paths are absolute. */
class Charts {
  private readonly known = new Map<string, boolean>();

  /** Undefined if the file belongs to no chart, or if Helm installs it unchanged. */
  public of(file: string): ChartFile | undefined {
    for (let folder = dirname(file), below = ''; below !== folder; below = folder, folder = dirname(folder)) {
      if (!this.isChart(folder)) continue;
      const [first, ...rest] = relative(folder, file).split(sep);
      if (first === AS_IS) return undefined;
      if (rest.length > 0 ? RENDERED.has(first) : SETTINGS.test(first)) {
        return { chart: this.outermost(folder), isSetting: rest.length === 0 };
      }
    }
    return undefined;
  }

  private outermost(chart: string): string {
    const charts = dirname(chart);
    return basename(charts) === 'charts' && this.isChart(dirname(charts)) ? this.outermost(dirname(charts)) : chart;
  }

  private isChart(folder: string): boolean {
    let known = this.known.get(folder);
    if (known === undefined) this.known.set(folder, known = existsSync(join(folder, 'Chart.yaml')));
    return known;
  }
}
