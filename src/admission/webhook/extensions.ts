import { Decoded } from './decoded';
import { TrafficExtensionSpec, WasmConfig, WasmPluginSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { hasReadableFragment } from './values/addresses';
import { judgeTargetRefs, judgeWorkloadSelector } from './values/selectors';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in a WasmPlugin. */
export function judgeWasmPlugin(objections: Objections, { spec }: Decoded<WasmPluginSpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeWasm(at, spec);
}

const LONGEST_CODE = 65536;

/** Rejects what istiod rejects in a TrafficExtension. */
export function judgeTrafficExtension(objections: Objections, { spec }: Decoded<TrafficExtensionSpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  if (spec.wasm) judgeWasm(at.at('wasm'), spec.wasm);
  judgeSize(at.at('lua', 'inlineCode'), spec.lua?.inlineCode, LONGEST_CODE);
}

const LONGEST_SECRET = 253;
const LONGEST_NAME = 256;

/** Rejects what the CRD's rules accept: they count characters where istiod counts bytes, and don't read a URL's fragment. */
function judgeWasm(at: Objections, wasm: WasmConfig): void {
  if (!hasReadableFragment(wasm.url ?? '')) {
    at.at('url').error({
      code: 'ADMIT498',
      actual: shown(wasm.url),
      expected: 'two hexadecimal digits after each \'%\' in the part after \'#\'',
      because: 'the module can\'t be fetched from a URL that can\'t be parsed',
      fix: 'remove the part after \'#\', which is never sent',
    });
  }
  judgeSize(at.at('imagePullSecret'), wasm.imagePullSecret, LONGEST_SECRET);
  judgeSize(at.at('pluginName'), wasm.pluginName, LONGEST_NAME);
  (wasm.vmConfig?.env ?? []).forEach(({ name }, index) => judgeSize(at.at('vmConfig', 'env', index, 'name'), name, LONGEST_NAME));
}

/** Rejects a string of too many UTF-8 bytes; a missing one passes. */
function judgeSize(at: Objections, text: string | undefined, longest: number): void {
  const size = Buffer.byteLength(text ?? '');
  if (size <= longest) return;
  at.error({
    code: 'ADMIT498',
    actual: `a text of ${size} bytes`,
    expected: `at most ${longest} bytes in UTF-8`,
    because: 'istiod counts bytes, and non-ASCII characters take two to four',
    fix: 'shorten the text',
  });
}
