import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

type State = 'text' | 'name' | 'arguments' | 'separator' | 'quote' | 'argument' | 'closing' | 'end';

/** What comes after a character in each state; nothing where Envoy's parser refuses it. */
const NEXT: { readonly [state in State]: (character: string) => State | undefined } = {
  text: (character) => character === '%' ? 'name' : 'text',
  name: (character) => ({ '%': 'text', '(': 'arguments' } as const)[character] ?? 'name',
  arguments: (character) => character === '[' ? 'quote' : character === ' ' ? 'arguments' : 'argument',
  separator: (character) => ({ ',': 'quote', ']': 'closing', ' ': 'separator' } as const)[character],
  quote: (character) => ({ '"': 'argument', ' ': 'quote' } as const)[character],
  argument: (character) => ({ ')': 'end', '"': 'separator' } as const)[character] ?? 'argument',
  closing: (character) => ({ ')': 'end', ' ': 'closing' } as const)[character],
  end: (character) => ({ '%': 'text', ' ': 'end' } as const)[character],
};

/** Objects to a header's value with control characters, or with a `%` that neither is doubled nor encloses a variable. */
export function judgeHeaderValue(at: Objections, value: string): void {
  if (!hasControlCharacter(value) && isFormat(value)) return;
  at.error({
    code: 'ADMIT438',
    actual: shown(value),
    expected: 'text without control characters, variables such as %DOWNSTREAM_REMOTE_ADDRESS%, and \'%%\' for a \'%\'',
    because: 'Envoy reads what is between two \'%\' as a variable',
    fix: 'double each \'%\' that is meant literally',
  });
}

function hasControlCharacter(value: string): boolean {
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value);
}

function isFormat(value: string): boolean {
  let state: State | undefined = 'text';
  for (let index = 0; index < value.length && state; index += 1) {
    const rest = value.length - index;
    if (state === 'text' && value.startsWith('%%', index)) {
      index += 1;
    } else if (state === 'argument' && value[index] === '\\') {
      if (rest === 1) return false;
      index += 1;
    } else {
      state = NEXT[state](value[index]);
    }
  }
  return state === 'text';
}
