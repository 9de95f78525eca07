import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** What a folder in a chart holds: nothing of it is an object before Helm has rendered the chart. */
const RENDERED = new Set(['templates', 'charts', 'files']);

/** What Helm installs as it stands. */
const AS_IS = 'crds';

/** Beside the templates: what Helm is told. */
const SETTINGS = /^(?:Chart|requirements|values.*)\.(?:ya?ml|json)$/;

/** What a file is to a chart. */
export interface ChartFile {
  /** The folder of the chart; of a chart in another one, that of the outermost. */
  readonly chart: string;
  readonly isSetting: boolean;
}

/** Finds the charts of Helm that files belong to. Paths are absolute. */
export class Charts {
  private readonly known = new Map<string, boolean>();

  /** Undefined: no file of a chart, or one that Helm installs as it stands. */
  public of(file: string): ChartFile | undefined {
    for (let folder = dirname(file), below = ''; below !== folder; below = folder, folder = dirname(folder)) {
      if (!this.isChart(folder)) continue;
      const [first, ...rest] = relative(folder, file).split(sep);
      if (first === AS_IS) return undefined;
      if (rest.length > 0 ? RENDERED.has(first) : SETTINGS.test(first)) return { chart: this.outermost(folder), isSetting: rest.length === 0 };
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
