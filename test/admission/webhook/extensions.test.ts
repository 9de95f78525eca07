import { toldOf } from '../../support/admission/webhook';

const plugin = (rest: object) => toldOf('WasmPlugin', { url: 'oci://a', ...rest });
const accents = (count: number) => 'é'.repeat(count);

// The CRD counts characters, istiod bytes; the CRD's rule on URLs reads no fragment.
test.each([
  ['a fragment', { url: 'http://a/#%41' }, []],
  ['an unreadable fragment', { url: 'http://a/?b#%zz' }, ['ADMIT498 spec.url']],
  ['a long secret', { imagePullSecret: accents(127) }, ['ADMIT498 spec.imagePullSecret']],
  ['a secret as long as may be', { imagePullSecret: `${accents(126)}a` }, []],
  ['a long name', { pluginName: accents(129) }, ['ADMIT498 spec.pluginName']],
  ['a name as long as may be', { pluginName: accents(128) }, []],
  ['a long variable', { vmConfig: { env: [{ name: 'a' }, { name: accents(129) }] } }, ['ADMIT498 spec.vmConfig.env[1].name']],
])('judges a WasmPlugin with %s', (_, rest, expected) => {
  expect(plugin(rest)).toEqual(expected);
});

test.each([
  ['Lua', { lua: { inlineCode: accents(32768) } }, []],
  ['long Lua', { lua: { inlineCode: `${accents(32768)}a` } }, ['ADMIT498 spec.lua.inlineCode']],
  ['a module', { wasm: { url: 'oci://a' } }, []],
  ['a module of an unreadable fragment', { wasm: { url: 'a#%' } }, ['ADMIT498 spec.wasm.url']],
  ['a module of a long name', { wasm: { url: 'a', pluginName: accents(129) } }, ['ADMIT498 spec.wasm.pluginName']],
])('judges a TrafficExtension with %s', (_, spec, expected) => {
  expect(toldOf('TrafficExtension', spec)).toEqual(expected);
});
