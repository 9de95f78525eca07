import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFile, mayBeRead, realPath } from './inside';
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

/** The most files of values. */
const MOST_VALUES = 100;

/** Istio's APIs, which a chart may ask for before it writes their objects. */
const API_VERSIONS: readonly string[] = [
  ...kindsOf('networking.istio.io', ['v1', 'v1beta1', 'v1alpha3'], [
    'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry', 'WorkloadGroup',
  ]),
  ...kindsOf('networking.istio.io', ['v1alpha3'], ['EnvoyFilter']),
  ...kindsOf('networking.istio.io', ['v1beta1'], ['ProxyConfig']),
  ...kindsOf('security.istio.io', ['v1', 'v1beta1'], ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']),
  ...kindsOf('telemetry.istio.io', ['v1', 'v1alpha1'], ['Telemetry']),
  ...kindsOf('extensions.istio.io', ['v1alpha1'], ['WasmPlugin']),
];

function kindsOf(group: string, versions: readonly string[], kinds: readonly string[]): readonly string[] {
  return versions.flatMap((version) => [`${group}/${version}`, ...kinds.map((kind) => `${group}/${version}/${kind}`)]);
}

/** What helm reads otherwise than it is written: it trims paths, and takes values for records of comma-separated values. */
function isPlainPath(path: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f,"]/.test(path) && path === path.trim();
}

/**
 * Why helm doesn't render a chart: it isn't a folder of the repository, or a link in it leads out, since a template can print any file
 * of the chart.
 *
 * @param within the folder that holds the repository
 */
export function chartFault({ folder, values }: HelmSource, within: string): SourceFault | undefined {
  const real = realPath(folder);
  const isChart = real !== undefined && mayBeRead(real, within) && isPlainPath(real) && isFile(join(real, 'Chart.yaml'));
  if (!isChart) {
    return {
      actual: 'not a chart in a folder of the repository',
      expected: 'a folder with a Chart.yaml, without commas, quotes or space around its path',
      because: 'helm would fetch any other chart, or read files of yours',
      fix: 'copy the chart into the repository',
    };
  }
  if (values.length > MOST_VALUES) {
    return { actual: `given ${values.length} files of values`, expected: `at most ${MOST_VALUES}`, fix: 'merge them' };
  }
  for (const file of values) {
    const path = realPath(file);
    if (path !== undefined && mayBeRead(path, within) && isFile(path) && isPlainPath(path)) continue;
    return {
      actual: `given values from ${file}`,
      expected: 'files of the repository without commas, quotes or space around their paths',
      because: 'helm takes others for addresses or lists',
      fix: 'correct the path',
    };
  }
  return linkFault(real);
}

/**
 * The arguments of helm. Paths are those that were checked, without links, and absolute: helm takes relative values such as `https:/a`
 * for an address.
 */
export function chartArguments({ folder, values, namespace, release }: HelmSource): readonly string[] {
  return [
    'template', '--namespace', namespace, '--include-crds',
    // A schema of values may refer to another one on the Internet, which helm would fetch.
    '--skip-schema-validation',
    '--api-versions', [...new Set(API_VERSIONS)].join(','),
    ...values.flatMap((file) => ['--values', realPath(file) ?? resolve(file)]), '--', release, realPath(folder) ?? resolve(folder),
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
      if (real === undefined || !mayBeRead(real, chart) || (status.isSymbolicLink() && !isFile(real))) {
        return {
          actual: `a chart with ${status.isSymbolicLink() ? 'the link ' : ''}${path}`,
          expected: 'no links but those to files of the chart, and no .git',
          because: 'a template can print any file of the chart',
          fix: status.isSymbolicLink() ? 'replace it by the file' : 'name the folder of the chart',
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
