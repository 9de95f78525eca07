// Mistakes of the reader of YAML.
/* eslint-disable dot-notation -- so a private method has its name and type, too */
import type { List } from '../../../src/manifests/lists';
import { type Fault, faultsIn } from '../fault';

const isAscii = (code: number): boolean => code < 128;

export const READING_FAULTS: readonly Fault[] = [
  ...faultsIn('manifests/yaml/characters', {
    'a line ends at U+000A and U+000D only': (module) => {
      const { isBreak, isBreakOrEnd, isGap, Cursor: { prototype } } = module;
      module.isBreak = (code) => isAscii(code) && isBreak(code);
      module.isBreakOrEnd = (code) => isAscii(code) && isBreakOrEnd(code);
      module.isGap = (code) => isAscii(code) && isGap(code);
      const { skipLineRest, takeBreak } = prototype;
      prototype.skipLineRest = function () {
        for (skipLineRest.call(this); !isAscii(this.code()); skipLineRest.call(this)) this.at++;
      };
      prototype.takeBreak = function () {
        return isAscii(this.code()) ? takeBreak.call(this) : '';
      };
    },
  }),
  ...faultsIn('manifests/yaml/scalar', {
    'only true is true, as in YAML 1.2': (module) => {
      const { plainScalar, Scalar: { prototype } } = module;
      const isOther = (value: unknown, text: string): boolean => value === true && text.toLowerCase() !== 'true';
      module.plainScalar = (text) => {
        const value = plainScalar(text);
        return isOther(value, text) ? text : value;
      };
      const resolved = prototype['resolved'];
      prototype['resolved'] = function () {
        const found = resolved.call(this);
        return isOther(found.value, this['text']) ? { type: 'str', value: this['text'] } : found;
      };
    },
  }),
  ...faultsIn('manifests/yaml/values', {
    'of merged mappings the last wins': ({ Values: { prototype } }) => {
      const merge = prototype['merge'];
      prototype['merge'] = function (frame, value, at) {
        merge.call(this, frame, Array.isArray(value) ? [...value].reverse() : value, at);
      };
    },
  }),
  ...faultsIn('manifests/yaml/block-scalar', {
    'a block scalar that keeps its line ends keeps one': (module) => {
      const { BlockScalar } = module;
      module.BlockScalar = class extends BlockScalar {
        constructor(...of: ConstructorParameters<typeof BlockScalar>) {
          super(...of);
          if (this['chomping'] === '+'.charCodeAt(0)) this.value = this.value.slice(0, this.value.length - this['breaks'].length);
        }
      };
    },
  }),
  ...faultsIn('manifests/lists', {
    'the items of a List aren\'t objects of their own': (module) => {
      module.isList = (_value): _value is List => false;
    },
    'a List in a List is an object': (module) => {
      module.isNestedList = () => false;
    },
  }),
];
