import { toldOf } from '../../support/admission/webhook';

const plugin = (rest: object) => toldOf('WasmPlugin', { url: 'oci://a', ...rest });
const accents = (count: number) => 'é'.repeat(count);

// The CRD counts characters, istiod bytes; the CRD's rule on URLs reads no fragment.
test.each([
  ['a fragment in its URL', { url: 'http://a/#%41' }, []],
  ['an unreadable fragment in its URL', { url: 'http://a/?b#%zz' }, ['ADMIT498 spec.url']],
  ['a pull secret that is too long', { imagePullSecret: accents(127) }, ['ADMIT498 spec.imagePullSecret']],
  ['a pull secret of the greatest length', { imagePullSecret: `${accents(126)}a` }, []],
  ['a plugin name that is too long', { pluginName: accents(129) }, ['ADMIT498 spec.pluginName']],
  ['a plugin name of the greatest length', { pluginName: accents(128) }, []],
  ['an environment variable that is too long', { vmConfig: { env: [{ name: 'a' }, { name: accents(129) }] } }, ['ADMIT498 spec.vmConfig.env[1].name']],
])('checks a WasmPlugin with %s', (_, rest, expected) => {
  expect(plugin(rest)).toEqual(expected);
});

test.each([
  ['a Lua filter', { lua: { inlineCode: accents(32768) } }, []],
  ['a Lua filter that is too long', { lua: { inlineCode: `${accents(32768)}a` } }, ['ADMIT498 spec.lua.inlineCode']],
  ['a Wasm module', { wasm: { url: 'oci://a' } }, []],
  ['a Wasm module with an unreadable fragment in its URL', { wasm: { url: 'a#%' } }, ['ADMIT498 spec.wasm.url']],
  ['a Wasm module whose name is too long', { wasm: { url: 'a', pluginName: accents(129) } }, ['ADMIT498 spec.wasm.pluginName']],
])('checks a TrafficExtension with %s', (_, spec, expected) => {
  expect(toldOf('TrafficExtension', spec)).toEqual(expected);
});
