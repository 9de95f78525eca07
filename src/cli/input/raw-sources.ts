import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Kustomizations } from './kustomizations';
import { Unreadable } from './read-text';
import { Position } from '../../manifests/source-text';

/** What a user must know of how the manifests were read: it is no finding, and changes what a report is worth. */
export interface Note {
  readonly about: 'namespace' | 'control plane' | 'chart' | 'kustomization' | 'submodule' | 'fact' | 'refused';
  readonly path?: string;
  readonly text: string;
}

/** What was found in a folder or by a pattern, and isn't checked. */
export interface Skipped {
  readonly file: string;
  /** Undefined: the file as a whole. */
  readonly position?: Position;
  readonly why: string;
}

/** Which of the files that were found are plain manifests, and how the others were handled. */
export interface RawSources {
  readonly manifests: readonly string[];
  readonly skipped: readonly Skipped[];
  /** What to render or build, and judge then. */
  readonly notes: readonly Note[];
  readonly problems: readonly Unreadable[];
}

/** Tells manifests from what Helm or kustomize makes them of. A file that is named itself is judged whatever it is. */
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

/** Why a file is no manifest as it stands, and what to do for what it is a part of. */
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

/** A folder as the user would write it who wrote the file so. */
function shownAs(folder: string, file: string): string {
  return isAbsolute(file) ? folder : relative(process.cwd(), folder) || '.';
}

/** As a shell reads it as one word. */
function word(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll('\'', '\'\\\'\'')}'`;
}

/** What a folder in a chart holds: nothing of it is an object before Helm has rendered the chart. */
const RENDERED = new Set(['templates', 'charts', 'files']);

/** What Helm installs as it stands. */
const AS_IS = 'crds';

/** Beside the templates: what Helm is told. */
const SETTINGS = /^(?:Chart|requirements|values.*)\.(?:ya?ml|json)$/;

/** What a file is to a chart. */
interface ChartFile {
  /** The folder of the chart; of a chart in another one, that of the outermost. */
  readonly chart: string;
  readonly isSetting: boolean;
}

/** Finds the charts of Helm that files belong to. Paths are absolute. */
class Charts {
  private readonly known = new Map<string, boolean>();

  /** Undefined: no file of a chart, or one that Helm installs as it stands. */
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
