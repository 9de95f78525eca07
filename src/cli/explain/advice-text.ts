import { Layout, Line } from './layout';
import { manifestTextOf } from '../../changes/manifest-text';
import { AwaitedFact } from '../../explain/awaited-facts';
import { ExplainedConnection } from '../../explain/explanation';
import { changeText } from '../../findings/finding';
import { optionsText } from '../options';

/** What to do about a connection, or what would decide it. */
export function adviceLines({ advice, waitsFor = [] }: ExplainedConnection, layout: Layout): string[] {
  const waits = layout.lines(waitsFor.map((fact, index): Line => [index === 0 ? 'waits for' : '', awaitedText(fact)]));
  if (!advice) return waits;
  const { rule, fix, mending } = advice;
  const told = rule ? [['check says', `${rule.code}: ${rule.title}`] as Line] : [];
  if (!mending) return [...layout.lines([...told, ...fix === undefined ? [] : [['fix', fix] as Line]])];
  const { change, outcome, code, spares } = mending;
  const yaml = manifestTextOf(mending.manifest);
  return [
    ...layout.lines([...told, ['fix', `${changeText(change)}: then ${outcome}${spares ? ', and no other call gets worse' : ''}`]]),
    ...yaml === undefined ? [] : ['', ...layout.block(yaml), ''],
    ...layout.lines([['', 'or in a cdk8s app:']]),
    '',
    ...layout.block(code),
  ];
}

function awaitedText({ words, telling }: AwaitedFact): string {
  const what = words.replace(/^waits? for /, '');
  return telling ? `${what}; with ${optionsText(telling)} it is ${telling.outcome}` : what;
}
