// What `check` prints of a folder or a text, line by line, and whether a reader needs it.
import { jsonOf } from './command';
import type { Checked } from './corpus';

/** A finding, or what could not be read. */
export interface Line {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info' | 'unreadable';
  /** What it is about, without where the folder lies. */
  readonly about: string;
  readonly actual: string;
  /** How many findings it is told in place of. */
  readonly alike: number;
  /** Whether it holds only if namespaces that aren't in the manifests have sidecars, or have none. */
  readonly isConditional: boolean;
  /** Whether it is about a Service with a name that no API server accepts, such as REPLACEME: it is replaced before it is applied. */
  readonly isPlaceholder: boolean;
}

export function linesOf(checked: Pick<Checked, 'folder' | 'text'>, program: string): Line[] {
  return linesIn(jsonOf('check', checked, program), checked.folder);
}

/** @param report what `check -o json` prints */
export function linesIn({ findings, unreadable }: any, folder: string | undefined): Line[] {
  const within = (path = '') => (folder === undefined ? path : path.replace(`${folder}/`, ''));
  return [
    ...findings.map((finding: any) => {
      const { code, severity, actual, object, field, file, alike = 1 } = finding;
      const about = `${object.kind} ${object.namespace ?? ''}/${object.name ?? ''} ${field} ${within(file)}`;
      const isPlaceholder = object.kind === 'Service' && /[^a-z0-9-]/.test(object.name ?? '');
      return { code, severity, actual: actual.replaceAll(`${folder}`, '.'), alike, about, isConditional: finding.if !== undefined, isPlaceholder };
    }),
    ...unreadable.map(({ code, file, actual }: any) =>
      ({ code, severity: 'unreadable', actual, alike: 1, about: within(file), isConditional: false, isPlaceholder: false })),
  ];
}

/**
 * True, and yet nothing for which anybody changes a manifest, a command line or what they rely on: by code and severity, with the
 * reason. What isn't here is useful: rejections, failing calls, settings without effect, files that aren't judged for a mistake in them.
 */
const NOISE: Readonly<Record<string, string>> = {
  'ADMIT108 info': 'an old API version works as long as the API server serves it',
  'ADMIT109 info': 'whoever has an IstioOperator knows that istioctl reads it',
  'ADMIT158 unreadable': 'whoever wrote a template knows that it is one',
  'ADMIT468 info': 'denies too much on TCP ports, never too little',
  'ADMIT478 info': 'a reminder of upgrades',
  'MTLS103 info': 'most workloads without a sidecar never call the STRICT servers',
  'MTLS204 info': 'the pods are most likely in other manifests',
  'MTLS301 info': 'the Service is most likely in other manifests',
  'MTLS310 info': 'the workload is most likely yet to be added',
  'MTLS315 info': 'the routes are most likely yet to be added',
  'MTLS504 info': 'the account is most likely in other manifests',
  'MTLS603 info': 'scaled to zero by intention',
};

/**
 * One object that is there twice is, in these repositories, a case of a test; one line for many objects says that the results are a
 * mixture, and how to check a part.
 */
export function isNoise({ code, severity, alike, isPlaceholder }: Line): boolean {
  if (isPlaceholder) return true;
  if (code === 'MTLS601') return alike === 1;
  return Object.hasOwn(NOISE, `${code} ${severity}`);
}
