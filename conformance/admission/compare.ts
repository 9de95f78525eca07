// Holds the library's verdict on one object against the cluster's.
import type { ClusterVerdict } from './cluster';
import { sameFields } from './fields';
import { refusalsOf, type Admit, type Refusal } from './library';
import type { WebhookFields } from './webhook-fields';
import type { FieldPath } from '../../src/findings/finding';

/** What differs, and both verdicts in words. */
export interface AdmissionDifference {
  readonly what: 'we refuse' | 'we admit' | 'other fields';
  readonly ours: string;
  readonly cluster: string;
}

/**
 * Undefined when the two agree.
 * @param webhookFields which fields the webhook means
 */
export async function difference(
  admit: Admit, object: unknown, verdict: ClusterVerdict, webhookFields: WebhookFields,
): Promise<AdmissionDifference | undefined> {
  const refusals = refusalsOf(admit, object);
  const { apiserver, webhook } = verdict;
  const refused = !apiserver.allowed || !webhook?.allowed;
  const said = (what: AdmissionDifference['what'], why?: string): AdmissionDifference => ({ what, ours: ourWords(refusals), cluster: clusterWords(verdict) + (why ? `; ${why}` : '') });
  if (refusals.length > 0 && !refused) return said('we refuse');
  if (refusals.length === 0 && refused) return said('we admit');
  if (!refused) return undefined;
  if (!apiserver.allowed) return sameFields(refusals, apiserver) ? undefined : said('other fields');
  const objection = await webhookFields.objection(verdict.admitted!, webhook!, unique(refusals.map(({ field }) => field)));
  return objection === undefined ? undefined : said('other fields', objection);
}

const unique = (fields: readonly FieldPath[]) => [...new Map(fields.map((field) => [JSON.stringify(field), field] as const)).values()];

function ourWords(refusals: readonly Refusal[]): string {
  return refusals.length === 0 ? 'admitted' : `refused: ${refusals.map(({ code, field }) => `${code} ${field.join('.')}`).join(', ')}`;
}

function clusterWords({ apiserver, webhook }: ClusterVerdict): string {
  if (!apiserver.allowed) return `refused by the API server: ${apiserver.message}`;
  return webhook?.allowed ? 'admitted' : `refused by istiod: ${webhook?.message || webhook?.panic}`;
}
