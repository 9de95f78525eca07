import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { hasReadableFragment } from '../values/url';

const LONGEST_SECRET = 253;
const LONGEST_NAME = 256;

/** Objects to what the CRD's rules let pass: they count characters, istiod counts bytes, and they don't read a URL's fragment. */
export function judgeWasm(at: Objections, wasm: any): void {
  if (!hasReadableFragment(wasm.url ?? '')) {
    at.at('url').error({
      code: 'ADMIT498',
      actual: shown(wasm.url),
      expected: 'two hexadecimal digits after each \'%\' in the part after \'#\'',
      because: 'the module can\'t be fetched from an unreadable URL',
      fix: 'leave out the part after \'#\', which is never sent',
    });
  }
  judgeSize(at.at('imagePullSecret'), wasm.imagePullSecret, LONGEST_SECRET);
  judgeSize(at.at('pluginName'), wasm.pluginName, LONGEST_NAME);
  (wasm.vmConfig?.env ?? []).forEach(({ name }: any, index: number) => judgeSize(at.at('vmConfig', 'env', index, 'name'), name, LONGEST_NAME));
}

/** Objects to a text of too many bytes in UTF-8; nothing for a missing one. */
export function judgeSize(at: Objections, text: string | undefined, longest: number): void {
  const size = Buffer.byteLength(text ?? '');
  if (size <= longest) return;
  at.error({
    code: 'ADMIT498',
    actual: `a text of ${size} bytes`,
    expected: `at most ${longest} bytes in UTF-8`,
    because: 'istiod counts bytes, and letters beyond ASCII take two to four',
    fix: 'shorten the text',
  });
}
