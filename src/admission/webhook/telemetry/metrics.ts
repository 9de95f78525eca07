import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to overrides of tags that set nothing, or set what they remove; warns of one without a name. */
export function judgeMetrics(at: Objections, metrics: readonly any[]): void {
  metrics.forEach(({ overrides = [] }, index) => overrides.forEach(({ tagOverrides = {} }: any, override: number) => {
    for (const [tag, change] of Object.entries(tagOverrides)) judgeOverride(at.at(index, 'overrides', override, 'tagOverrides', tag), tag, change);
  }));
}

function judgeOverride(at: Objections, tag: string, { operation = 'UPSERT', value }: any): void {
  if (tag === '') at.warning(text('an override under an empty name', 'the name of a tag', 'no tag has that name', 'name the tag'));
  if (operation === 'UPSERT' && !value) {
    at.at('value').error(text(value === '' ? 'empty' : 'missing', 'a value with operation UPSERT, which is the default', 'the tag is set to it', 'write an expression such as \'request.host\', or operation: REMOVE'));
  }
  if (operation === 'REMOVE' && value) {
    at.at('value').error(text(`${shown(value)} with operation 'REMOVE'`, 'a value with operation UPSERT only', 'a tag that is removed has none', 'remove the value, or write operation: UPSERT'));
  }
}

function text(actual: string, expected: string, because: string, fix: string) {
  return { code: 'ADMIT495', actual, expected, because, fix };
}
