import { Layout, Line } from './layout';
import { optionsText } from '../../analysis/would-decide';
import { changed, changeText, ObjectChange } from '../../findings/finding';
import { AwaitedFact } from '../awaited-facts';
import { ExplainedConnection } from '../explanation';
import { manifestTextOf } from '../manifest-text';

/** How to fix a connection, or what would decide it. */
export function adviceLines({ advice, waitsFor = [] }: ExplainedConnection, layout: Layout): string[] {
  const waits = layout.lines(waitsFor.map((fact, index): Line => [index === 0 ? 'waits for' : '', awaitedText(fact)]));
  if (!advice) return waits;
  const { rule, fix, mending } = advice;
  const told = rule ? [['check says', `${rule.code}: ${rule.title}`] as Line] : [];
  if (!mending) return [...layout.lines([...told, ...fix === undefined ? [] : [['fix', fix] as Line]])];
  const { change, outcome, code, spares } = mending;
  const yaml = change.manifest ? manifestTextOf(change.manifest) : fieldsText(change);
  const tried = `${changeText(change)}: then ${outcome}${spares ? ', and no other call gets worse' : ''}`;
  return [
    ...layout.lines([...told,
      ...fix === undefined || advice.isOfCheck() ? [['fix', tried] as Line] : [['fix', fix] as Line, ['tried', tried] as Line]]),
    ...yaml === undefined ? [] : ['', ...layout.block(yaml), ''],
    ...layout.lines([['', 'or in a cdk8s app:']]),
    '',
    ...layout.block(code),
  ];
}

/**
 * The changed fields as YAML to merge into the object; undefined if the change
 * only removes fields, or sets part of a list item that can't be shown alone.
 */
function fieldsText({ object: { apiVersion, kind, namespace, name }, fields = [] }: ObjectChange): string | undefined {
  const set = fields.filter(({ op }) => op === 'set');
  if (set.length === 0 || set.some(({ path }) => path.some((step) => typeof step === 'number'))) return undefined;
  return manifestTextOf(changed({ apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, name } }, set));
}

function awaitedText({ words, telling }: AwaitedFact): string {
  const what = words.replace(/^waits? for /, '');
  return telling ? `${what}; with ${optionsText(telling)} it is ${telling.outcome}` : what;
}
