// Holds the library's verdict on one object against the cluster's.
import { sameFields } from './fields.mjs';
import { refusalsOf } from './library.mjs';

/**
 * Undefined when the two agree; else what differs, and both verdicts in words: `{ what, ours, cluster }`.
 * `what` is one of 'we refuse', 'we admit', 'other fields'.
 * @param webhookFields which fields the webhook means; without it that isn't compared
 */
export async function difference(admit, object, verdict, webhookFields) {
  const refusals = refusalsOf(admit, object);
  const { apiserver, webhook } = verdict;
  const refused = !apiserver.allowed || !webhook.allowed;
  const said = (what, why) => ({ what, ours: ourWords(refusals), cluster: clusterWords(verdict) + (why ? `; ${why}` : '') });
  if (refusals.length > 0 && !refused) return said('we refuse');
  if (refusals.length === 0 && refused) return said('we admit');
  if (!refused) return undefined;
  if (!apiserver.allowed) return sameFields(refusals, apiserver) ? undefined : said('other fields');
  const objection = await webhookFields?.objection(verdict.admitted, webhook, unique(refusals.map(({ field }) => field)));
  return objection && said('other fields', objection);
}

const unique = (fields) => [...new Map(fields.map((field) => [JSON.stringify(field), field])).values()];

function ourWords(refusals) {
  return refusals.length === 0 ? 'admitted' : `refused: ${refusals.map(({ code, field }) => `${code} ${field.join('.')}`).join(', ')}`;
}

function clusterWords({ apiserver, webhook }) {
  if (!apiserver.allowed) return `refused by the API server: ${apiserver.message}`;
  return webhook.allowed ? 'admitted' : `refused by istiod: ${webhook.message || webhook.panic}`;
}
