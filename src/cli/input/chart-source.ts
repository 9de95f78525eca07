import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isInside, realPath } from './inside';
import type { HelmSource } from '../../configuration/rendered-source';

/** Why a source isn't rendered, and what to do. */
export interface SourceFault {
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
}

/** The most files of a chart. */
const MOST_FILES = 20_000;

/**
 * Why helm doesn't render a chart: it isn't a folder of the repository, or a link in it leads out, since a template can print any file
 * of the chart.
 *
 * @param within the folder that holds the repository
 */
export function chartFault({ folder, values }: HelmSource, within: string): SourceFault | undefined {
  const real = realPath(folder);
  if (real === undefined || !isInside(real, within) || !isFile(join(real, 'Chart.yaml'))) {
    return {
      actual: 'not a chart in a folder of the repository',
      expected: 'a folder with a Chart.yaml',
      because: 'helm would fetch any other chart, or read files of yours',
      fix: 'copy the chart into the repository',
    };
  }
  for (const file of values) {
    const path = realPath(file);
    if (path !== undefined && isInside(path, within) && isFile(path) && !file.includes(',')) continue;
    return {
      actual: `given values from ${file}`,
      expected: 'files of the repository without commas in their paths',
      because: 'helm takes others for addresses or lists',
      fix: 'correct the path',
    };
  }
  return linkFault(real);
}

/** The arguments of helm. Values are absolute: helm takes a relative one such as `https:/a` for an address. */
export function chartArguments({ folder, values, namespace, release }: HelmSource): readonly string[] {
  return [
    'template', '--namespace', namespace, '--include-crds',
    // A schema of values may refer to another one on the Internet, which helm would fetch.
    '--skip-schema-validation',
    ...values.flatMap((file) => ['--values', resolve(file)]), '--', release, resolve(folder),
  ];
}

function linkFault(chart: string): SourceFault | undefined {
  const folders = [chart];
  let files = 0;
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const status = lstatSync(path);
      const real = status.isSymbolicLink() ? realPath(path) : path;
      if (real === undefined || !isInside(real, chart)) {
        return {
          actual: `a chart with the link ${path}`,
          expected: 'no links that lead out of the chart, or nowhere',
          because: 'a template can print any file of the chart',
          fix: 'replace it by the file',
        };
      }
      if (++files > MOST_FILES) {
        const actual = `a chart of more than ${MOST_FILES.toLocaleString('en')} files`;
        return { actual, expected: 'fewer', fix: 'name the folder of the chart' };
      }
      if (status.isDirectory()) folders.push(path);
    }
  }
  return undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
