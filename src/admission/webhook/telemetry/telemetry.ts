import { celFault } from './cel-syntax';
import { AccessLogging, Metrics, TagOverride, TelemetrySpec, Tracing } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { Decoded } from '../decoded';
import { judgeTargetRefs, judgeWorkloadSelector } from '../values/selectors';

/** Rejects what istiod rejects in a Telemetry. */
export function judgeTelemetry(objections: Objections, { spec }: Decoded<TelemetrySpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeMetrics(at.at('metrics'), spec.metrics ?? []);
  judgeTracing(at.at('tracing'), spec.tracing ?? []);
  judgeAccessLogging(at.at('accessLogging'), spec.accessLogging ?? []);
}

/** Rejects tag overrides that set nothing, or set what they remove; warns of one without a name. */
function judgeMetrics(at: Objections, metrics: readonly Metrics[]): void {
  metrics.forEach(({ overrides = [] }, index) => overrides.forEach(({ tagOverrides = {} }, override) => {
    for (const [tag, change] of Object.entries(tagOverrides)) {
      judgeOverride(at.at(index, 'overrides', override, 'tagOverrides', tag), tag, change);
    }
  }));
}

function judgeOverride(at: Objections, tag: string, { operation = 'UPSERT', value }: TagOverride): void {
  if (tag === '') at.warning(text('an override under an empty name', 'the name of a tag', 'no tag has that name', 'name the tag'));
  if (operation === 'UPSERT' && !value) {
    at.at('value').error(text(value === '' ? 'empty' : 'missing', 'a value with operation UPSERT, which is the default',
      'the tag is set to it', 'write an expression such as \'request.host\', or operation: REMOVE'));
  }
  if (operation === 'REMOVE' && value) {
    at.at('value').error(text(`${shown(value)} with operation 'REMOVE'`, 'a value with operation UPSERT only',
      'a tag that is removed has none', 'remove the value, or write operation: UPSERT'));
  }
}

function text(actual: string, expected: string, because: string, fix: string) {
  return { code: 'ADMIT495', actual, expected, because, fix };
}

/** Warns of more than one tracing or provider, all but one of which are ignored; rejects a tag without a name. */
function judgeTracing(at: Objections, tracing: readonly Tracing[]): void {
  warnOfMany(at, tracing, 'tracing');
  tracing.forEach(({ providers = [], customTags = {} }, index) => {
    warnOfMany(at.at(index, 'providers'), providers, 'provider');
    if (Object.hasOwn(customTags, '')) objectToUnnamed(at.at(index, 'customTags', ''));
  });
}

function warnOfMany(at: Objections, entries: readonly unknown[], what: string): void {
  if (entries.length < 2) return;
  at.warning({
    code: 'ADMIT497',
    actual: `a list of ${entries.length}`,
    expected: `one ${what}`,
    because: 'Istio supports no more, and which one is used isn\'t promised',
    fix: 'remove all but one, or write a separate Telemetry for other workloads',
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

/** Rejects filters that aren't CEL. */
function judgeAccessLogging(at: Objections, logging: readonly AccessLogging[]): void {
  logging.forEach(({ filter }, index) => {
    if (!filter) return;
    const expression = filter.expression ?? '';
    const fault = celFault(expression);
    if (fault === undefined) return;
    at.at(index, 'filter', 'expression').error({
      code: 'ADMIT496',
      actual: expression === '' ? 'empty' : shown(expression),
      expected: 'an expression in CEL',
      because: fault,
      fix: 'write an expression such as \'response.code >= 400\', or remove the filter',
    });
  });
}
