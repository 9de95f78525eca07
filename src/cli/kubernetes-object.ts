import { usualApiVersion } from '../manifests/kinds';

/** A kind at the beginning of a line, where a document says what it is. */
const KIND = /^["']?kind["']?[ \t]*:[ \t]*["']?(\w+)/gm;

/**
 * Why a document of a folder isn't meant for an API server: values of a chart, settings of tools. Undefined: it claims
 * to be an object, be it half of one, and is judged.
 */
export function whyNoObject({ apiVersion, kind, metadata, spec }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isGiven(apiVersion) && !isGiven(kind)) return 'neither apiVersion nor kind';
  if (!isGiven(apiVersion)) return usualApiVersion(kind) === undefined ? 'a kind without apiVersion that neither Kubernetes nor Istio nor the Gateway API has' : undefined;
  if (!isGiven(kind)) return isGiven(metadata) || isGiven(spec) ? undefined : 'an apiVersion without kind, metadata and spec';
  return String(apiVersion).startsWith('kustomize.config.k8s.io/') ? 'what kustomize reads' : undefined;
}

/** Whether a text that can't be parsed may be a manifest all the same. */
export function mayBeManifest(text: string): boolean {
  if (/\bapiVersion["']?\s*:/.test(text)) return true;
  return [...text.matchAll(KIND)].some(([, kind]) => kind === 'List' || usualApiVersion(kind) !== undefined);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
