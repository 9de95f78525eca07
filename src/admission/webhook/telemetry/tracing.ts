import { Objections } from '../objections';

/** Warns of more than one tracing or provider, of which all but one are ignored; objects to a tag without a name. */
export function judgeTracing(at: Objections, tracing: readonly any[]): void {
  warnOfMany(at, tracing, 'tracing');
  tracing.forEach(({ providers = [], customTags = {} }, index) => {
    warnOfMany(at.at(index, 'providers'), providers, 'provider');
    if (Object.hasOwn(customTags, '')) objectToUnnamed(at.at(index, 'customTags', ''));
  });
}

function warnOfMany(at: Objections, entries: readonly any[], what: string): void {
  if (entries.length < 2) return;
  at.warning({
    code: 'ADMIT497',
    actual: `a list of ${entries.length}`,
    expected: `one ${what}`,
    because: 'Istio supports no more, and which one is used isn\'t promised',
    fix: 'remove all but one, or write a Telemetry of its own for other workloads',
  });
}

function objectToUnnamed(at: Objections): void {
  at.error({
    code: 'ADMIT495',
    actual: 'a tag under an empty name',
    expected: 'a name for each tag',
    because: 'spans carry the tag by its name',
    fix: 'name the tag',
  });
}
